// SPDX-License-Identifier: MIT
#include "io/jsonunquote.h"

#include <string.h>

#include "base/utf8.h"

static int
hex(char c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

// \uXXXX, where two may make one character.
static void
put_unit(struct gz_jsonunquote *u, uint32_t unit, struct gz_buf *out)
{
    bool low = unit >= 0xDC00 && unit <= 0xDFFF;

    if (u->high && low) {
        gz_utf8_put(out, 0x10000 + ((u->high - 0xD800) << 10) + (unit - 0xDC00));
        u->high = 0;
        return;
    }
    if (u->high)
        gz_utf8_put(out, 0xFFFD);
    u->high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
    if (!u->high)
        gz_utf8_put(out, low ? 0xFFFD : unit);
}

// One whole escape, `len` bytes behind the backslash.
static void
put_escape(struct gz_jsonunquote *u, const char *p, struct gz_buf *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *plain = strchr(from, p[0]);
    uint32_t unit = 0;

    if (p[0] == 'u') {
        for (int i = 1; i < 5; i++)
            unit = unit << 4 | (uint32_t)(hex(p[i]) < 0 ? 0 : hex(p[i]));
        put_unit(u, unit, out);
        return;
    }
    gz_buf_char(out, plain ? to[plain - from] : p[0]);
}

void
gz_jsonunquote_feed(struct gz_jsonunquote *u, struct gz_str piece, struct gz_buf *out)
{
    size_t skip = u->skip < piece.len ? u->skip : piece.len;

    u->skip -= skip;
    piece = gz_str_from(piece, skip);
    for (size_t i = 0; i < piece.len && !u->over; i++) {
        char c = piece.ptr[i];

        if (u->held_len) { // inside an escape: the backslash is held, too
            u->held[u->held_len++] = c;
            if (u->held_len == (u->held[1] == 'u' ? 6 : 2)) {
                put_escape(u, u->held + 1, out);
                u->held_len = 0;
            }
        } else if (c == '\\') {
            u->held[u->held_len++] = c;
        } else if (c == '"') {
            u->over = true;
        } else {
            gz_buf_char(out, c);
        }
    }
}
