// SPDX-License-Identifier: MIT
#include "tally/hist.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { UNIT = 1000000000 }; // of a gz_dec
enum { LINEAR = 128, STEPS = 64, STEP_BITS = 6 };

// ---- buckets ----

int64_t
gz_hist_bucket(int64_t value)
{
    int octave;

    if (value < LINEAR)
        return value;
    octave = 63 - __builtin_clzll((unsigned long long)value); // 7 and up
    return LINEAR + (int64_t)(octave - 7) * STEPS +
           ((value >> (octave - STEP_BITS)) & (STEPS - 1));
}

int64_t
gz_hist_middle(int64_t bucket)
{
    int octave;
    int64_t width;

    if (bucket < LINEAR)
        return bucket;
    octave = (int)((bucket - LINEAR) / STEPS) + 7;
    width = INT64_C(1) << (octave - STEP_BITS);
    return (INT64_C(1) << octave) + (bucket - LINEAR) % STEPS * width + (width - 1) / 2;
}

// ---- adding ----

enum { FEW = 32 };

static void
sort_few(struct gz_hist_pair *p, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        struct gz_hist_pair one = p[i];
        uint32_t at = i;

        for (; at && p[at - 1].value > one.value; at--)
            p[at] = p[at - 1];
        p[at] = one;
    }
}

