// SPDX-License-Identifier: MIT
// Conditions as people write them on a command line.
#include "base/buf.h"
#include "civic/cond.h"
#include "record/writer.h"

static void
put_words(struct gz_buf *b, struct gz_str words)
{
    struct gz_cut cut;

    gz_buf_lit(b, ",\"is\":[");
    for (;;) {
        cut = gz_str_cut(words, GZ_STR("|"));
        gz_write_string(b, cut.head);
        if (!cut.found)
            break;
        gz_buf_char(b, ',');
        words = cut.tail;
    }
    gz_buf_char(b, ']');
}

struct gz_str
gz_cond_from_option(struct gz_arena *arena, struct gz_str option)
{
    struct gz_str s = gz_str_trim(option);
    struct gz_cut cut = gz_str_cut(s, GZ_STR("="));
    bool negated = false;
    struct gz_buf b = { 0 };
    struct gz_str out;

    if (s.len && s.ptr[0] == '{')
        return gz_arena_dup(arena, s);
    if (cut.found && gz_str_ends(cut.head, GZ_STR("!"))) {
        negated = true;
        cut.head.len--;
    } else if (!cut.found && gz_str_starts(s, GZ_STR("!"))) {
        negated = true;
        cut.head = gz_str_from(s, 1);
    }
    gz_buf_cstr(&b, negated ? "{\"not\":{\"field\":" : "{\"field\":");
    gz_write_string(&b, cut.head);
    if (cut.found)
        put_words(&b, cut.tail);
    else
        gz_buf_lit(&b, ",\"present\":true");
    gz_buf_cstr(&b, negated ? "}}" : "}");
    out = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return out;
}
