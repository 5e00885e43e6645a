// SPDX-License-Identifier: MIT
// gz_utf8_valid_prefix() with vectors: each byte and the one before it are classed by
// three tables of 16 entries, whose bits name the faults that a pair can have; a fault
// that all three agree on is one. What needs three or four bytes is checked by where
// lead bytes stand two and three places back.
#include "base/utf8.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// From the last place at or before `at` where a character can begin, on foot. All before
// it is known to be valid.
static size_t
finish(struct gz_str s, size_t at)
{
    for (int back = 0;
         back < 3 && at > 0 && ((unsigned char)s.ptr[at - 1] & 0xC0) == 0x80; back++)
        at--;
    if (at > 0 && (unsigned char)s.ptr[at - 1] >= 0xC0)
        at--;
    return at + gz_utf8_valid_prefix_plain(gz_str_from(s, at));
}

#if defined(__x86_64__)

// Faults of a byte after another one.
enum {
    SHORT = 1 << 0,      // a lead byte without its continuation
    LONG = 1 << 1,       // a continuation after ASCII
    OVERLONG_3 = 1 << 2, // E0 80 to E0 9F
    LARGE = 1 << 3,      // F4 90 and more
    SURROGATE = 1 << 4,  // ED A0 and more
    OVERLONG_2 = 1 << 5, // C0, C1
    LARGE_8 = 1 << 6,    // F5 80 and more
    OVERLONG_4 = 1 << 6, // F0 80 to F0 8F
    TWO = 1 << 7,        // two continuations: right only as third or fourth byte
    ANY_LOW = SHORT | LONG | TWO,
};

// By the high half of the byte before, its low half, and the high half of the byte.
static const uint8_t before_high[16] = {
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    LONG,
    TWO,
    TWO,
    TWO,
    TWO,
    SHORT | OVERLONG_2,
    SHORT,
    SHORT | OVERLONG_3 | SURROGATE,
    SHORT | LARGE | LARGE_8 | OVERLONG_4,
};
static const uint8_t before_low[16] = {
    ANY_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4,
    ANY_LOW | OVERLONG_2,
    ANY_LOW,
    ANY_LOW,
    ANY_LOW | LARGE,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8 | SURROGATE,
    ANY_LOW | LARGE | LARGE_8,
    ANY_LOW | LARGE | LARGE_8,
};
static const uint8_t now_high[16] = {
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
    LONG | TWO | OVERLONG_2 | OVERLONG_3 | LARGE_8 | OVERLONG_4,
    LONG | TWO | OVERLONG_2 | OVERLONG_3 | LARGE,
    LONG | TWO | OVERLONG_2 | SURROGATE | LARGE,
    LONG | TWO | OVERLONG_2 | SURROGATE | LARGE,
    SHORT,
    SHORT,
    SHORT,
    SHORT,
};

#define SSSE3 __attribute__((target("ssse3")))
#define AVX2  __attribute__((target("avx2")))

SSSE3 static inline __m128i
table_ssse3(const uint8_t table[16])
{
    return _mm_loadu_si128((const __m128i *)(const void *)table);
}

// Not 0 where `v`, which comes after `before`, has a fault.
SSSE3 static inline __m128i
faults_ssse3(__m128i v, __m128i before)
{
    const __m128i low = _mm_set1_epi8(0x0F);
    __m128i one = _mm_alignr_epi8(v, before, 15);
    __m128i two = _mm_alignr_epi8(v, before, 14);
    __m128i three = _mm_alignr_epi8(v, before, 13);
    __m128i pair = _mm_and_si128(
        _mm_and_si128(_mm_shuffle_epi8(table_ssse3(before_high),
                                       _mm_and_si128(_mm_srli_epi16(one, 4), low)),
                      _mm_shuffle_epi8(table_ssse3(before_low), _mm_and_si128(one, low))),
        _mm_shuffle_epi8(table_ssse3(now_high),
                         _mm_and_si128(_mm_srli_epi16(v, 4), low)));
    // The high bit where a third or fourth byte has to be: TWO is right exactly there.
    __m128i third = _mm_subs_epu8(two, _mm_set1_epi8(0xE0 - 0x80));
    __m128i fourth = _mm_subs_epu8(three, _mm_set1_epi8(0xF0 - 0x80));
    __m128i must = _mm_and_si128(_mm_or_si128(third, fourth), _mm_set1_epi8((char)0x80));

    return _mm_xor_si128(must, pair);
}

SSSE3 static size_t
prefix_ssse3(struct gz_str s)
{
    __m128i before = _mm_setzero_si128();
    bool ascii = true; // was the block before?
    size_t at = 0;

    for (; at + 16 <= s.len; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + at));
        bool now = _mm_movemask_epi8(v) == 0;

        if (!now || !ascii) {
            __m128i bad = faults_ssse3(v, before);

            if (_mm_movemask_epi8(_mm_cmpeq_epi8(bad, _mm_setzero_si128())) != 0xFFFF)
                break;
        }
        ascii = now;
        before = v;
    }
    return finish(s, at);
}

AVX2 static inline __m256i
table_avx2(const uint8_t table[16])
{
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)table));
}

AVX2 static inline __m256i
faults_avx2(__m256i v, __m256i before)
{
    const __m256i low = _mm256_set1_epi8(0x0F);
    // The upper half of `before` and the lower half of `v`: alignr works within halves.
    __m256i across = _mm256_permute2x128_si256(before, v, 0x21);
    __m256i one = _mm256_alignr_epi8(v, across, 15);
    __m256i two = _mm256_alignr_epi8(v, across, 14);
    __m256i three = _mm256_alignr_epi8(v, across, 13);
    __m256i pair = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(table_avx2(before_high),
                                _mm256_and_si256(_mm256_srli_epi16(one, 4), low)),
            _mm256_shuffle_epi8(table_avx2(before_low), _mm256_and_si256(one, low))),
        _mm256_shuffle_epi8(table_avx2(now_high),
                            _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
    __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(three, _mm256_set1_epi8(0xF0 - 0x80));
    __m256i must =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));

    return _mm256_xor_si256(must, pair);
}

AVX2 static size_t
prefix_avx2(struct gz_str s)
{
    __m256i before = _mm256_setzero_si256();
    bool ascii = true; // was the block before?
    size_t at = 0;

    for (; at + 64 <= s.len; at += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + at + 32));
        bool now = _mm256_movemask_epi8(_mm256_or_si256(a, b)) == 0;

        if (!now || !ascii) {
            __m256i bad = _mm256_or_si256(faults_avx2(a, before), faults_avx2(b, a));

            if (!_mm256_testz_si256(bad, bad))
                break;
        }
        ascii = now;
        before = b;
    }
    return finish(s, at);
}

size_t
gz_utf8_valid_prefix(struct gz_str s)
{
    if (s.len < 64)
        return gz_utf8_valid_prefix_plain(s);
    if (__builtin_cpu_supports("avx2"))
        return prefix_avx2(s);
    if (__builtin_cpu_supports("ssse3"))
        return prefix_ssse3(s);
    return gz_utf8_valid_prefix_plain(s);
}

#else

// Eight bytes of ASCII at a time; the rest on foot.
size_t
gz_utf8_valid_prefix(struct gz_str s)
{
    size_t at = 0;
    uint64_t v;

    for (; at + 8 <= s.len; at += 8) {
        memcpy(&v, s.ptr + at, 8);
        if (v & UINT64_C(0x8080808080808080))
            break;
    }
    return finish(s, at);
}

#endif
