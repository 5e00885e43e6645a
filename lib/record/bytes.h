// SPDX-License-Identifier: MIT
// bytes: the two inner loops of reading and writing JSON strings, 16 bytes at a time
// where the processor has SSE2, with plain twins for the others and for the tests.
#ifndef GZ_RECORD_BYTES_H
#define GZ_RECORD_BYTES_H

#include <stddef.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// How many bytes come before the first '"', '\\' or control character; `len` if none
// does.
static inline size_t
gz_bytes_plain_run_plain(const char *s, size_t len)
{
    size_t i = 0;

    while (i < len && (unsigned char)s[i] >= 0x20 && s[i] != '"' && s[i] != '\\')
        i++;
    return i;
}

#if defined(__SSE2__)
static inline size_t
gz_bytes_plain_run(const char *s, size_t len)
{
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i back = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    size_t i = 0;

    for (; len - i >= 16; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s + i));
        __m128i odd = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back));
        // max(v, 0x1f) == 0x1f holds for unsigned v <= 0x1f only.
        __m128i low = _mm_cmpeq_epi8(_mm_max_epu8(v, last_control), last_control);
        unsigned hit = (unsigned)_mm_movemask_epi8(_mm_or_si128(odd, low));

        if (hit)
            return i + (size_t)__builtin_ctz(hit);
    }
    return i + gz_bytes_plain_run_plain(s + i, len - i);
}
#else
static inline size_t
gz_bytes_plain_run(const char *s, size_t len)
{
    return gz_bytes_plain_run_plain(s, len);
}
#endif

#endif