// By bytes of the value, lowest first: no comparisons, which is most of the time of a
// tally otherwise. Values are never negative.
static void
sort(struct gz_hist_pair *p, uint32_t n)
{
    struct gz_hist_pair *from = p, *to, *spare;
    uint64_t bits = 0;

    if (n <= FEW) {
        sort_few(p, n);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        bits |= (uint64_t)p[i].value;
    to = spare = gz_mem_alloc(n, sizeof(*p));
    for (int shift = 0; shift < 64 && bits >> shift; shift += 8) {
        uint32_t at[256] = { 0 }, sum = 0;

        for (uint32_t i = 0; i < n; i++)
            at[from[i].value >> shift & 255]++;
        for (int b = 0; b < 256; b++) {
            uint32_t here = at[b];

            at[b] = sum;
            sum += here;
        }
        for (uint32_t i = 0; i < n; i++)
            to[at[from[i].value >> shift & 255]++] = from[i];
        spare = from;
        from = to;
        to = spare;
    }
    if (from != p) {
        memcpy(p, from, n * sizeof(*p));
        to = from;
    }
    free(to);
}

// Sort the pairs and make each value one.
static void
compact(struct gz_hist *h)
{
    uint32_t n = 0;

    if (h->sorted == h->len)
        return;
    sort(h->pair, h->len);
    for (uint32_t i = 0; i < h->len; i++) {
        if (n && h->pair[n - 1].value == h->pair[i].value)
            h->pair[n - 1].count += h->pair[i].count;
        else
            h->pair[n++] = h->pair[i];
    }
    h->sparse = n > h->len / 2 && n > 16;
    h->len = h->sorted = n;
}

static void
fold(struct gz_hist *h)
{
    for (uint32_t i = 0; i < h->len; i++)
        h->pair[i].value = gz_hist_bucket(h->pair[i].value);
    h->folded = true;
    h->sorted = 0;
    compact(h);
    h->sparse = false;
}

void
gz_hist_settle(struct gz_hist *h)
{
    compact(h);
    if (!h->folded && h->len > GZ_HIST_EXACT)
        fold(h);
}

static void
push(struct gz_hist *h, int64_t value, uint64_t count)
{
    if (h->len == h->cap) {
        // Sorting pays when there may be many of a kind: looked at three times on the
        // way up, and then whenever it is full.
        bool raw = !h->folded;

        if (h->cap == 64 || h->cap == 1024 || h->cap >= 2 * GZ_HIST_EXACT)
            gz_hist_settle(h);
        if (raw && h->folded)
            value = gz_hist_bucket(value);
        if (h->len >= h->cap / 2) {
            h->cap = h->cap ? h->cap * 2 : 4;
            h->pair = gz_mem_realloc(h->pair, h->cap, sizeof(*h->pair));
        }
    }
    h->pair[h->len++] = (struct gz_hist_pair){ value, count };
}

// Where `value` stands among the sorted pairs; -1 if it does not.
static int64_t
find(const struct gz_hist *h, int64_t value)
{
    uint32_t from = 0, to = h->sorted;

    while (from < to) {
        uint32_t mid = from + (to - from) / 2;

        if (h->pair[mid].value < value)
            from = mid + 1;
        else
            to = mid;
    }
    return from < h->sorted && h->pair[from].value == value ? (int64_t)from : -1;
}

static void
add_pair(struct gz_hist *h, int64_t value, uint64_t count)
{
    int64_t at = h->sparse ? -1 : find(h, value);

    if (at >= 0)
        h->pair[at].count += count;
    else
        push(h, value, count);
}

__extension__ typedef unsigned __int128 u128;

// Sums wrap instead of trapping: only a forged tally can get that far.
static void
add_sum(struct gz_hist *h, u128 more)
{
    h->sum.units = (gz_i128)((u128)h->sum.units + more);
}

void
gz_hist_add(struct gz_hist *h, int64_t value, uint64_t count)
{
    h->count += count;
    add_sum(h, (u128)value * count * UNIT);
    add_pair(h, h->folded ? gz_hist_bucket(value) : value, count);
}

void
gz_hist_merge(struct gz_hist *to, const struct gz_hist *from)
{
    if (from->folded && !to->folded)
        fold(to);
    to->count += from->count;
    add_sum(to, (u128)from->sum.units);
    for (uint32_t i = 0; i < from->len; i++) {
        int64_t v = from->pair[i].value;

        add_pair(to, to->folded && !from->folded ? gz_hist_bucket(v) : v,
                 from->pair[i].count);
    }
}

void
gz_hist_release(struct gz_hist *h)
{
    free(h->pair);
    *h = (struct gz_hist){ 0 };
}

// ---- reading ----

static int64_t
shown(const struct gz_hist *h, uint32_t i)
{
    return h->folded ? gz_hist_middle(h->pair[i].value) : h->pair[i].value;
}

int64_t
gz_hist_quantile(struct gz_hist *h, uint32_t num, uint32_t den)
{
    gz_i128 want;
    uint64_t rank, seen = 0;

    gz_hist_settle(h);
    if (h->count == 0)
        return 0;
    want = ((gz_i128)h->count * num + den - 1) / den;
    rank = want < 1 ? 1 : (uint64_t)want;
    for (uint32_t i = 0; i < h->len; i++) {
        seen += h->pair[i].count;
        if (seen >= rank)
            return shown(h, i);
    }
    return shown(h, h->len - 1);
}

int64_t
gz_hist_min(struct gz_hist *h)
{
    gz_hist_settle(h);
    return h->len ? shown(h, 0) : 0;
}

int64_t
gz_hist_max(struct gz_hist *h)
{
    gz_hist_settle(h);
    return h->len ? shown(h, h->len - 1) : 0;
}

uint64_t
gz_hist_at_most(struct gz_hist *h, int64_t limit)
{
    uint64_t n = 0;

    gz_hist_settle(h);
    for (uint32_t i = 0; i < h->len && shown(h, i) <= limit; i++)
        n += h->pair[i].count;
    return n;
}

void
gz_durations_merge(struct gz_durations *to, const struct gz_durations *from)
{
    gz_hist_merge(&to->sec, &from->sec);
    gz_hist_merge(&to->days, &from->days);
    to->negative += from->negative;
}

void
gz_durations_release(struct gz_durations *d)
{
    gz_hist_release(&d->sec);
    gz_hist_release(&d->days);
    d->negative = 0;
}
