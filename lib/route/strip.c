// SPDX-License-Identifier: MIT
#include "route/strip.h"

#include <string.h>

#include "record/cursor.h"

struct own {
    const struct gz_keyset *keys;
    uint64_t mask;
    struct gz_arena *arena;
};

static const char *
blanks(const char *p, const char *end)
{
    while (p < end && memchr(" \t\r", *p, 3))
        p++;
    return p;
}

// One member of an object: where it ends, and whether its key is one of our own. NULL
// when no more comes.
static const char *
member_end(const struct own *own, const char *p, const char *end, bool *ours)
{
    struct gz_member name = { .raw = { p, 0 } };
    const char *after = NULL;
    bool escaped;
    int key;

    if (p < end && *p == '"')
        after = gz_cursor_skip(p, end, &name.type, &name.escaped);
    if (!after)
        return NULL;
    name.raw.len = (size_t)(after - p);
    key = gz_keyset_find(own->keys, gz_member_text(&name, own->arena));
    *ours = key >= 0 && (own->mask >> key & 1);
    p = blanks(blanks(after, end) + 1, end); // the colon
    return p < end ? gz_cursor_skip(p, end, &name.type, &escaped) : NULL;
}

void
gz_strip(struct gz_str line, const struct gz_keyset *keys, uint64_t mask,
         struct gz_arena *arena, struct gz_buf *out)
{
    const struct own own = { keys, mask, arena };
    const char *end = gz_str_end(line), *brace = memchr(line.ptr, '{', line.len);
    const char *from = brace + 1;
    bool first = true;

    gz_buf_add(out, (struct gz_str){ line.ptr, (size_t)(from - line.ptr) });
    for (;;) {
        const char *p = blanks(from, end), *after;
        bool ours;

        if (p < end && *p == ',') {
            if (first)
                from = p + 1;
            p = blanks(p + 1, end);
        }
        after = member_end(&own, p, end, &ours);
        if (!after)
            return;
        if (!ours) {
            gz_buf_add(out, (struct gz_str){ from, (size_t)(after - from) });
            first = false;
        }
        from = after;
    }
}
