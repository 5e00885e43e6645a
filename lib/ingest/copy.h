// SPDX-License-Identifier: MIT
// copy: bytes copied into a JSON string while they are looked at, for the many short
// cells of a table.
#ifndef GZ_INGEST_COPY_H
#define GZ_INGEST_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Is any of the eight bytes '"', '\\' or a control character?
static inline uint64_t
gz_copy_odd8(uint64_t w)
{
    const uint64_t one = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t quote = w ^ (one * '"'), back = w ^ (one * '\\');

    return (((w - one * 0x20) & ~w) | ((quote - one) & ~quote) | ((back - one) & ~back)) &
           high;
}

// Copy `len` bytes. False when one of them needs an escape: what was copied is then of no
// use. Does not read or write beyond `len`.
static inline bool
gz_copy_plain(char *to, const char *s, size_t len)
{
    if (len < 8) {
        if (len >= 4) {
            uint32_t a, b;

            memcpy(&a, s, 4);
            memcpy(&b, s + len - 4, 4);
            memcpy(to, &a, 4);
            memcpy(to + len - 4, &b, 4);
            return !gz_copy_odd8((uint64_t)a << 32 | b);
        }
        for (size_t i = 0; i < len; i++) {
            if ((unsigned char)s[i] < 0x20 || s[i] == '"' || s[i] == '\\')
                return false;
            to[i] = s[i];
        }
        return true;
    }
    if (len <= 16) {
        uint64_t a, b;

        memcpy(&a, s, 8);
        memcpy(&b, s + len - 8, 8);
        memcpy(to, &a, 8);
        memcpy(to + len - 8, &b, 8);
        return !(gz_copy_odd8(a) | gz_copy_odd8(b));
    }
#if defined(__SSE2__)
    {
        const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
        const __m128i last_control = _mm_set1_epi8(0x1f);

        for (size_t i = 0;;) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
            __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back));

            odd = _mm_or_si128(
                odd, _mm_cmpeq_epi8(_mm_max_epu8(v, last_control), last_control));
            if (_mm_movemask_epi8(odd))
                return false;
            _mm_storeu_si128((__m128i *)(void *)(to + i), v);
            if (i + 16 >= len)
                return true;
            i = i + 32 <= len ? i + 16 : len - 16;
        }
    }
#else
    for (size_t i = 0;;) {
        uint64_t w;

        memcpy(&w, s + i, 8);
        if (gz_copy_odd8(w))
            return false;
        memcpy(to + i, &w, 8);
        if (i + 8 >= len)
            return true;
        i = i + 16 <= len ? i + 8 : len - 8;
    }
#endif
}

// The same in whole blocks of 16 bytes: up to 15 more than `len`, which is not 0, are
// read and written. `high`: bytes that are no ASCII count as odd too.
static inline bool
gz_copy_padded(char *to, const char *s, size_t len, bool high)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    const __m128i sign = _mm_set1_epi8(high ? (char)0x80 : 0);

    for (;; s += 16, to += 16, len -= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)s);
        __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back));
        unsigned bits;

        odd = _mm_or_si128(odd,
                           _mm_cmpeq_epi8(_mm_max_epu8(v, last_control), last_control));
        odd = _mm_or_si128(odd, _mm_and_si128(v, sign));
        bits = (unsigned)_mm_movemask_epi8(odd);
        _mm_storeu_si128((__m128i *)(void *)to, v);
        if (len <= 16)
            return !(bits << (16 - len) & 0xffff);
        if (bits)
            return false;
    }
#else
    for (size_t i = 0; high && i < len; i++)
        if (s[i] & 0x80)
            return false;
    return gz_copy_plain(to, s, len);
#endif
}

#endif
