// SPDX-License-Identifier: MIT
#include "civic/period.h"

#include "base/num.h"

enum { DAY = 86400 };

// ---- names ----

static bool
number_in(struct gz_str s, size_t from, size_t len, int32_t least, int32_t most,
          int32_t *out)
{
    uint64_t n;

    if (s.len < from + len || !gz_num_u64((struct gz_str){ s.ptr + from, len }, &n) ||
        n < (uint64_t)least || n > (uint64_t)most)
        return false;
    *out = (int32_t)n;
    return true;
}

// The Monday of ISO week 1 of a year, as a number of weeks.
static int32_t
first_week(int32_t year)
{
    int64_t day = gz_date_to_days((struct gz_date){ year, 1, 4 });

    return (int32_t)((day + 3) / 7 - ((day + 3) % 7 < 0));
}

static int32_t
week_of_day(int64_t day)
{
    int64_t n = day + 3; // weeks are counted from Monday 1969-12-29

    return (int32_t)(n >= 0 ? n / 7 : (n - 6) / 7);
}

static bool
parse_week(struct gz_str s, int32_t year, int32_t *number)
{
    int32_t week;

    if (s.len != 8 || !number_in(s, 6, 2, 1, 53, &week))
        return false;
    *number = first_week(year) + week - 1;
    return week <= 52 || *number < first_week(year + 1);
}

bool
gz_period_parse(struct gz_str s, enum gz_period_kind *kind, int32_t *number)
{
    struct gz_date d = { 0, 1, 1 };

    if (s.len == 0 || gz_str_is(s, "all")) {
        *kind = GZ_PERIOD_ALL;
        *number = 0;
        return true;
    }
    if (!number_in(s, 0, 4, 1, 9999, &d.year))
        return false;
    if (s.len == 4) {
        *kind = GZ_PERIOD_YEAR;
        *number = d.year;
        return true;
    }
    if (s.ptr[4] != '-' || s.len < 7)
        return false;
    if (s.ptr[5] == 'Q') {
        *kind = GZ_PERIOD_QUARTER;
        if (s.len != 7 || !number_in(s, 6, 1, 1, 4, number))
            return false;
        *number += d.year * 4 - 1;
        return true;
    }
    if (s.ptr[5] == 'W') {
        *kind = GZ_PERIOD_WEEK;
        return parse_week(s, d.year, number);
    }
    if (!number_in(s, 5, 2, 1, 12, &d.month))
        return false;
    *kind = GZ_PERIOD_MONTH;
    *number = d.year * 12 + d.month - 1;
    if (s.len == 7)
        return true;
    *kind = GZ_PERIOD_DAY;
    if (s.len != 10 || s.ptr[7] != '-' || !number_in(s, 8, 2, 1, 31, &d.day) ||
        !gz_date_valid(d))
        return false;
    *number = (int32_t)gz_date_to_days(d);
    return true;
}

static void
put_date(struct gz_date d, enum gz_prec prec, struct gz_buf *out)
{
    struct gz_time t = { gz_date_to_days(d) * DAY, GZ_NO_OFFSET, prec };
    char text[32];
    size_t len = gz_time_format(t, text);

    gz_buf_add(out, (struct gz_str){ text, len });
}

void
gz_period_format(enum gz_period_kind kind, int32_t number, struct gz_buf *out)
{
    struct gz_date d;

    if (number == GZ_PERIOD_NONE)
        return;
    switch (kind) {
    case GZ_PERIOD_ALL:
        break;
    case GZ_PERIOD_YEAR:
        put_date((struct gz_date){ number, 1, 1 }, GZ_PREC_YEAR, out);
        break;
    case GZ_PERIOD_QUARTER:
        put_date((struct gz_date){ number / 4, 1, 1 }, GZ_PREC_YEAR, out);
        gz_buf_printf(out, "-Q%d", (int)(number % 4 + 1));
        break;
    case GZ_PERIOD_MONTH:
        put_date((struct gz_date){ number / 12, number % 12 + 1, 1 }, GZ_PREC_MONTH, out);
        break;
    case GZ_PERIOD_WEEK:
        d = gz_days_to_date((int64_t)number * 7); // its Thursday
        put_date(d, GZ_PREC_YEAR, out);
        gz_buf_printf(out, "-W%02d", (int)(number - first_week(d.year) + 1));
        break;
    case GZ_PERIOD_DAY:
        put_date(gz_days_to_date(number), GZ_PREC_DAY, out);
        break;
    }
}

int32_t
gz_period_per_year(enum gz_period_kind kind)
{
    switch (kind) {
    case GZ_PERIOD_YEAR:
        return 1;
    case GZ_PERIOD_QUARTER:
        return 4;
    case GZ_PERIOD_MONTH:
        return 12;
    case GZ_PERIOD_ALL:
    case GZ_PERIOD_WEEK:
    case GZ_PERIOD_DAY:
        break;
    }
    return 0;
}

