// SPDX-License-Identifier: MIT
#include "civic/period.h"
#include "tap.h"

static struct gz_window
window(enum gz_period_kind kind, int32_t end_day, int32_t cut)
{
    return (struct gz_window){ .kind = kind, .end_day = end_day, .cut_sec = cut };
}

// The periods of a time as text: "2026-03", "2026-03 2026-04", "-".
static const char *
found(const struct gz_window *w, const char *time)
{
    static char text[200];
    struct gz_buf b = { 0 };
    struct gz_time t;
    struct gz_period_range r;

    if (!gz_time_parse(gz_str_of(time), &t))
        return "no time";
    r = gz_window_find(w, t);
    for (int32_t p = r.first; p <= r.last; p++) {
        if (b.len)
            gz_buf_char(&b, ' ');
        gz_period_format(w->kind, p, &b);
    }
    snprintf(text, sizeof(text), "%.*s", (int)b.len, b.len ? b.ptr : "");
    gz_buf_release(&b);
    return text[0] ? text : "-";
}

#define in(w, time, want)                                                                \
    do {                                                                                 \
        const char *in_got = found(w, time);                                             \
        ok(strcmp(in_got, want) == 0, "%s is in %s (got %s)", time, want, in_got);       \
    } while (0)

static void
test_names(void)
{
    static const char *const good[] = {
        "2026",     "2026-Q1",  "2026-Q4",  "2026-03",
        "2026-W01", "2026-W53", "2020-W53", "2026-03-19"
    };
    static const char *const bad[] = { "26",       "2026-13",    "2026-Q5", "2026-W54",
                                       "2025-W53", "2026-02-30", "2026-3",  "2026-W1x" };

    for (size_t i = 0; i < GZ_COUNT(good); i++) {
        struct gz_buf b = { 0 };
        enum gz_period_kind kind;
        int32_t n;

        ok(gz_period_parse(gz_str_of(good[i]), &kind, &n), "%s is a period", good[i]);
        gz_period_format(kind, n, &b);
        is_str(gz_buf_str(&b), good[i], "%s and back", good[i]);
        gz_buf_release(&b);
    }
    for (size_t i = 0; i < GZ_COUNT(bad); i++) {
        enum gz_period_kind kind;
        int32_t n;

        ok(!gz_period_parse(gz_str_of(bad[i]), &kind, &n), "%s is none", bad[i]);
    }
}

static void
test_custom_months(void)
{
    struct gz_window w = window(GZ_PERIOD_MONTH, 18, 86400);
    struct gz_window noon = window(GZ_PERIOD_MONTH, 18, 43200);
    struct gz_window end = window(GZ_PERIOD_MONTH, 30, 86400);

    in(&w, "2026-03-18T23:59", "2026-03");
    in(&w, "2026-03-19T00:00", "2026-04");
    in(&w, "2026-02-19", "2026-03");
    in(&w, "2026-12-31T10:00", "2027-01");
    in(&w, "2026", "-");
    in(&w, "2026-03", "-");
    in(&noon, "2026-03-18T11:59:59", "2026-03");
    in(&noon, "2026-03-18T12:00", "2026-04");
    in(&noon, "2026-03-18", "-");
    in(&noon, "2026-03-17", "2026-03");
    in(&end, "2026-02-28T23:00", "2026-02");
    in(&end, "2026-03-01T00:00", "2026-03");
    in(&end, "2024-02-29T23:00", "2024-02");
    in(&end, "2026-03-30T23:00", "2026-03");
    in(&end, "2026-03-31T00:00", "2026-04");
}

static void
test_overlap(void)
{
    struct gz_window w = window(GZ_PERIOD_MONTH, 18, 86400);

    w.from_day = 10;
    w.from_back = 1;
    in(&w, "2026-03-09T23:59", "2026-03");
    in(&w, "2026-03-10T00:00", "2026-03 2026-04");
    in(&w, "2026-03-18", "2026-03 2026-04");
    in(&w, "2026-03-19", "2026-04");
}

static void
test_other_kinds(void)
{
    struct gz_window month = window(GZ_PERIOD_MONTH, 0, 86400);
    struct gz_window year = window(GZ_PERIOD_YEAR, 0, 86400);
    struct gz_window quarter = window(GZ_PERIOD_QUARTER, 0, 86400);
    struct gz_window week = window(GZ_PERIOD_WEEK, 0, 86400);
    struct gz_window day = window(GZ_PERIOD_DAY, 0, 43200);

    in(&month, "2018", "-");
    in(&month, "2018-05", "2018-05");
    in(&month, "2024-02-29", "2024-02");
    in(&year, "2018", "2018");
    in(&year, "2018-12-31T23:59:59", "2018");
    in(&quarter, "2018-06", "2018-Q2");
    in(&quarter, "2018", "-");
    in(&week, "2026-01-01", "2026-W01");
    in(&week, "2021-01-03", "2020-W53");
    in(&week, "2021-01-04", "2021-W01");
    in(&day, "2026-03-18T11:59", "2026-03-18");
    in(&day, "2026-03-18T12:00", "2026-03-19");
    in(&day, "2026-03-18", "-");
}

// The memo and the plain way must agree on every day of twenty years.
static void
test_memo(void)
{
    struct gz_window plain = window(GZ_PERIOD_MONTH, 18, 86400), memo = plain;
    size_t bad = 0;

    memo.memo = calloc(GZ_WINDOW_MEMO, sizeof(*memo.memo));
    if (!memo.memo)
        abort();
    for (int pass = 0; pass < 2; pass++)
        for (int64_t d = 10000; d < 20000; d++) {
            struct gz_time t = { d * 86400 + 777, GZ_NO_OFFSET, GZ_PREC_SECOND };
            struct gz_period_range a = gz_window_find(&plain, t);
            struct gz_period_range b = gz_window_find(&memo, t);

            bad += a.first != b.first || a.last != b.last || a.first != a.last ||
                   gz_window_start(&plain, a.first) > t.sec ||
                   gz_window_end(&plain, a.first) <= t.sec;
        }
    is_u64(bad, 0, "memo, search and bounds agree");
    free(memo.memo);
}

int
main(void)
{
    test_names();
    test_custom_months();
    test_overlap();
    test_other_kinds();
    test_memo();
    return done_testing();
}
