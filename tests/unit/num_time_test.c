// SPDX-License-Identifier: MIT
// Exact decimals and civil times.
#include "base/num.h"
#include "base/time.h"
#include "tap.h"

static void
dec(const char *text, const char *want)
{
    struct gz_buf b = { 0 };
    struct gz_dec d;
    bool good = gz_dec_parse(gz_str_of(text), &d);

    if (good)
        gz_dec_format(d, &b);
    is_str(good ? gz_buf_str(&b) : GZ_STR("refused"), want, "dec: '%s'", text);
    gz_buf_release(&b);
}

static void
iso(const char *text, const char *want)
{
    struct gz_time t;
    char out[32];
    bool good = gz_time_parse(gz_str_of(text), &t);
    struct gz_str got =
        good ? (struct gz_str){ out, gz_time_format(t, out) } : GZ_STR("refused");

    is_str(got, want, "time: '%s'", text);
}

static void
between(const char *a, const char *b, int64_t want, bool want_days)
{
    struct gz_time ta, tb;
    int64_t sec = -1;
    bool days = false;

    gz_time_parse(gz_str_of(a), &ta);
    gz_time_parse(gz_str_of(b), &tb);
    ok(gz_time_between(ta, tb, &sec, &days) && sec == want && days == want_days,
       "between: %s and %s is %lld", a, b, (long long)want);
}

// Every day of 400 years, against counting.
static void
test_calendar(void)
{
    int64_t days = gz_date_to_days((struct gz_date){ 1800, 1, 1 });
    bool right = true;

    for (int32_t y = 1800; y < 2200; y++)
        for (int32_t m = 1; m <= 12; m++)
            for (int32_t d = 1; d <= gz_days_in_month(y, m); d++, days++) {
                struct gz_date back = gz_days_to_date(days);

                right &= gz_date_to_days((struct gz_date){ y, m, d }) == days &&
                         back.year == y && back.month == m && back.day == d;
            }
    ok(right, "calendar: every day from 1800 to 2199, both ways");
    is_u64(gz_date_to_days((struct gz_date){ 1970, 1, 1 }), 0, "calendar: the epoch");
    is_u64(gz_days_weekday(gz_date_to_days((struct gz_date){ 2026, 11, 21 })), 5,
           "calendar: 2026-11-21 is a Saturday");
}

int
main(void)
{
    int64_t n;
    struct gz_dec a, b;

    dec("12.50", "12.5");
    dec("-0.000000001", "-0.000000001");
    dec("0.0000000001", "refused");
    dec("0.10000000000000", "0.1");
    dec("1e3", "1000");
    dec("1.5e-2", "0.015");
    dec("-0", "0");
    dec("1750000000", "1750000000");
    dec("12a", "refused");
    dec(".", "refused");
    dec("", "refused");
    dec("99999999999999999999999999999999999999999", "refused");
    gz_dec_parse(GZ_STR("0.1"), &a);
    gz_dec_parse(GZ_STR("0.2"), &b);
    gz_dec_add(&a, b);
    gz_dec_parse(GZ_STR("0.3"), &b);
    ok(gz_dec_cmp(a, b) == 0, "dec: 0.1 + 0.2 is 0.3");
    ok(gz_num_i64(GZ_STR("-9223372036854775808"), &n) && n == INT64_MIN, "i64: lowest");
    ok(!gz_num_i64(GZ_STR("9223372036854775808"), &n), "i64: one too many");

    iso("2018", "2018");
    iso("2018-03", "2018-03");
    iso("2024-02-29", "2024-02-29");
    iso("2023-02-29", "refused");
    iso("2024-02-29T08:05", "2024-02-29T08:05");
    iso("2024-02-29 08:05:30.125", "2024-02-29T08:05:30");
    iso("2024-02-29T08:05:30Z", "2024-02-29T08:05:30+00:00");
    iso("2024-02-29T08:05:30-0530", "2024-02-29T08:05:30-05:30");
    iso("2024-02-29T24:00:00", "2024-03-01T00:00:00");
    iso("2024-02-29T25:00:00", "refused");
    iso("2024-2-9", "refused");
    iso("2024-02-29T08:05:30x", "refused");
    iso("0000", "refused");
    between("2024-03-01T23:59:00", "2024-03-02T00:01:00", 120, false);
    between("2024-03-01T23:59:00", "2024-03-02", 86400, true);
    between("2024-03-02", "2024-03-01", -86400, true);
    between("2024-03-01T00:00:00+08:00", "2024-03-01T00:00:00Z", 28800, false);
    between("2024-03-01T00:00:00+08:00", "2024-03-01T01:00:00", 3600, false);
    test_calendar();
    return done_testing();
}
