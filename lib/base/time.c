// SPDX-License-Identifier: MIT
#include "base/time.h"

#include <string.h>

enum { DAY = 86400 };

static bool
is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t
gz_days_in_month(int32_t year, int32_t month)
{
    static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

bool
gz_date_valid(struct gz_date d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= gz_days_in_month(d.year, d.month);
}

// Count in years that start in March, so that the leap day comes last; eras of 400.
int64_t
gz_date_to_days(struct gz_date d)
{
    int64_t y = d.year - (d.month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * ((d.month + 9) % 12) + 2) / 5 + d.day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct gz_date
gz_days_to_date(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int32_t month = (int32_t)(mp < 10 ? mp + 3 : mp - 9);

    return (struct gz_date){ (int32_t)(yoe + era * 400 + (month <= 2)), month,
                             (int32_t)(doy - (153 * mp + 2) / 5 + 1) };
}

int
gz_days_weekday(int64_t days)
{
    int64_t w = (days + 3) % 7; // 1970-01-01 was a Thursday

    return (int)(w < 0 ? w + 7 : w);
}

int64_t
gz_time_day(struct gz_time t)
{
    return (t.sec >= 0 ? t.sec : t.sec - (DAY - 1)) / DAY;
}

// Exactly `n` digits at *p; -1 if they are not there. Steps over them.
static int32_t
digits(const char **p, const char *end, int n)
{
    int32_t value = 0;

    if (end - *p < n)
        return -1;
    for (int i = 0; i < n; i++) {
        unsigned d = (unsigned)((unsigned char)(*p)[i] - '0');

        if (d > 9)
            return -1;
        value = value * 10 + (int32_t)d;
    }
    *p += n;
    return value;
}

static bool
eat(const char **p, const char *end, char c)
{
    if (*p == end || **p != c)
        return false;
    ++*p;
    return true;
}

static bool
parse_offset(const char **p, const char *end, int16_t *out)
{
    int32_t sign, h, m;

    if (eat(p, end, 'Z')) {
        *out = 0;
        return true;
    }
    if (eat(p, end, '+'))
        sign = 1;
    else if (eat(p, end, '-'))
        sign = -1;
    else
        return false;
    h = digits(p, end, 2);
    eat(p, end, ':');
    m = digits(p, end, 2);
    if (h < 0 || h > 18 || m < 0 || m > 59)
        return false;
    *out = (int16_t)(sign * (h * 60 + m));
    return true;
}

// The part after the date: T08:05[:30[.fff]][offset].
static bool
parse_clock(const char **p, const char *end, struct gz_time *out)
{
    int32_t h = digits(p, end, 2), m, s = 0;

    if (h < 0 || h > 24 || !eat(p, end, ':') || (m = digits(p, end, 2)) < 0 || m > 59)
        return false;
    out->prec = GZ_PREC_MINUTE;
    if (eat(p, end, ':')) {
        // 60 is a leap second: counted as the last one before it.
        if ((s = digits(p, end, 2)) < 0 || s > 60)
            return false;
        s -= s == 60;
        out->prec = GZ_PREC_SECOND;
        if (eat(p, end, '.')) {
            const char *from = *p;

            while (*p < end && **p >= '0' && **p <= '9')
                ++*p;
            if (*p == from)
                return false;
        }
    }
    if (h == 24 && (m || s))
        return false;
    out->sec += h * 3600 + m * 60 + s;
    return *p == end || parse_offset(p, end, &out->offset_min);
}

// Two digits as a number; anything over 99 when they are none.
static inline unsigned
two(const char *p)
{
    unsigned a = (unsigned)(unsigned char)p[0] - '0';
    unsigned b = (unsigned)(unsigned char)p[1] - '0';

    return a > 9 || b > 9 ? 1000 : a * 10 + b;
}

// The forms that nearly all times have: 2018-03-19, with T08:05 or T08:05:30 after it.
// False leaves the string to the patient way.
static bool
parse_usual(struct gz_str s, struct gz_time *out)
{
    const char *p = s.ptr;
    unsigned y, m, d, hour = 0, min = 0, sec = 0;

    if ((s.len != 10 && s.len != 16 && s.len != 19) || p[4] != '-' || p[7] != '-')
        return false;
    y = two(p) * 100 + two(p + 2);
    m = two(p + 5);
    d = two(p + 8);
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 ||
        d > (unsigned)gz_days_in_month((int32_t)y, (int32_t)m))
        return false;
    if (s.len >= 16) {
        hour = two(p + 11);
        min = two(p + 14);
        if (p[10] != 'T' || p[13] != ':' || hour > 23 || min > 59)
            return false;
    }
    if (s.len == 19) {
        sec = two(p + 17);
        if (p[16] != ':' || sec > 59)
            return false;
    }
    *out = (struct gz_time){
        gz_date_to_days((struct gz_date){ (int32_t)y, (int32_t)m, (int32_t)d }) * DAY +
            (int64_t)(hour * 3600 + min * 60 + sec),
        GZ_NO_OFFSET,
        s.len == 10   ? GZ_PREC_DAY
        : s.len == 16 ? GZ_PREC_MINUTE
                      : GZ_PREC_SECOND,
    };
    return true;
}

bool
gz_time_parse(struct gz_str s, struct gz_time *out)
{
    const char *p = s.ptr, *end = gz_str_end(s);
    struct gz_date d = { 0, 1, 1 };
    struct gz_time t = { 0, GZ_NO_OFFSET, GZ_PREC_YEAR };

    if (parse_usual(s, out))
        return true;
    if (s.len == 0 || (d.year = digits(&p, end, 4)) < 1)
        return false;
    if (p < end) {
        if (!eat(&p, end, '-'))
            return false;
        d.month = digits(&p, end, 2);
        t.prec = GZ_PREC_MONTH;
    }
    if (p < end) {
        if (!eat(&p, end, '-'))
            return false;
        d.day = digits(&p, end, 2);
        t.prec = GZ_PREC_DAY;
    }
    if (!gz_date_valid(d))
        return false;
    t.sec = gz_date_to_days(d) * DAY;
    if (p < end &&
        !((eat(&p, end, 'T') || eat(&p, end, ' ')) && parse_clock(&p, end, &t)))
        return false;
    if (p != end)
        return false;
    *out = t;
    return true;
}

static char *
put_digits(char *p, int64_t value, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        p[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return p + n;
}

size_t
gz_time_format(struct gz_time t, char *out)
{
    int64_t day = gz_time_day(t);
    int64_t sec = t.sec - day * DAY;
    struct gz_date d = gz_days_to_date(day);
    char *p = put_digits(out, d.year, 4);

    if (t.prec >= GZ_PREC_MONTH) {
        *p++ = '-';
        p = put_digits(p, d.month, 2);
    }
    if (t.prec >= GZ_PREC_DAY) {
        *p++ = '-';
        p = put_digits(p, d.day, 2);
    }
    if (t.prec < GZ_PREC_MINUTE)
        return (size_t)(p - out);
    *p++ = 'T';
    p = put_digits(p, sec / 3600, 2);
    *p++ = ':';
    p = put_digits(p, sec / 60 % 60, 2);
    if (t.prec == GZ_PREC_SECOND) {
        *p++ = ':';
        p = put_digits(p, sec % 60, 2);
    }
    if (t.offset_min != GZ_NO_OFFSET) {
        int off = t.offset_min < 0 ? -t.offset_min : t.offset_min;

        *p++ = t.offset_min < 0 ? '-' : '+';
        p = put_digits(p, off / 60, 2);
        *p++ = ':';
        p = put_digits(p, off % 60, 2);
    }
    return (size_t)(p - out);
}

bool
gz_time_between(struct gz_time a, struct gz_time b, int64_t *sec, bool *days)
{
    if (a.prec < GZ_PREC_DAY || b.prec < GZ_PREC_DAY)
        return false;
    *days = a.prec == GZ_PREC_DAY || b.prec == GZ_PREC_DAY;
    if (*days) {
        *sec = (gz_time_day(b) - gz_time_day(a)) * DAY;
        return true;
    }
    *sec = b.sec - a.sec;
    if (a.offset_min != GZ_NO_OFFSET && b.offset_min != GZ_NO_OFFSET)
        *sec += (int64_t)(a.offset_min - b.offset_min) * 60;
    return true;
}
