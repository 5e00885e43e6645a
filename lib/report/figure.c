// SPDX-License-Identifier: MIT
#include "report/figure.h"

#include <stdlib.h>

#include "base/arena.h"

// One unit of a ratio that had to be rounded.
static const gz_i128 FINE = 1000000000000000;

static gz_i128
magnitude(gz_i128 a)
{
    return a < 0 ? -a : a;
}

static gz_i128
common_divisor(gz_i128 a, gz_i128 b)
{
    a = magnitude(a);
    while (b) {
        gz_i128 rest = a % b;

        a = b;
        b = rest;
    }
    return a ? a : 1;
}

static struct gz_ratio
reduce(gz_i128 num, gz_i128 den, bool exact)
{
    gz_i128 d = common_divisor(num, den);

    return (struct gz_ratio){ num / d, den / d, exact };
}

// The nearest ratio with denominator FINE: for sums that have outgrown 128 bits.
static struct gz_ratio
coarse(struct gz_ratio a)
{
    gz_i128 whole = a.num / a.den, rest = a.num % a.den, den = a.den;

    // rest < den; keep rest * FINE within 128 bits.
    while (den > ((gz_i128)1 << 76)) {
        den >>= 1;
        rest >>= 1;
    }
    return (struct gz_ratio){ whole * FINE + rest * FINE / den, FINE, false };
}

bool
gz_ratio_make(struct gz_dec num, struct gz_dec den, struct gz_ratio *out)
{
    if (den.units == 0)
        return false;
    *out = den.units < 0 ? reduce(-num.units, -den.units, true)
                         : reduce(num.units, den.units, true);
    return true;
}

struct gz_ratio
gz_ratio_whole(int64_t n)
{
    return (struct gz_ratio){ n, 1, true };
}

struct gz_ratio
gz_ratio_add(struct gz_ratio a, struct gz_ratio b)
{
    gz_i128 d = common_divisor(a.den, b.den), left, right, sum, den;

    if (!__builtin_mul_overflow(a.num, b.den / d, &left) &&
        !__builtin_mul_overflow(b.num, a.den / d, &right) &&
        !__builtin_add_overflow(left, right, &sum) &&
        !__builtin_mul_overflow(a.den, b.den / d, &den))
        return reduce(sum, den, a.exact && b.exact);
    return (struct gz_ratio){ coarse(a).num + coarse(b).num, FINE, false };
}

struct gz_ratio
gz_ratio_mul(struct gz_ratio a, struct gz_ratio b)
{
    gz_i128 p = common_divisor(a.num, b.den), q = common_divisor(b.num, a.den);
    gz_i128 num, den;

    if (!__builtin_mul_overflow(a.num / p, b.num / q, &num) &&
        !__builtin_mul_overflow(a.den / q, b.den / p, &den))
        return (struct gz_ratio){ num, den, a.exact && b.exact };
    a = coarse(a);
    b = coarse(b);
    return reduce(a.num / 1000000 * (b.num / 1000000), FINE / 1000000 * (FINE / 1000000),
                  false);
}

struct gz_ratio
gz_ratio_div(struct gz_ratio a, int64_t n)
{
    return gz_ratio_mul(a, (struct gz_ratio){ 1, n, true });
}

// Compare by whole parts, then by the reciprocals of what is left: Euclid's steps, so
// that no product is ever formed.
int
gz_ratio_cmp(struct gz_ratio a, struct gz_ratio b)
{
    int sign = 1;

    for (;;) {
        gz_i128 qa = a.num / a.den, qb = b.num / b.den;
        gz_i128 ra = a.num % a.den, rb = b.num % b.den;

        if (ra < 0)
            qa--, ra += a.den;
        if (rb < 0)
            qb--, rb += b.den;
        if (qa != qb)
            return qa < qb ? -sign : sign;
        if (ra == 0 || rb == 0)
            return ra == rb ? 0 : ra == 0 ? -sign : sign;
        a = (struct gz_ratio){ a.den, ra, true };
        b = (struct gz_ratio){ b.den, rb, true };
        sign = -sign;
    }
}

struct gz_figure
gz_figure_round(struct gz_ratio r, int64_t scale, unsigned places,
                enum gz_rounding rounding)
{
    gz_i128 ten = scale, num, quotient, twice;

