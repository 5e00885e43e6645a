// SPDX-License-Identifier: MIT
#include "base/utf8.h"

#include "base/width.h"

// The length of the valid character at `s`, or 0.
static size_t
char_len(const unsigned char *s, size_t left)
{
    unsigned char lead = s[0];
    unsigned char low = 0x80, high = 0xBF;
    size_t len;

    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < len)
        return 0;
    // The second byte excludes overlong forms, surrogates and what lies over U+10FFFF.
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

size_t
gz_utf8_valid_prefix_plain(struct gz_str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t at = 0;

    while (at < s.len) {
        size_t n = char_len(p + at, s.len - at);

        if (n == 0)
            break;
        at += n;
    }
    return at;
}

uint32_t
gz_utf8_next(struct gz_str s, size_t *at)
{
    const unsigned char *p;
    uint32_t c;

    if (*at >= s.len)
        return 0;
    p = (const unsigned char *)s.ptr + *at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        c = (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
        *at += 2;
    } else if (p[0] < 0xF0) {
        c = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
        *at += 3;
    } else {
        c = (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
            (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
        *at += 4;
    }
    return c;
}

void
gz_utf8_put(struct gz_buf *out, uint32_t c)
{
    char *p;

    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    p = gz_buf_need(out, 4);
    if (c < 0x80) {
        *p = (char)c;
        out->len += 1;
    } else if (c < 0x800) {
        p[0] = (char)(0xC0 | c >> 6);
        p[1] = (char)(0x80 | (c & 0x3F));
        out->len += 2;
    } else if (c < 0x10000) {
        p[0] = (char)(0xE0 | c >> 12);
        p[1] = (char)(0x80 | (c >> 6 & 0x3F));
        p[2] = (char)(0x80 | (c & 0x3F));
        out->len += 3;
    } else {
        p[0] = (char)(0xF0 | c >> 18);
        p[1] = (char)(0x80 | (c >> 12 & 0x3F));
        p[2] = (char)(0x80 | (c >> 6 & 0x3F));
        p[3] = (char)(0x80 | (c & 0x3F));
        out->len += 4;
    }
}

size_t
gz_utf8_count(struct gz_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

size_t
gz_utf8_width(struct gz_str s)
{
    size_t cols = 0;

    for (size_t at = 0; at < s.len;)
        cols += (size_t)gz_width_of(gz_utf8_next(s, &at));
    return cols;
}

struct gz_str
gz_utf8_fit(struct gz_str s, size_t cols)
{
    size_t at = 0;

    while (at < s.len) {
        size_t next = at;
        size_t w = (size_t)gz_width_of(gz_utf8_next(s, &next));

        if (w > cols)
            break;
        cols -= w;
        at = next;
    }
    return gz_str_first(s, at);
}

void
gz_utf8_printable(struct gz_str s, struct gz_buf *out)
{
    const unsigned char *p = (const unsigned char *)s.ptr;

    for (size_t at = 0; at < s.len;) {
        size_t n = char_len(p + at, s.len - at);
        // C1 controls, U+0080 to U+009F, drive terminals too.
        bool control = n == 0 || p[at] < 0x20 || p[at] == 0x7f ||
                       (n == 2 && p[at] == 0xC2 && p[at + 1] < 0xA0);

        n = n ? n : 1;
        if (control)
            gz_buf_char(out, '?');
        else
            gz_buf_add(out, (struct gz_str){ s.ptr + at, n });
        at += n;
    }
}

bool
gz_utf8_is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF) || c == 0x3007;
}
