// SPDX-License-Identifier: MIT
// distinct: how many different strings, exact for few and estimated for many.
#ifndef GZ_TALLY_DISTINCT_H
#define GZ_TALLY_DISTINCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

// Exact to GZ_DISTINCT_EXACT different values, then a HyperLogLog of 4096 registers over
// an unseeded hash (standard error 1.6 %). A function of the set of values alone.
enum { GZ_DISTINCT_EXACT = 1024, GZ_DISTINCT_REGISTERS = 4096 };

// Zero-initialise; release with gz_distinct_release().
struct gz_distinct {
    uint64_t *hash; // sorted up to `sorted`, the rest as it came
    uint32_t len;
    uint32_t sorted;
    uint32_t cap;
    uint8_t *reg; // not NULL once it is estimated
};

void gz_distinct_add(struct gz_distinct *d, struct gz_str value);
void gz_distinct_add_hash(struct gz_distinct *d, uint64_t hash);
void gz_distinct_merge(struct gz_distinct *to, const struct gz_distinct *from);
void gz_distinct_release(struct gz_distinct *d);

// Bytes that it takes.
static inline uint64_t
gz_distinct_held(const struct gz_distinct *d)
{
    return sizeof(*d) + d->cap * sizeof(*d->hash) + (d->reg ? GZ_DISTINCT_REGISTERS : 0);
}

// Bring hash[] in order, each once, or go over to registers.
void gz_distinct_settle(struct gz_distinct *d);

// How many. *approx: it is an estimate, to be shown with ≈. Settles.
uint64_t gz_distinct_count(struct gz_distinct *d, bool *approx);

#endif