    for (unsigned i = 0; i < places; i++)
        ten *= 10;
    if (__builtin_mul_overflow(r.num, ten, &num)) {
        r = coarse(r);
        if (__builtin_mul_overflow(r.num, ten, &num))
            return (struct gz_figure){ 0, (uint8_t)places, false };
    }
    quotient = num / r.den;
    twice = 2 * magnitude(num % r.den);
    if (twice > r.den ||
        (twice == r.den && (rounding == GZ_ROUND_HALF_UP || (quotient & 1) != 0)))
        quotient += num < 0 ? -1 : 1;
    return (struct gz_figure){ quotient, (uint8_t)places, true };
}

struct gz_figure
gz_figure_rate(struct gz_dec num, struct gz_dec den, int64_t scale, unsigned places,
               enum gz_rounding rounding)
{
    struct gz_ratio r;

    if (!gz_ratio_make(num, den, &r))
        return (struct gz_figure){ 0, (uint8_t)places, false };
    return gz_figure_round(r, scale, places, rounding);
}

struct gz_figure
gz_figure_count(gz_i128 n)
{
    return (struct gz_figure){ n, 0, true };
}

struct gz_figure
gz_figure_dec(struct gz_dec d, unsigned places)
{
    gz_i128 one = 1;

    for (int i = 0; i < GZ_DEC_PLACES; i++)
        one *= 10;
    return gz_figure_round((struct gz_ratio){ d.units, one, true }, 1, places,
                           GZ_ROUND_HALF_UP);
}

struct gz_figure
gz_figure_change(gz_i128 now, gz_i128 base, unsigned places, enum gz_rounding rounding)
{
    if (base == 0)
        return (struct gz_figure){ 0, (uint8_t)places, false };
    if (base < 0)
        return gz_figure_round((struct gz_ratio){ base - now, -base, true }, 100, places,
                               rounding);
    return gz_figure_round((struct gz_ratio){ now - base, base, true }, 100, places,
                           rounding);
}

// One part, and what its share lost by rounding down.
struct part {
    gz_i128 size;
    gz_i128 rest;
    size_t at;
};

// Who gets an extra unit first.
static int
part_order(const void *left, const void *right)
{
    const struct part *a = left, *b = right;

    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

bool
gz_figure_shares(const gz_i128 *part, size_t count, unsigned places,
                 struct gz_figure *share)
{
    gz_i128 total = 0, whole = 100, given = 0;
    struct gz_arena scratch = { 0 };
    struct part *order = gz_arena_new(&scratch, struct part, count + 1);

    for (unsigned i = 0; i < places; i++)
        whole *= 10;
    for (size_t i = 0; i < count; i++)
        total += part[i];
    for (size_t i = 0; i < count; i++) {
        share[i] = (struct gz_figure){ 0, (uint8_t)places, total > 0 };
        if (total <= 0)
            continue;
        share[i].value = part[i] * whole / total;
        order[i] = (struct part){ part[i], part[i] * whole % total, i };
        given += share[i].value;
    }
    // At most count - 1 units are left over, so each part gets one at most.
    if (total > 0) {
        qsort(order, count, sizeof *order, part_order);
        for (size_t i = 0; given < whole; i++, given++)
            share[order[i].at].value++;
    }
    gz_arena_free(&scratch);
    return total > 0;
}

void
gz_figure_put(struct gz_buf *out, struct gz_figure f, char group)
{
    char digits[48];
    size_t n = 0;
    gz_i128 v = magnitude(f.value);

    if (!f.known) {
        gz_buf_cstr(out, "—");
        return;
    }
    do {
        digits[n++] = (char)('0' + (int)(v % 10));
        v /= 10;
    } while (v || n <= f.places);
    if (f.value < 0)
        gz_buf_char(out, '-');
    while (n > f.places) {
        size_t left = n - f.places;

        gz_buf_char(out, digits[--n]);
        if (group && left > 1 && (left - 1) % 3 == 0)
            gz_buf_char(out, group);
    }
    if (f.places)
        gz_buf_char(out, '.');
    while (n > 0)
        gz_buf_char(out, digits[--n]);
}
