// SPDX-License-Identifier: MIT
#include "tally/distinct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { REG_BITS = 12 };

static int
by_hash(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

// The top bits choose the register; it holds the longest run of zeros after them.
static void
touch(uint8_t *reg, uint64_t hash)
{
    uint64_t rest = hash << REG_BITS;
    uint8_t rank = rest ? (uint8_t)(__builtin_clzll(rest) + 1) : 64 - REG_BITS + 1;
    uint8_t *r = &reg[hash >> (64 - REG_BITS)];

    if (*r < rank)
        *r = rank;
}

static void
to_registers(struct gz_distinct *d)
{
    d->reg = gz_mem_zalloc(GZ_DISTINCT_REGISTERS, 1);
    for (uint32_t i = 0; i < d->len; i++)
        touch(d->reg, d->hash[i]);
    free(d->hash);
    d->hash = NULL;
    d->len = d->sorted = d->cap = 0;
}

void
gz_distinct_settle(struct gz_distinct *d)
{
    uint32_t n = 0;

    if (d->sorted == d->len)
        return;
    qsort(d->hash, d->len, sizeof(*d->hash), by_hash);
    for (uint32_t i = 0; i < d->len; i++)
        if (n == 0 || d->hash[n - 1] != d->hash[i])
            d->hash[n++] = d->hash[i];
    d->len = d->sorted = n;
    if (n > GZ_DISTINCT_EXACT)
        to_registers(d);
}

void
gz_distinct_add_hash(struct gz_distinct *d, uint64_t hash)
{
    if (d->reg) {
        touch(d->reg, hash);
        return;
    }
    if (d->len == d->cap) {
        gz_distinct_settle(d);
        if (d->reg) {
            touch(d->reg, hash);
            return;
        }
        if (d->len >= d->cap / 2) {
            d->cap = d->cap ? d->cap * 2 : 4;
            d->hash = gz_mem_realloc(d->hash, d->cap, sizeof(*d->hash));
        }
    }
    d->hash[d->len++] = hash;
}

void
gz_distinct_add(struct gz_distinct *d, struct gz_str value)
{
    gz_distinct_add_hash(d, gz_hash_fixed(value));
}

void
gz_distinct_merge(struct gz_distinct *to, const struct gz_distinct *from)
{
    for (uint32_t i = 0; i < from->len; i++)
        gz_distinct_add_hash(to, from->hash[i]);
    if (!from->reg)
        return;
    if (!to->reg)
        to_registers(to);
    for (size_t i = 0; i < GZ_DISTINCT_REGISTERS; i++)
        if (to->reg[i] < from->reg[i])
            to->reg[i] = from->reg[i];
}

void
gz_distinct_release(struct gz_distinct *d)
{
    free(d->hash);
    free(d->reg);
    *d = (struct gz_distinct){ 0 };
}

uint64_t
gz_distinct_count(struct gz_distinct *d, bool *approx)
{
    double m = GZ_DISTINCT_REGISTERS, sum = 0, estimate;
    size_t zeros = 0;

    gz_distinct_settle(d);
    *approx = d->reg != NULL;
    if (!d->reg)
        return d->len;
    for (size_t i = 0; i < GZ_DISTINCT_REGISTERS; i++) {
        sum += ldexp(1.0, -(int)d->reg[i]);
        zeros += d->reg[i] == 0;
    }
    estimate = 0.7213 / (1 + 1.079 / m) * m * m / sum;
    if (estimate <= 2.5 * m && zeros)
        estimate = m * log(m / (double)zeros);
    return (uint64_t)(estimate + 0.5);
}
