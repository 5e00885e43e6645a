// SPDX-License-Identifier: MIT
#include "base/num.h"

bool
gz_num_u64(struct gz_str s, uint64_t *out)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned d = (unsigned)((unsigned char)s.ptr[i] - '0');

        if (d > 9 || __builtin_mul_overflow(n, 10u, &n) ||
            __builtin_add_overflow(n, d, &n))
            return false;
    }
    *out = n;
    return true;
}

bool
gz_num_i64(struct gz_str s, int64_t *out)
{
    bool minus = s.len && s.ptr[0] == '-';
    uint64_t n;

    if (!gz_num_u64(gz_str_from(s, minus), &n))
        return false;
    if (n > (uint64_t)INT64_MAX + minus)
        return false;
    *out = minus ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

static bool
push_digit(gz_i128 *n, int d)
{
    return !__builtin_mul_overflow(*n, 10, n) && !__builtin_add_overflow(*n, d, n);
}

// Parse the exponent at `s`, which starts after 'e'. Values outside ±999 are refused.
static bool
exponent(struct gz_str s, int *out)
{
    bool minus = s.len && s.ptr[0] == '-';
    uint64_t n;

    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = gz_str_from(s, 1);
    if (!gz_num_u64(s, &n) || n > 999)
        return false;
    *out = minus ? -(int)n : (int)n;
    return true;
}

bool
gz_dec_parse(struct gz_str s, struct gz_dec *out)
{
    bool minus = s.len && s.ptr[0] == '-';
    bool point = false, any = false;
    int places = 0, exp = 0;
    gz_i128 n = 0;
    size_t i = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+');

    for (; i < s.len; i++) {
        char c = s.ptr[i];

        if (c >= '0' && c <= '9') {
            if (!push_digit(&n, c - '0'))
                return false;
            any = true;
            places += point;
        } else if (c == '.' && !point) {
            point = true;
        } else if ((c == 'e' || c == 'E') && any) {
            if (!exponent(gz_str_from(s, i + 1), &exp))
                return false;
            break;
        } else {
            return false;
        }
    }
    if (!any)
        return false;
    for (exp += GZ_DEC_PLACES - places; exp > 0 && n; exp--)
        if (!push_digit(&n, 0))
            return false;
    for (; exp < 0 && n; exp++) {
        if (n % 10)
            return false;
        n /= 10;
    }
    out->units = minus ? -n : n;
    return true;
}

bool
gz_dec_add(struct gz_dec *sum, struct gz_dec d)
{
    gz_i128 n;

    if (__builtin_add_overflow(sum->units, d.units, &n))
        return false;
    sum->units = n;
    return true;
}

int
gz_dec_cmp(struct gz_dec a, struct gz_dec b)
{
    return (a.units > b.units) - (a.units < b.units);
}

void
gz_dec_format(struct gz_dec d, struct gz_buf *out)
{
    char digits[48];
    size_t end = sizeof(digits), at = end;
    bool minus = d.units < 0;
    int places = GZ_DEC_PLACES;

    // Digits from the right; a remainder keeps its sign, so the smallest value works.
    do {
        int digit = (int)(d.units % 10);

        digits[--at] = (char)('0' + (digit < 0 ? -digit : digit));
        d.units /= 10;
    } while (d.units || end - at <= GZ_DEC_PLACES);
    while (places && digits[end - 1] == '0') {
        end--;
        places--;
    }
    if (minus)
        gz_buf_char(out, '-');
    gz_buf_add(out, (struct gz_str){ digits + at, end - at - (size_t)places });
    if (places) {
        gz_buf_char(out, '.');
        gz_buf_add(out, (struct gz_str){ digits + end - places, (size_t)places });
    }
}
