// SPDX-License-Identifier: MIT
#include "tally/distinct.h"
#include "tally/hist.h"
#include "tally/row.h"
#include "tap.h"

static uint64_t seed = 20260322;

static uint64_t
next(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return seed >> 24;
}

static int
by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

// What the cell of this histogram looks like in the stream.
static struct gz_buf
written(struct gz_hist *h)
{
    struct gz_durations d = { .sec = *h };
    struct gz_cell c = { .type = GZ_CELL_DURATION, .durations = &d };
    struct gz_buf out = { 0 };

    gz_cell_write(&c, &out);
    *h = d.sec;
    return out;
}

static void
test_buckets(void)
{
    int64_t last = -1;
    size_t bad = 0;

    for (int64_t v = 0; v < 5000000; v += 1 + v / 1000) {
        int64_t b = gz_hist_bucket(v), mid = gz_hist_middle(b);
        int64_t off = mid > v ? mid - v : v - mid;

        bad += b < last || off * 1000 > v * 8 || (v < 128 && mid != v);
        last = b;
    }
    is_u64(bad, 0, "buckets rise, and their middles are within 0.8 %%");
    ok(gz_hist_bucket(gz_hist_middle(700)) == 700, "a middle is in its bucket");
}

// Quantiles against a sorted array; exact below the limit, close above it.
static void
test_quantiles(size_t n, uint64_t range, bool folded)
{
    int64_t *all = malloc(n * sizeof(*all));
    struct gz_hist h = { 0 };
    gz_i128 sum = 0;

    if (!all)
        abort();
    for (size_t i = 0; i < n; i++) {
        all[i] = (int64_t)(next() % range);
        sum += all[i];
        gz_hist_add(&h, all[i], 1);
    }
    qsort(all, n, sizeof(*all), by_number);
    for (uint32_t p = 10; p <= 100; p += 10) {
        size_t rank = (n * p + 99) / 100;
        int64_t want = all[rank ? rank - 1 : 0], got = gz_hist_quantile(&h, p, 100);
        int64_t off = got > want ? got - want : want - got;

        ok(folded ? off * 1000 <= want * 8 + 1000 : off == 0, "p%u of %zu: %lld, %lld", p,
           n, (long long)got, (long long)want);
    }
    ok(h.folded == folded, "%zu values: %s", n, folded ? "folded" : "exact");
    is_u64(h.count, n, "all counted");
    ok(h.sum.units == sum * 1000000000, "the sum is exact");
    gz_hist_release(&h);
    free(all);
}

// Parts put together in any way are the whole, to the byte.
static void
test_merge(size_t n, uint64_t range)
{
    struct gz_hist whole = { 0 }, part[5] = { { 0 } }, merged = { 0 };
    struct gz_buf a, b;

    for (size_t i = 0; i < n; i++) {
        int64_t v = (int64_t)(next() % range);

        gz_hist_add(&whole, v, 1);
        gz_hist_add(&part[next() % 5], v, 1);
    }
    for (int i = 4; i >= 0; i--) {
        struct gz_buf scrap = written(&part[i]); // settled or not must not matter

        gz_buf_release(&scrap);
        gz_hist_merge(&merged, &part[i]);
        gz_hist_release(&part[i]);
    }
    a = written(&whole);
    b = written(&merged);
    ok(a.len == b.len && memcmp(a.ptr, b.ptr, a.len) == 0, "%zu of %llu: parts are it", n,
       (unsigned long long)range);
    gz_buf_release(&a);
    gz_buf_release(&b);
    gz_hist_release(&whole);
    gz_hist_release(&merged);
}

// Exactly at the limit it is exact; one value more and it is folded.
static void
test_limit(void)
{
    struct gz_hist h = { 0 };

    for (int round = 0; round < 5; round++)
        for (int64_t v = 0; v < GZ_HIST_EXACT; v++)
            gz_hist_add(&h, v * 10, 1);
    gz_hist_settle(&h);
    ok(!h.folded && h.len == GZ_HIST_EXACT, "4096 values stay exact");
    gz_hist_add(&h, 5, 1);
    gz_hist_settle(&h);
    ok(h.folded, "one more folds");
    is_u64(h.count, 5 * GZ_HIST_EXACT + 1, "nothing is lost");
    gz_hist_release(&h);
}

static void
test_distinct(void)
{
    struct gz_distinct whole = { 0 }, a = { 0 }, b = { 0 };
    bool approx;
    uint64_t n;
    char text[32];

    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof(text), "key %d", i % 700);
        gz_distinct_add(&whole, gz_str_of(text));
    }
    is_u64(gz_distinct_count(&whole, &approx), 700, "few are exact");
    ok(!approx, "and say so");
    for (int i = 0; i < 200000; i++) {
        snprintf(text, sizeof(text), "key %d", i % 100000);
        gz_distinct_add(&whole, gz_str_of(text));
        gz_distinct_add(i % 3 ? &a : &b, gz_str_of(text));
    }
    n = gz_distinct_count(&whole, &approx);
    ok(approx && n > 95000 && n < 105000, "many are estimated: %llu",
       (unsigned long long)n);
    gz_distinct_merge(&a, &b);
    ok(gz_distinct_count(&a, &approx) == n, "parts give the same estimate");
    gz_distinct_release(&whole);
    gz_distinct_release(&a);
    gz_distinct_release(&b);
}

int
main(void)
{
    test_buckets();
    test_quantiles(1, 10, false);
    test_quantiles(1000, 50, false);
    test_quantiles(4000, 1000000000, false);
    test_quantiles(20000, 100000000, true);
    test_merge(300, 40);
    test_merge(4000, 4000);
    test_merge(9000, 5000);
    test_merge(9000, 1000000);
    test_merge(60000, 3000000);
    test_limit();
    test_distinct();
    return done_testing();
}