// ---- windows ----

// Days from 1970 of day `day` of a month counted from year 0; past its end, its last.
static int64_t
month_day(int32_t month, int32_t day)
{
    struct gz_date d = { month / 12, month % 12 + 1, 1 };
    int32_t most = gz_days_in_month(d.year, d.month);

    d.day = day == 0 || day > most ? most : day;
    return gz_date_to_days(d);
}

// The last day of a period.
static int64_t
last_day(const struct gz_window *w, int32_t number)
{
    switch (w->kind) {
    case GZ_PERIOD_YEAR:
        return gz_date_to_days((struct gz_date){ number, 12, 31 });
    case GZ_PERIOD_QUARTER:
        return month_day(number / 4 * 12 + number % 4 * 3 + 2, 0);
    case GZ_PERIOD_MONTH:
        return month_day(number, w->end_day);
    case GZ_PERIOD_WEEK:
        return (int64_t)number * 7 + 3;
    case GZ_PERIOD_DAY:
        return number;
    case GZ_PERIOD_ALL:
        break;
    }
    return INT32_MAX;
}

int64_t
gz_window_end(const struct gz_window *w, int32_t number)
{
    return last_day(w, number) * DAY + w->cut_sec;
}

int64_t
gz_window_start(const struct gz_window *w, int32_t number)
{
    if (w->kind == GZ_PERIOD_ALL)
        return INT64_MIN;
    if (w->from_day && w->kind == GZ_PERIOD_MONTH)
        return month_day(number - w->from_back, w->from_day) * DAY;
    return gz_window_end(w, number - 1);
}

// The period whose calendar span holds a day: a first guess.
static int32_t
guess(const struct gz_window *w, int64_t day)
{
    struct gz_date d = gz_days_to_date(day);

    switch (w->kind) {
    case GZ_PERIOD_YEAR:
        return d.year;
    case GZ_PERIOD_QUARTER:
        return d.year * 4 + (d.month - 1) / 3;
    case GZ_PERIOD_MONTH:
        return d.year * 12 + d.month - 1;
    case GZ_PERIOD_WEEK:
        return week_of_day(day);
    case GZ_PERIOD_DAY:
        return (int32_t)day;
    case GZ_PERIOD_ALL:
        break;
    }
    return 0;
}

// Starts and ends both rise with the number, so those around a moment are one range.
static struct gz_period_range
find_moment(const struct gz_window *w, int64_t sec)
{
    int64_t day = (sec >= 0 ? sec : sec - (DAY - 1)) / DAY;
    int32_t at = guess(w, day);
    struct gz_period_range r = { at, at };

    while (gz_window_start(w, r.last) > sec)
        r.last--;
    while (gz_window_start(w, r.last + 1) <= sec)
        r.last++;
    while (gz_window_end(w, r.first) <= sec)
        r.first++;
    while (gz_window_end(w, r.first - 1) > sec)
        r.first--;
    return r;
}

static struct gz_period_range
find_day(const struct gz_window *w, int64_t day)
{
    struct gz_window_memo *m;

    if (!w->memo)
        return find_moment(w, day * DAY);
    m = &w->memo[(uint64_t)day % GZ_WINDOW_MEMO];
    if (m->day != day + 1) { // 0 is for "nothing yet"; 1969-12-31 is not worth a flag
        m->range = find_moment(w, day * DAY);
        m->day = day + 1;
    }
    return m->range;
}

// First second after a time of reduced precision.
static int64_t
end_of(struct gz_time t)
{
    struct gz_date d = gz_days_to_date(gz_time_day(t));

    if (t.prec == GZ_PREC_YEAR)
        return gz_date_to_days((struct gz_date){ d.year, 12, 31 }) * DAY + DAY;
    if (t.prec == GZ_PREC_MONTH)
        return month_day(d.year * 12 + d.month - 1, 0) * DAY + DAY;
    return t.sec + DAY;
}

struct gz_period_range
gz_window_find(const struct gz_window *w, struct gz_time t)
{
    bool by_day = w->cut_sec == DAY; // then all moments of a day go the same way
    struct gz_period_range a, b;

    if (w->kind == GZ_PERIOD_ALL)
        return (struct gz_period_range){ 0, 0 };
    if (by_day && t.prec >= GZ_PREC_DAY)
        return find_day(w, gz_time_day(t));
    a = find_moment(w, t.sec);
    if (t.prec >= GZ_PREC_MINUTE)
        return a;
    b = find_moment(w, end_of(t) - 1);
    return (struct gz_period_range){ a.first > b.first ? a.first : b.first,
                                     a.last < b.last ? a.last : b.last };
}
