// SPDX-License-Identifier: MIT
#include "io/gb18030.h"

#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Two bytes: 81-FE, then 40-7E or 80-FE. Four bytes up to here are in the BMP and
// irregular, so they need a table too; the ones from 90 30 81 30 on are U+10000 and up.
enum {
    LEADS = 0xFE - 0x81 + 1,
    TRAILS = 0xFF - 0x40,
    PAIRS = LEADS * TRAILS,
    QUADS = 39420,
    ASTRAL = 189000, // number of 90 30 81 30
};

// Made once and then only read. `pair` holds up to four bytes of UTF-8 as they lie in
// memory, 0 for no character; `quad` a code point, 0 for none.
static struct {
    uint32_t pair[PAIRS];
    uint16_t quad[QUADS];
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

// Decode `count` sequences of `step` bytes to one code point each, 0 where iconv finds
// no character.
static void
code_points(unsigned char *from, size_t count, size_t step, uint32_t *to)
{
    iconv_t cd = iconv_open("UTF-32LE", "GB18030");
    char *in = (char *)from;
    char *out = (char *)to;
    size_t left = count * step;
    size_t room = count * sizeof(*to);

    memset(to, 0, room);
    if (cd == (iconv_t)-1)
        return;
    while (left && iconv(cd, &in, &left, &out, &room) == (size_t)-1) {
        if (errno != EILSEQ || left < step || room < sizeof(*to))
            break;
        // Stay in step: the bad sequence takes its place with a 0.
        memset(out, 0, sizeof(*to));
        in += step;
        left -= step;
        out += sizeof(*to);
        room -= sizeof(*to);
    }
    iconv_close(cd);
    for (size_t i = 0; i < count; i++) {
        const unsigned char *p = (const unsigned char *)(to + i);

        to[i] = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    }
}

static void
table_make(void)
{
    unsigned char *from = gz_mem_alloc(QUADS, 4);
    uint32_t *points = gz_mem_alloc(QUADS, sizeof(*points));
    struct gz_buf utf8 = { 0 };
    size_t n = 0;

    for (unsigned i = 0; i < PAIRS; i++) {
        from[n++] = (unsigned char)(0x81 + i / TRAILS);
        from[n++] = (unsigned char)(0x40 + i % TRAILS);
    }
    code_points(from, PAIRS, 2, points);
    for (size_t i = 0; i < PAIRS; i++) {
        // 7F is no second byte whatever iconv says.
        if (points[i] == 0 || i % TRAILS == 0x7F - 0x40)
            continue;
        utf8.len = 0;
        gz_utf8_put(&utf8, points[i]);
        memcpy(&table.pair[i], utf8.ptr, utf8.len);
    }
    n = 0;
    for (unsigned i = 0; i < QUADS; i++) {
        from[n++] = (unsigned char)(0x81 + i / 12600);
        from[n++] = (unsigned char)(0x30 + i / 1260 % 10);
        from[n++] = (unsigned char)(0x81 + i / 10 % 126);
        from[n++] = (unsigned char)(0x30 + i % 10);
    }
    code_points(from, QUADS, 4, points);
    for (size_t i = 0; i < QUADS; i++)
        if (points[i] <= 0xFFFF && (points[i] < 0xD800 || points[i] > 0xDFFF))
            table.quad[i] = (uint16_t)points[i];
    gz_buf_release(&utf8);
    free(points);
    free(from);
}

// How many bytes at the start of `s` are ASCII; stops short of the last few.
static size_t
ascii_run(const char *s, size_t len)
{
    size_t at = 0;

#if defined(__SSE2__)
    for (; at + 16 <= len; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + at));
        int high = _mm_movemask_epi8(v);

        if (high)
            return at + (size_t)__builtin_ctz((unsigned)high);
    }
#else
    for (; at + 8 <= len; at += 8) {
        uint64_t v;

        memcpy(&v, s + at, 8);
        if (v & UINT64_C(0x8080808080808080))
            break;
    }
#endif
    while (at < len && !((unsigned char)s[at] & 0x80))
        at++;
    return at;
}

