// SPDX-License-Identifier: MIT
#include "base/datescan.h"

static void
blanks(struct gz_datescan *st)
{
    while (st->p < st->end && (*st->p == ' ' || *st->p == '\t'))
        st->p++;
}

bool
gz_datescan_separator(struct gz_datescan *st)
{
    if (st->p == st->end)
        return false;
    if (*st->p == '-' || *st->p == '/' || *st->p == '.') {
        st->p++;
        return true;
    }
    if (*st->p < 0x80)
        return false;
    return gz_datescan_eat(st, GZ_STR("年")) || gz_datescan_eat(st, GZ_STR("月"));
}

// AM, PM, a.m., p.m. in either case, or a Chinese word for a part of the day.
bool
gz_datescan_day_part(struct gz_datescan *st)
{
    static const struct {
        struct gz_str word;
        bool pm;
    } parts[] = {
        { { "上午", 6 }, false }, { { "下午", 6 }, true }, { { "凌晨", 6 }, false },
        { { "早上", 6 }, false }, { { "中午", 6 }, true }, { { "晚上", 6 }, true },
        { { "a.m.", 4 }, false }, { { "p.m.", 4 }, true },
    };

    if (st->p == st->end)
        return false;
    if (st->end - st->p >= 2 && (st->p[1] | 0x20) == 'm' &&
        ((st->p[0] | 0x20) == 'a' || (st->p[0] | 0x20) == 'p')) {
        st->clock12 = true;
        st->pm = (st->p[0] | 0x20) == 'p';
        st->p += 2;
        return true;
    }
    for (size_t i = 0; i < GZ_COUNT(parts); i++)
        if (gz_datescan_eat(st, parts[i].word)) {
            st->clock12 = true;
            st->pm = parts[i].pm;
            return true;
        }
    return false;
}

// 星期三, 周三, (星期三): said by the date already.
static void
weekday(struct gz_datescan *st)
{
    bool bracket = gz_datescan_eat(st, GZ_STR("(")) || gz_datescan_eat(st, GZ_STR("（"));

    if (gz_datescan_eat(st, GZ_STR("星期")) || gz_datescan_eat(st, GZ_STR("周"))) {
        static const char days[] = "一二三四五六日天";

        for (size_t i = 0; i < sizeof(days) - 1; i += 3)
            if (gz_datescan_eat(st, (struct gz_str){ days + i, 3 }))
                break;
    }
    if (bracket && !gz_datescan_eat(st, GZ_STR(")")))
        gz_datescan_eat(st, GZ_STR("）"));
}

bool
gz_datescan_offset(struct gz_datescan *st)
{
    int32_t sign, h, m = 0;

    if (gz_datescan_eat(st, GZ_STR("Z")) || gz_datescan_eat(st, GZ_STR("UTC"))) {
        st->offset = 0;
        return true;
    }
    if (st->p == st->end || (*st->p != '+' && *st->p != '-'))
        return false;
    sign = *st->p++ == '+' ? 1 : -1;
    if (!gz_datescan_number(st, 2, 2, &h))
        return false;
    gz_datescan_eat(st, GZ_STR(":"));
    if (st->p < st->end && !gz_datescan_number(st, 2, 2, &m))
        return false;
    if (h > 18 || m > 59)
        return false;
    st->offset = sign * (h * 60 + m);
    return true;
}

void
gz_datescan_fraction(struct gz_datescan *st)
{
    st->frac = st->p;
    while (st->p < st->end && *st->p >= '0' && *st->p <= '9')
        st->p++;
    st->frac_len = (size_t)(st->p - st->frac);
}

static bool
colon(struct gz_datescan *st)
{
    return gz_datescan_eat(st, GZ_STR(":")) || gz_datescan_eat(st, GZ_STR("："));
}

// 17:15[:30[.5]], 11时, 3点半, 5点20分30秒.
static bool
clock(struct gz_datescan *st)
{
    if (!gz_datescan_number(st, 1, 2, &st->hour))
        return false;
    st->prec = GZ_PREC_MINUTE;
    if (st->p == st->end)
        return st->clock12; // "下午3" is a time, "2018-01-02 3" is not
    if (!colon(st)) {
        if (!gz_datescan_eat(st, GZ_STR("时")) && !gz_datescan_eat(st, GZ_STR("點")) &&
            !gz_datescan_eat(st, GZ_STR("点"))) {
            blanks(st);
            return gz_datescan_day_part(st); // "3 PM"
        }
        if (gz_datescan_eat(st, GZ_STR("半"))) {
            st->min = 30;
            return true;
        }
        if (!gz_datescan_at_digit(st))
            return true;
    }
    if (!gz_datescan_number(st, 1, 2, &st->min))
        return false;
    if (colon(st) || (gz_datescan_eat(st, GZ_STR("分")) && gz_datescan_at_digit(st))) {
        if (!gz_datescan_number(st, 1, 2, &st->sec))
            return false;
        st->prec = GZ_PREC_SECOND;
        if (gz_datescan_eat(st, GZ_STR(".")) || gz_datescan_eat(st, GZ_STR(",")))
            gz_datescan_fraction(st);
        gz_datescan_eat(st, GZ_STR("秒"));
    }
    return true;
}

