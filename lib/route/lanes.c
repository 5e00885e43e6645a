// SPDX-License-Identifier: MIT
#include "route/lanes.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// Products are below 2^22, so 32 bits hold the sum of this many.
enum { TURN = 512 };

static void
add_turn(const int8_t *rows, size_t stride, const uint32_t *row, const int32_t *value,
         size_t count, int64_t *sum)
{
    int32_t part[GZ_LANES] = { 0 };

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < GZ_LANES; k++)
            part[k] += value[i] * rows[(size_t)row[i] * stride + k];
    for (size_t k = 0; k < GZ_LANES; k++)
        sum[k] += part[k];
}

void
gz_lanes_add_plain(const int8_t *rows, size_t stride, const uint32_t *row,
                   const int32_t *value, size_t count, int64_t sum[GZ_LANES])
{
    for (size_t i = 0; i < count; i += TURN)
        add_turn(rows, stride, row + i, value + i, count - i < TURN ? count - i : TURN,
                 sum);
}

#ifdef __SSE2__

// Eight weights as they are, in the low half.
static inline __m128i
load_weights(const int8_t *at)
{
    return _mm_loadl_epi64((const void *)at);
}

// Two rows at a time: their weights side by side as 16-bit numbers, times their values,
// and each pair of products added, which is one instruction for four classes.
static void
add_pairs(const int8_t *rows, size_t stride, const uint32_t *row, const int32_t *value,
          size_t count, int64_t *sum)
{
    __m128i low = _mm_setzero_si128(), high = low;
    int32_t part[GZ_LANES];

    for (size_t i = 0; i + 1 < count; i += 2) {
        __m128i both =
            _mm_unpacklo_epi8(load_weights(rows + (size_t)row[i] * stride),
                              load_weights(rows + (size_t)row[i + 1] * stride));
        __m128i values =
            _mm_set1_epi32((int32_t)((uint32_t)value[i] | (uint32_t)value[i + 1] << 16));
        __m128i sign = _mm_cmpgt_epi8(_mm_setzero_si128(), both);

        low = _mm_add_epi32(low, _mm_madd_epi16(_mm_unpacklo_epi8(both, sign), values));
        high = _mm_add_epi32(high, _mm_madd_epi16(_mm_unpackhi_epi8(both, sign), values));
    }
    _mm_storeu_si128((void *)part, low);
    _mm_storeu_si128((void *)(part + 4), high);
    for (size_t k = 0; k < GZ_LANES; k++)
        sum[k] += part[k];
}

void
gz_lanes_add(const int8_t *rows, size_t stride, const uint32_t *row, const int32_t *value,
             size_t count, int64_t sum[GZ_LANES])
{
    size_t pairs = count & ~(size_t)1;

    for (size_t i = 0; i < pairs; i += TURN)
        add_pairs(rows, stride, row + i, value + i, pairs - i < TURN ? pairs - i : TURN,
                  sum);
    if (pairs < count)
        add_turn(rows, stride, row + pairs, value + pairs, 1, sum);
}

#else

void
gz_lanes_add(const int8_t *rows, size_t stride, const uint32_t *row, const int32_t *value,
             size_t count, int64_t sum[GZ_LANES])
{
    gz_lanes_add_plain(rows, stride, row, value, count, sum);
}

#endif
