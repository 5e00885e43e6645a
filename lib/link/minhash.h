// SPDX-License-Identifier: MIT
// minhash: how alike two sets of grams are, from a few bytes of each.
#ifndef GZ_LINK_MINHASH_H
#define GZ_LINK_MINHASH_H

#include <stddef.h>
#include <stdint.h>

// One permutation in bins, empty bins filled from their neighbours. Sets whose Jaccard
// similarity is s share a band with probability 1 - (1 - s^4)^12: 0.96 at s = 0.7.
enum { GZ_MINHASH_BINS = 48, GZ_MINHASH_BANDS = 12, GZ_MINHASH_ROWS = 4 };

struct gz_minhash {
    uint32_t band[GZ_MINHASH_BANDS];
    uint8_t low[GZ_MINHASH_BINS]; // the low byte of each bin, for the estimate
};

// `gram` may hold marks above GZ_GRAM_ID, which are ignored. An empty set gives bands
// of 0, which match nothing.
void gz_minhash_make(const uint32_t *gram, size_t count, struct gz_minhash *out);

// Estimated Jaccard similarity in thousandths; standard error about 70.
unsigned gz_minhash_estimate(const struct gz_minhash *a, const struct gz_minhash *b);

// The same in plain C: the twin that tests hold against the one above.
unsigned gz_minhash_estimate_plain(const struct gz_minhash *a,
                                   const struct gz_minhash *b);

// The exact one of two sets of at most 512 grams.
unsigned gz_jaccard(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);

#endif
