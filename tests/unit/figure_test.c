// SPDX-License-Identifier: MIT
// Ratios, rounding and shares against answers worked out by hand.
#include "report/figure.h"
#include "tap.h"

static struct gz_dec
dec(const char *s)
{
    struct gz_dec d = { 0 };

    if (!gz_dec_parse(gz_str_of(s), &d))
        abort();
    return d;
}

static const char *
shown(struct gz_figure f, char group)
{
    static char text[64];
    struct gz_buf b = { 0 };

    gz_figure_put(&b, f, group);
    snprintf(text, sizeof text, "%.*s", (int)b.len, b.ptr);
    gz_buf_release(&b);
    return text;
}

static void
rate_is(const char *num, const char *den, unsigned places, enum gz_rounding how,
        const char *want)
{
    const char *got = shown(gz_figure_rate(dec(num), dec(den), 100, places, how), 0);

    ok(strcmp(got, want) == 0, "%s / %s = %s %%", num, den, want);
    if (strcmp(got, want) != 0)
        printf("# got %s\n", got);
}

static void
test_rates(void)
{
    rate_is("150", "461", 1, GZ_ROUND_HALF_UP, "32.5");
    rate_is("230.5", "461", 1, GZ_ROUND_HALF_UP, "50.0"); // 127 + 0.9 x 115
    rate_is("1", "8", 1, GZ_ROUND_HALF_UP, "12.5");
    rate_is("1", "8", 0, GZ_ROUND_HALF_UP, "13");
    rate_is("1", "8", 0, GZ_ROUND_HALF_EVEN, "12");
    rate_is("3", "8", 0, GZ_ROUND_HALF_EVEN, "38");
    rate_is("1", "16", 1, GZ_ROUND_HALF_UP, "6.3"); // 6.25: a tie that doubles get right
    rate_is("1.005", "1", 0, GZ_ROUND_HALF_UP, "101");
    rate_is("0.285", "1", 0, GZ_ROUND_HALF_UP, "29"); // and one that they get wrong
    rate_is("-1", "8", 0, GZ_ROUND_HALF_UP, "-13");
    rate_is("0", "5", 1, GZ_ROUND_HALF_UP, "0.0");
    rate_is("5", "0", 1, GZ_ROUND_HALF_UP, "—");
}

static void
test_sums(void)
{
    struct gz_ratio third, sum = gz_ratio_whole(0), big;

    gz_ratio_make(dec("1"), dec("3"), &third);
    for (int i = 0; i < 3; i++)
        sum = gz_ratio_add(sum, third);
    ok(gz_ratio_cmp(sum, gz_ratio_whole(1)) == 0 && sum.exact, "three thirds are one");
    ok(gz_ratio_cmp(third, gz_ratio_whole(0)) > 0, "a third is more than nothing");
    sum = gz_ratio_whole(0);
    // Denominators without common factors outgrow 128 bits; the mean stays right.
    for (int64_t i = 0; i < 200; i++) {
        gz_ratio_make(dec("1"),
                      (struct gz_dec){ (gz_i128)(1000003 + 2 * i) * 1000000000 }, &big);
        sum = gz_ratio_add(sum, big);
    }
    ok(strcmp(shown(gz_figure_round(gz_ratio_div(sum, 200), 1, 12, GZ_ROUND_HALF_UP), 0),
              "0.000000999798") == 0,
       "a mean of 200 odd fractions is right to 12 places");
    ok(!sum.exact, "and says that it is not exact");
}

static void
test_changes(void)
{
    ok(strcmp(shown(gz_figure_change(239, 161, 1, GZ_ROUND_HALF_UP), 0), "48.4") == 0,
       "239 on 161 is 48.4 %% more");
    ok(strcmp(shown(gz_figure_change(3, 4, 2, GZ_ROUND_HALF_UP), 0), "-25.00") == 0,
       "3 on 4 is 25 %% less");
    ok(!gz_figure_change(3, 0, 2, GZ_ROUND_HALF_UP).known, "no change on nothing");
}

static void
shares_are(const char *what, const gz_i128 *part, size_t count, const char *const *want)
{
    struct gz_figure share[8];
    gz_i128 sum = 0;
    bool same = gz_figure_shares(part, count, 2, share);

    for (size_t i = 0; i < count; i++) {
        same = same && strcmp(shown(share[i], 0), want[i]) == 0;
        sum += share[i].value;
    }
    ok(same && sum == 10000, "%s: shares add up to 100.00", what);
}

static void
test_shares(void)
{
    const gz_i128 homes[] = { 836, 158, 155, 82, 60, 213 };
    const gz_i128 mail[] = { 301, 120, 44, 31, 1 };
    const gz_i128 thirds[] = { 1, 1, 1 }, none[] = { 0, 0 };
    struct gz_figure share[2];

    // Rounded one by one these are 100.01 and 99.99.
    shares_are(
        "homes", homes, 6,
        (const char *const[]){ "55.58", "10.51", "10.31", "5.45", "3.99", "14.16" });
    shares_are("mailbox", mail, 5,
               (const char *const[]){ "60.56", "24.15", "8.85", "6.24", "0.20" });
    shares_are("thirds", thirds, 3, (const char *const[]){ "33.34", "33.33", "33.33" });
    ok(!gz_figure_shares(none, 2, 2, share) && !share[0].known, "no shares of nothing");
}

static void
test_digits(void)
{
    ok(strcmp(shown(gz_figure_count(1234567), ','), "1,234,567") == 0, "groups of three");
    ok(strcmp(shown(gz_figure_count(-123456), ','), "-123,456") == 0, "and with a sign");
    ok(strcmp(shown((struct gz_figure){ 5, 2, true }, ','), "0.05") == 0,
       "a nought first");
    ok(strcmp(shown(gz_figure_dec(dec("16000.126"), 2), ','), "16,000.13") == 0,
       "a sum of money");
}

int
main(void)
{
    test_rates();
    test_sums();
    test_changes();
    test_shares();
    test_digits();
    return done_testing();
}