bool
gz_datescan_time_of_day(struct gz_datescan *st)
{
    blanks(st);
    if (st->p == st->end)
        return true;
    if (*st->p == 'T') {
        st->p++;
        gz_datescan_eat(st, GZ_STR(":")); // 2016/01/22T:13:06:40 is really met
    } else if (*st->p == ',') {
        st->p++;
        blanks(st);
    } else if (*st->p >= 0x80 || *st->p == '(') {
        weekday(st);
        blanks(st);
        if (st->p == st->end)
            return true;
    }
    if (!gz_datescan_at_digit(st)) {
        gz_datescan_day_part(st);
        blanks(st);
    }
    if (!clock(st))
        return false;
    if (st->p == st->end)
        return true;
    blanks(st);
    if (!st->clock12)
        gz_datescan_day_part(st);
    blanks(st);
    if (st->p < st->end)
        gz_datescan_offset(st);
    blanks(st);
    if (st->p < st->end)
        weekday(st);
    return true;
}

static bool
month_name(struct gz_datescan *st)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    static const char *const rest[] = { "uary",   "ruary", "ch",    "il",
                                        "",       "e",     "y",     "ust",
                                        "tember", "ober",  "ember", "ember" };
    char low[3];

    if (st->end - st->p < 3)
        return false;
    for (int i = 0; i < 3; i++)
        low[i] = (char)(st->p[i] | 0x20);
    for (int m = 0; m < 12; m++) {
        struct gz_str tail = gz_str_of(rest[m]);

        if (memcmp(names + 3 * m, low, 3) != 0)
            continue;
        st->p += 3;
        st->month = m + 1;
        if ((size_t)(st->end - st->p) >= tail.len &&
            gz_str_eq_nocase((struct gz_str){ (const char *)st->p, tail.len }, tail))
            st->p += tail.len;
        gz_datescan_eat(st, GZ_STR("."));
        return true;
    }
    return false;
}

// 22 Jan 2018, 22-Jan-2018, Jan 22, 2018.
bool
gz_datescan_month_name_date(struct gz_datescan *st)
{
    st->prec = GZ_PREC_DAY;
    if (gz_datescan_number(st, 1, 2, &st->day)) {
        blanks(st);
        gz_datescan_eat(st, GZ_STR("-"));
        if (!month_name(st))
            return false;
        blanks(st);
        gz_datescan_eat(st, GZ_STR("-"));
    } else {
        if (!month_name(st))
            return false;
        blanks(st);
        if (!gz_datescan_number(st, 1, 2, &st->day))
            return false;
        gz_datescan_eat(st, GZ_STR(","));
        blanks(st);
    }
    return gz_datescan_number(st, 4, 4, &st->year);
}

bool
gz_datescan_compact(struct gz_datescan *st)
{
    size_t n = (size_t)(st->end - st->p);

    if (n != 8 && n != 12 && n != 14)
        return false;
    if (!gz_datescan_number(st, 4, 4, &st->year) ||
        !gz_datescan_number(st, 2, 2, &st->month) ||
        !gz_datescan_number(st, 2, 2, &st->day))
        return false;
    st->prec = GZ_PREC_DAY;
    if (n == 8)
        return true;
    st->prec = n == 12 ? GZ_PREC_MINUTE : GZ_PREC_SECOND;
    return gz_datescan_number(st, 2, 2, &st->hour) &&
           gz_datescan_number(st, 2, 2, &st->min) &&
           (n == 12 || gz_datescan_number(st, 2, 2, &st->sec));
}

static void
from_seconds(struct gz_datescan *st, int64_t day, int64_t sec)
{
    struct gz_date d = gz_days_to_date(day);

    st->year = d.year;
    st->month = d.month;
    st->day = d.day;
    st->hour = (int32_t)(sec / 3600);
    st->min = (int32_t)(sec / 60 % 60);
    st->sec = (int32_t)(sec % 60);
}

// Day 1 is 1900-01-01, and day 60 is the 29th of February that 1900 did not have.
bool
gz_datescan_excel(struct gz_datescan *st)
{
    int32_t n;
    uint64_t part = 0, unit = 1, sec;
    int64_t day;

    if (!gz_datescan_number(st, 1, 6, &n) || n < 1 || n > 100000 || n == 60)
        return false;
    day = gz_date_to_days((struct gz_date){ 1899, 12, n < 60 ? 31 : 30 }) + n;
    st->prec = GZ_PREC_DAY;
    if (!gz_datescan_eat(st, GZ_STR("."))) {
        from_seconds(st, day, 0);
        return true;
    }
    for (; gz_datescan_at_digit(st); st->p++)
        if (unit < 1000000000000) {
            part = part * 10 + (*st->p - '0');
            unit *= 10;
        }
    if (unit == 1)
        return false;
    sec = (part * 86400 + unit / 2) / unit;
    if (part)
        st->prec = GZ_PREC_SECOND;
    from_seconds(st, day + (int64_t)(sec / 86400), (int64_t)(sec % 86400));
    return true;
}

bool
gz_datescan_epoch(struct gz_datescan *st, int64_t per_second)
{
    int64_t value = 0, sec;
    bool minus = gz_datescan_eat(st, GZ_STR("-"));
    int n = 0;

    for (; gz_datescan_at_digit(st) && n < 15; st->p++, n++)
        value = value * 10 + (*st->p - '0');
    if (!n)
        return false;
    value = minus ? -value : value;
    sec = value / per_second - (value % per_second < 0);
    st->prec = GZ_PREC_SECOND;
    st->offset = 0;
    value = sec / 86400 - (sec % 86400 < 0);
    if (value < -719162 || value > 2932896)
        return false;
    from_seconds(st, value, sec - value * 86400);
    return true;
}