// The code point of the four bytes at `p`, or 0.
static uint32_t
quad_point(const unsigned char *p, size_t left)
{
    uint32_t n;

    if (left < 4 || p[1] < 0x30 || p[1] > 0x39 || p[2] < 0x81 || p[2] > 0xFE ||
        p[3] < 0x30 || p[3] > 0x39)
        return 0;
    n = (((uint32_t)(p[0] - 0x81) * 10 + (uint32_t)(p[1] - 0x30)) * 126 +
         (uint32_t)(p[2] - 0x81)) *
            10 +
        (uint32_t)(p[3] - 0x30);
    if (n < QUADS)
        return table.quad[n];
    if (n >= ASTRAL && n - ASTRAL <= 0xFFFFF)
        return 0x10000 + n - ASTRAL;
    return 0;
}

// The UTF-8 of the two bytes at `p`, as it lies in memory, or 0.
static inline uint32_t
pair_utf8(const unsigned char *p, size_t left)
{
    unsigned lead, trail;

    if (left < 2)
        return 0;
    lead = p[0] - 0x81u;
    trail = p[1] - 0x40u;
    return lead < LEADS && trail < TRAILS ? table.pair[lead * TRAILS + trail] : 0;
}

size_t
gz_gb18030_decode(struct gz_str s, struct gz_buf *out)
{
    const unsigned char *in = (const unsigned char *)s.ptr;
    size_t at = 0;
    char *to;

    pthread_once(&table_once, table_make);
    // Two bytes give at most four; every store of four stays within this too.
    to = gz_buf_need(out, gz_mem_add(gz_mem_mul(s.len, 2), 4));
    while (at < s.len) {
        uint32_t c;

        if (in[at] < 0x80) {
            size_t n = ascii_run(s.ptr + at, s.len - at);

            memcpy(to, s.ptr + at, n);
            to += n;
            at += n;
        } else if ((c = pair_utf8(in + at, s.len - at)) != 0) {
            unsigned char first;

            memcpy(to, &c, 4);
            first = (unsigned char)*to;
            to += 2 + (first >= 0xE0) + (first >= 0xF0);
            at += 2;
        } else if ((c = quad_point(in + at, s.len - at)) != 0) {
            out->len = (size_t)(to - out->ptr);
            gz_utf8_put(out, c);
            to = out->ptr + out->len;
            at += 4;
        } else {
            break;
        }
    }
    out->len = (size_t)(to - out->ptr);
    return at;
}

size_t
gz_gb18030_valid_prefix(struct gz_str s)
{
    const unsigned char *in = (const unsigned char *)s.ptr;
    size_t at = 0;

    pthread_once(&table_once, table_make);
    while (at < s.len) {
        if (in[at] < 0x80)
            at += ascii_run(s.ptr + at, s.len - at);
        else if (pair_utf8(in + at, s.len - at))
            at += 2;
        else if (quad_point(in + at, s.len - at))
            at += 4;
        else
            break;
    }
    return at;
}

bool
gz_gb18030_is_cut(struct gz_str tail)
{
    const unsigned char *p = (const unsigned char *)tail.ptr;

    if (tail.len == 0 || tail.len > 3 || p[0] < 0x81 || p[0] > 0xFE)
        return false;
    if (tail.len > 1 && (p[1] < 0x30 || p[1] > 0x39))
        return false;
    return tail.len < 3 || (p[2] >= 0x81 && p[2] <= 0xFE);
}

bool
gz_gb18030_is_chinese(struct gz_str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr, *end = p + s.len;
    size_t common = 0, all = 0;

    if (gz_gb18030_valid_prefix(s) < s.len)
        return false;
    for (; p < end; p++) {
        if (*p < 0x80)
            continue;
        all++;
        common += p + 1 < end && p[1] >= 0xA1 &&
                  ((*p >= 0xA1 && *p <= 0xA3) || (*p >= 0xB0 && *p <= 0xD7));
        p++;
    }
    return all >= 4 && common * 3 >= all * 2;
}
