// SPDX-License-Identifier: MIT
// hist: a multiset of durations that merges exactly.
#ifndef GZ_TALLY_HIST_H
#define GZ_TALLY_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

// Exact while it has at most GZ_HIST_EXACT distinct values. With more, the whole of it is
// folded into fixed buckets: values under 128 are exact, above there are 64 buckets to
// every doubling, so that a bucket's middle is within 1/128 (0.8 %) of each value in it.
// Whether it is folded depends on the multiset alone, not on how it was put together.
enum { GZ_HIST_EXACT = 4096 };

struct gz_hist_pair {
    int64_t value; // a value, or the number of a bucket when folded
    uint64_t count;
};

// Zero-initialise; release with gz_hist_release().
struct gz_hist {
    struct gz_hist_pair *pair; // sorted up to `sorted`, the rest as it came
    uint32_t len;
    uint32_t sorted;
    uint32_t cap;
    bool folded;
    bool sparse; // hardly any value comes twice: looking for it first would not pay
    uint64_t count;
    struct gz_dec sum; // of the values themselves, exact even when folded
};

// Add a value >= 0 `count` times.
void gz_hist_add(struct gz_hist *h, int64_t value, uint64_t count);
void gz_hist_merge(struct gz_hist *to, const struct gz_hist *from);
void gz_hist_release(struct gz_hist *h);

// Bring the pairs in order, each value once, folded if need be. Call it before reading
// pair[] or asking for quantiles.
void gz_hist_settle(struct gz_hist *h);

// The value of nearest rank: the smallest that at least num/den of all are not above.
// A folded one answers with its bucket's middle. 0 when empty. Settles.
int64_t gz_hist_quantile(struct gz_hist *h, uint32_t num, uint32_t den);
int64_t gz_hist_min(struct gz_hist *h);
int64_t gz_hist_max(struct gz_hist *h);

// How many are at most `limit` (to a bucket's middle when folded). Settles.
uint64_t gz_hist_at_most(struct gz_hist *h, int64_t limit);

// The buckets: of a value, and the middle of one.
int64_t gz_hist_bucket(int64_t value);
int64_t gz_hist_middle(int64_t bucket);

// What a measure "duration" holds. Spans between two moments are in seconds; where either
// end is only a date they are whole days and kept apart, for the two do not mix.
// Negative ones are counted and nothing else.
struct gz_durations {
    struct gz_hist sec;
    struct gz_hist days;
    uint64_t negative;
};

void gz_durations_merge(struct gz_durations *to, const struct gz_durations *from);

// Bytes that they take.
static inline uint64_t
gz_durations_held(const struct gz_durations *d)
{
    return sizeof(*d) + ((uint64_t)d->sec.cap + d->days.cap) * sizeof(*d->sec.pair);
}

void gz_durations_release(struct gz_durations *d);

#endif
