// SPDX-License-Identifier: MIT
// mapput: writing the strings of a record, for maprow.c and mapfield.c.
#ifndef GZ_INGEST_MAPPUT_H
#define GZ_INGEST_MAPPUT_H

#include <string.h>

#include "ingest/copy.h"
#include "ingest/mapstep.h"

// A string that needs an escape somewhere, behind a prefix that is written already.
void gz_map_put_escaped(struct gz_buf *b, struct gz_str s);

// With what identifies a person masked.
void gz_map_put_masked(struct gz_buf *b, struct gz_str prefix, struct gz_str s,
                       enum gz_privacy level);

// A prefix, which has 15 more readable bytes behind it (see key_prefix() in mapping.c),
// so that it is copied in whole blocks. `to` has room for as many.
static inline char *
gz_map_put_prefix(char *to, struct gz_str prefix)
{
    for (size_t i = 0; i < prefix.len; i += 16)
        memcpy(to + i, prefix.ptr + i, 16);
    return to + prefix.len;
}

static inline void
gz_map_put_string(struct gz_buf *b, struct gz_str prefix, struct gz_str s)
{
    char *to = gz_map_put_prefix(gz_buf_need(b, prefix.len + s.len + 32), prefix);

    if (gz_copy_plain(to, s.ptr, s.len)) {
        to[s.len] = '"';
        b->len += prefix.len + s.len + 1;
        return;
    }
    b->len += prefix.len;
    gz_map_put_escaped(b, s);
}

// Text that people wrote is masked from the level `text` on.
static inline void
gz_map_put_text(const struct gz_mapping *m, struct gz_buf *b, struct gz_str prefix,
                struct gz_str s)
{
    if (m->o.privacy < GZ_PRIVACY_TEXT)
        gz_map_put_string(b, prefix, s);
    else
        gz_map_put_masked(b, prefix, s, m->o.privacy);
}

#endif
