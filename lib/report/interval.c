// SPDX-License-Identifier: MIT
#include "report/interval.h"

#include "base/arena.h"

enum { DF_MIN = 4, DF_MAX = 2 * GZ_INTERVAL_PERIODS - 2 };

// The 97.5 % point of the normal distribution, and of Student's t from DF_MIN degrees on,
// in millionths.
static const int32_t NORMAL = 1959964;
static const int32_t student[DF_MAX - DF_MIN + 1] = { 2776445, 2570582, 2446912, 2364624,
                                                      2306004, 2262157, 2228139, 2200985,
                                                      2178813, 2160369, 2144787, 2131450,
                                                      2119905, 2109816, 2100922, 2093024,
                                                      2085963, 2079614, 2073873 };

static const int64_t COUNT_MAX = INT64_C(1) << 31; // products of two fit, and of four
static const gz_i128 ONE = 1000000000000000;       // fixed point: 15 places

// Exact for counts up to COUNT_MAX.
static struct gz_ratio
ratio_of(gz_i128 num, gz_i128 den)
{
    struct gz_ratio r = { 0, 1, true };

    gz_ratio_make((struct gz_dec){ num }, (struct gz_dec){ den }, &r);
    return r;
}

static struct gz_pair
sum_of(const struct gz_pair *p, size_t count)
{
    struct gz_pair s = { 0, 0 };

    for (size_t i = 0; i < count; i++) {
        s.here += p[i].here;
        s.other += p[i].other;
    }
    return s;
}

// Pearson's X2 of one span: how far the shares of its periods lie from that of the whole.
static struct gz_ratio
scatter(const struct gz_pair *p, size_t count, int64_t *df)
{
    struct gz_pair s = sum_of(p, count);
    struct gz_ratio sum = gz_ratio_whole(0);
    gz_i128 here = s.here, all = here + s.other;
    int64_t used = 0;

    for (size_t i = 0; i < count; i++) {
        gz_i128 n = (gz_i128)p[i].here + p[i].other, off = p[i].here * all - n * here;

        used += n > 0;
        if (n == 0 || here == 0 || here == all)
            continue;
        off = off < 0 ? -off : off;
        sum = gz_ratio_add(
            sum, gz_ratio_mul(ratio_of(off, n * here), ratio_of(off, all - here)));
    }
    *df += used > 0 ? used - 1 : 0;
    return sum;
}

// The whole part of a square root: Newton from above.
static gz_i128
root(gz_i128 v)
{
    gz_i128 x = 1, y;

    while (x * x < v && x < ((gz_i128)1 << 62))
        x *= 2;
    for (;;) {
        y = (x + v / x) / 2;
        if (y >= x)
            return x;
        x = y;
    }
}

// e to the power of x / ONE, in units of 1 / ONE; 0 <= x < 15 ONE. The series of a
// 256th, squared eight times.
static gz_i128
exponential(gz_i128 x)
{
    gz_i128 part = x / 256, term = ONE, sum = ONE;

    for (int n = 1; n <= 12; n++) {
        term = term * part / ONE / n;
        sum += term;
    }
    for (int n = 0; n < 8; n++)
        sum = sum * sum / ONE;
    return sum;
}

// Half the width of the interval of the logarithm, in units of 1 / ONE.
static gz_i128
half_width(struct gz_pair b, struct gz_pair a, struct gz_ratio spread, int64_t df)
{
    const int64_t count[] = { b.here, b.other, a.here, a.other };
    struct gz_ratio variance = gz_ratio_whole(0);
    bool wide = gz_ratio_cmp(spread, gz_ratio_whole(1)) > 0;
    struct gz_figure f;

    for (size_t i = 0; i < GZ_COUNT(count); i++)
        variance = gz_ratio_add(variance, ratio_of(2, 2 * (gz_i128)count[i] + 1));
    if (wide)
        variance = gz_ratio_mul(variance, spread);
    f = gz_figure_round(variance, 1, 18, GZ_ROUND_HALF_UP);
    if (!f.known)
        return -1;
    return root(f.value) * (wide ? student[df - DF_MIN] : NORMAL); // 9 + 6 places
}

bool
gz_interval_make(const struct gz_pair *before, size_t n_before,
                 const struct gz_pair *after, size_t n_after, struct gz_interval *out)
{
    struct gz_pair b = sum_of(before, n_before), a = sum_of(after, n_after);
    struct gz_ratio spread, middle, times;
    int64_t df = 0;
    gz_i128 width;

    if (!b.here || !b.other || !a.other ||
        b.here + b.other + a.here + a.other > COUNT_MAX)
        return false;
    spread = scatter(before, n_before, &df);
    spread = gz_ratio_add(spread, scatter(after, n_after, &df));
    if (df < DF_MIN || df > DF_MAX)
        return false;
    width = half_width(b, a, gz_ratio_div(spread, df), df);
    if (width < 0 || width >= 15 * ONE)
        return false;
    times = ratio_of(exponential(width), ONE);
    middle = ratio_of((gz_i128)(2 * a.here + 1) * (2 * b.other + 1),
                      (gz_i128)(2 * b.here + 1) * (2 * a.other + 1));
    out->ratio = ratio_of((gz_i128)a.here * b.other, (gz_i128)b.here * a.other);
    out->low = gz_ratio_mul(middle, ratio_of(times.den, times.num));
    out->high = gz_ratio_mul(middle, times);
    // With nothing after, the ratio itself is 0, and below what 1/2 was added to.
    if (gz_ratio_cmp(out->ratio, out->low) < 0)
        out->low = out->ratio;
    return true;
}
