// SPDX-License-Identifier: MIT
#include "route/fold.h"

#include <stdint.h>
#include <stdlib.h>

#ifdef GZ_HAVE_OPENCC
#include <opencc/opencc.h>
#endif

#include "base/mem.h"
#include "base/utf8.h"
#include "route/gb2312.h"

enum { HAN_FIRST = 0x3400, HAN_END = 0xA000, NO_CHAR = 0 };

// What each Han character folds to. Characters of GB2312 are simplified, or common to
// both scripts, and fold to themselves: known without OpenCC, so that a Chinese text
// without traditional characters never loads it. Of the others OpenCC is asked once.
struct gz_folder {
    uint16_t *han; // by code point from HAN_FIRST; NO_CHAR: not asked yet
    void *opencc;
    bool opened;
};

struct gz_folder *
gz_folder_new(void)
{
    return gz_mem_zalloc(1, sizeof(struct gz_folder));
}

void
gz_folder_free(struct gz_folder *f)
{
    if (!f)
        return;
#ifdef GZ_HAVE_OPENCC
    if (f->opencc)
        opencc_close(f->opencc);
#endif
    free(f->han);
    free(f);
}

bool
gz_fold_has_opencc(void)
{
#ifdef GZ_HAVE_OPENCC
    return true;
#else
    return false;
#endif
}

static bool
is_gb2312(uint32_t c)
{
    return c >= GZ_GB2312_FIRST && c < GZ_GB2312_END &&
           (gz_gb2312[(c - GZ_GB2312_FIRST) / 64] >> ((c - GZ_GB2312_FIRST) % 64) & 1);
}

static uint16_t
ask_opencc(struct gz_folder *f, uint32_t c)
{
#ifdef GZ_HAVE_OPENCC
    struct gz_buf one = { 0 };
    uint32_t to = c;
    char *simple;

    if (!f->opened) {
        f->opened = true;
        f->opencc = opencc_open("t2s.json");
        if (f->opencc == (void *)-1)
            f->opencc = NULL;
    }
    if (!f->opencc)
        return (uint16_t)c;
    gz_utf8_put(&one, c);
    simple = opencc_convert_utf8(f->opencc, one.ptr, one.len);
    if (simple) {
        struct gz_str s = gz_str_of(simple);
        size_t at = 0;

        if (gz_utf8_valid(s) && s.len) {
            to = gz_utf8_next(s, &at);
            if (at != s.len || to < HAN_FIRST || to >= HAN_END)
                to = c;
        }
        opencc_convert_utf8_free(simple);
    }
    gz_buf_release(&one);
    return (uint16_t)to;
#else
    (void)f;
    return (uint16_t)c;
#endif
}

static uint32_t
fold_han(struct gz_folder *f, uint32_t c)
{
    uint16_t *to;

    if (is_gb2312(c))
        return c;
    if (!f->han)
        f->han = gz_mem_zalloc(HAN_END - HAN_FIRST, sizeof(*f->han));
    to = &f->han[c - HAN_FIRST];
    if (*to == NO_CHAR)
        *to = ask_opencc(f, c);
    return *to;
}

// Eight ASCII bytes at once, or false if one of them is not.
static inline bool
lower_eight(const char *from, char *to, uint64_t mask)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t v, above, within;

    memcpy(&v, from, 8);
    if (v & high)
        return false;
    above = v + (0x80 - 'A') * (high >> 7);      // bit 7 where the byte >= 'A'
    within = v + (0x80 - 'Z' - 1) * (high >> 7); // bit 7 where the byte > 'Z'
    v |= ((above & ~within & high) >> 2) & mask;
    memcpy(to, &v, 8);
    return true;
}

static inline char
lower_one(char c, bool lower)
{
    return lower && c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

// One character of three bytes: most Han text is here.
static inline size_t
fold_three(struct gz_folder *f, const unsigned char *p, char *to, bool lower)
{
    uint32_t c = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 |
                 (uint32_t)(p[2] & 0x3F);

    if (c >= HAN_FIRST && c < HAN_END) {
        c = fold_han(f, c);
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    if ((c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) ||
        (c >= 0xFF41 && c <= 0xFF5A)) {
        to[0] = lower_one((char)(c - 0xFF00 + 0x20), lower);
        return 1;
    }
    if (c == 0x212A) { // the Kelvin sign is a 'k' to a caseless pattern
        to[0] = 'k';
        return 1;
    }
    memcpy(to, p, 3);
    return 3;
}

// Simplified characters, which most Han text is made of, stay as they are. Returns how
// far a run of them goes; writes a byte more than that, of which there is room.
static inline const char *
copy_simplified(const char *p, const char *end, char **to)
{
    while (end - p >= 4) {
        const unsigned char *u = (const unsigned char *)p;
        uint32_t c = (uint32_t)(u[0] & 0x0F) << 12 | (uint32_t)(u[1] & 0x3F) << 6 |
                     (uint32_t)(u[2] & 0x3F);

        if ((u[0] & 0xF0) != 0xE0 || !is_gb2312(c))
            break;
        memcpy(*to, p, 4);
        *to += 3;
        p += 3;
    }
    return p;
}

static struct gz_str
fold(struct gz_folder *f, struct gz_str s, struct gz_buf *out, bool lower)
{
    const uint64_t mask = lower ? UINT64_MAX : 0;
    const char *end = gz_str_end(s), *p = s.ptr;
    char *to;

    out->len = 0;
    to = gz_buf_need(out, s.len + GZ_FOLD_PAD + 8);
    while (p < end) {
        unsigned char c;

        if (end - p >= 8 && lower_eight(p, to, mask)) {
            p += 8;
            to += 8;
            continue;
        }
        p = copy_simplified(p, end, &to);
        if (p == end)
            break;
        c = (unsigned char)*p;
        if (c < 0x80) {
            *to++ = lower_one((char)c, lower);
            p++;
        } else if (c >= 0xE0 && c < 0xF0) {
            to += fold_three(f, (const unsigned char *)p, to, lower);
            p += 3;
        } else if (c == 0xC5 && (unsigned char)p[1] == 0xBF) {
            *to++ = 's'; // the long s, an 's' to a caseless pattern
            p += 2;
        } else {
            size_t n = c >= 0xF0 ? 4 : 2;

            memcpy(to, p, n);
            to += n;
            p += n;
        }
    }
    memset(to, 0, GZ_FOLD_PAD);
    out->len = (size_t)(to - out->ptr);
    return gz_buf_str(out);
}

struct gz_str
gz_fold(struct gz_folder *f, struct gz_str s, struct gz_buf *out)
{
    return fold(f, s, out, true);
}

struct gz_str
gz_fold_pattern(struct gz_folder *f, struct gz_str s, struct gz_buf *out)
{
    return fold(f, s, out, false);
}
