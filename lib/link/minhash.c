// SPDX-License-Identifier: MIT
#include "link/minhash.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "link/gram.h"

static inline uint32_t
remix(uint32_t x)
{
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ x >> 16;
}

void
gz_minhash_make(const uint32_t *gram, size_t count, struct gz_minhash *out)
{
    uint32_t bin[GZ_MINHASH_BINS];

    if (count == 0) {
        memset(out, 0, sizeof(*out));
        return;
    }
    memset(bin, 0xff, sizeof(bin));
    for (size_t i = 0; i < count; i++) {
        // Grams are hashes; spread once more, the upper half gives the bin, the lower
        // one the value.
        uint64_t h = ((gram[i] & GZ_GRAM_ID) + 1) * 0x9e3779b97f4a7c15u;
        uint32_t at, value;

        h = (h ^ h >> 32) * 0xd6e8feb86659fd93u;
        at = (uint32_t)((h >> 32) * GZ_MINHASH_BINS >> 32);
        value = (uint32_t)h >> 1;

        if (value < bin[at])
            bin[at] = value;
    }
    // An empty bin borrows from the next full one; how far it lay is mixed in, so that
    // two sets agree there only if they agree on the distance too.
    for (size_t i = 0; i < GZ_MINHASH_BINS; i++) {
        uint32_t step = 0;

        while (bin[(i + step) % GZ_MINHASH_BINS] >> 31)
            step++;
        out->low[i] = (uint8_t)remix(bin[(i + step) % GZ_MINHASH_BINS] + step);
    }
    for (size_t b = 0; b < GZ_MINHASH_BANDS; b++) {
        uint32_t h = (uint32_t)b + 1;

        for (size_t r = 0; r < GZ_MINHASH_ROWS; r++) {
            size_t at = b * GZ_MINHASH_ROWS + r;

            h = remix(h ^ (bin[at] >> 31 ? out->low[at] : bin[at])) + 0x9e3779b9u;
        }
        out->band[b] = h ? h : 1;
    }
}

unsigned
gz_minhash_estimate_plain(const struct gz_minhash *a, const struct gz_minhash *b)
{
    unsigned same = 0;

    for (size_t i = 0; i < GZ_MINHASH_BINS; i++)
        same += a->low[i] == b->low[i];
    return same * 1000 / GZ_MINHASH_BINS;
}

#if defined(__SSE2__)
unsigned
gz_minhash_estimate(const struct gz_minhash *a, const struct gz_minhash *b)
{
    unsigned same = 0;

    for (size_t i = 0; i < GZ_MINHASH_BINS; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(a->low + i));
        __m128i y = _mm_loadu_si128((const __m128i *)(const void *)(b->low + i));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));

        same += (unsigned)__builtin_popcount(mask);
    }
    return same * 1000 / GZ_MINHASH_BINS;
}
#else
unsigned
gz_minhash_estimate(const struct gz_minhash *a, const struct gz_minhash *b)
{
    return gz_minhash_estimate_plain(a, b);
}
#endif

unsigned
gz_jaccard(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
    uint32_t slot[1024], mask = 63;
    size_t both = 0;

    if (a_count == 0 || b_count == 0 || a_count > 512 || b_count > 512)
        return 0;
    while (mask < a_count * 2)
        mask = mask * 2 + 1;
    memset(slot, 0, (mask + 1) * sizeof(*slot));
    for (size_t i = 0; i < a_count; i++) {
        uint32_t id = (a[i] & GZ_GRAM_ID) + 1, at = remix(id) & mask;

        while (slot[at])
            at = (at + 1) & mask;
        slot[at] = id;
    }
    for (size_t i = 0; i < b_count; i++) {
        uint32_t id = (b[i] & GZ_GRAM_ID) + 1, at = remix(id) & mask;

        while (slot[at] && slot[at] != id)
            at = (at + 1) & mask;
        both += slot[at] == id;
    }
    return (unsigned)(both * 1000 / (a_count + b_count - both));
}
