// SPDX-License-Identifier: MIT
#include "base/datefmt.h"

#include "base/time.h"
#include "tap.h"

static const struct {
    const char *form;
    int year;
    const char *in;
    const char *out; // NULL: does not fit
} cases[] = {
    { "ymd", 0, "2019/2/28 11:25:05", "2019-02-28T11:25:05" },
    { "ymd", 0, "2019-08-01 00:00:00", "2019-08-01T00:00:00" },
    { "ymd", 0, "2008-09-08 00:00:00.0", "2008-09-08T00:00:00" },
    { "ymd", 0, "2021-09-21 22:26:41.04", "2021-09-21T22:26:41.04" },
    { "ymd", 0, "2016/01/22T:13:06:40", "2016-01-22T13:06:40" },
    { "ymd", 0, "2024-12-12", "2024-12-12" },
    { "ymd", 0, "2020.12.24", "2020-12-24" },
    { "ymd", 0, "2020年06月10日17:15", "2020-06-10T17:15" },
    { "ymd", 0, "2018年", "2018" },
    { "ymd", 0, "2018", "2018" },
    { "ymd", 0, "2020年4月", "2020-04" },
    { "ymd", 0, "2020-04", "2020-04" },
    { "ymd", 0, "2025年9月18日11时", "2025-09-18T11:00" },
    { "ymd", 0, "2025年9月18日 下午3点半", "2025-09-18T15:30" },
    { "ymd", 0, "2025年9月18日 星期四 上午9点5分30秒", "2025-09-18T09:05:30" },
    { "ymd", 0, "2025-9-18（周四）", "2025-09-18" },
    { "ymd", 0, "2025-09-18 下午15:05", "2025-09-18T15:05" },
    { "ymd", 0, "2025-09-18 上午12:05", "2025-09-18T00:05" },
    { "ymd", 0, "2025-09-18 上午15:05", NULL },
    { "ymd", 0, "2025/9/18 3:05:00 PM", "2025-09-18T15:05:00" },
    { "ymd", 0, "２０２４－１２－１２ １０：３０", "2024-12-12T10:30" },
    { "ymd", 0, "2018-01-22T00:00:00.000", "2018-01-22T00:00:00" },
    { "ymd", 0, "2019-03-01T09:00:00+01:00", "2019-03-01T09:00:00+01:00" },
    { "ymd", 0, "2019-03-01T09:00:00Z", "2019-03-01T09:00:00Z" },
    { "ymd", 0, "2019-03-01T09:00:00-0530", "2019-03-01T09:00:00-05:30" },
    { "ymd", 0, "2023-02-29", NULL },
    { "ymd", 0, "2024-02-29", "2024-02-29" },
    { "ymd", 0, "2024-13-01", NULL },
    { "ymd", 0, "2024-00-01", NULL },
    { "ymd", 0, "2024-01-00", NULL },
    { "ymd", 0, "2024-01-01 25:00", NULL },
    { "ymd", 0, "2024-01-01 24:00", "2024-01-01T24:00" },
    { "ymd", 0, "2024-01-01 3", NULL },
    { "ymd", 0, "2024-01-01x", NULL },
    { "ymd", 0, "01/22/2018", NULL },
    { "ymd", 0, "", NULL },
    { "mdy", 0, "01/22/2018 12:00:00 AM", "2018-01-22T00:00:00" },
    { "mdy", 0, "01/22/2018 12:00:01 PM", "2018-01-22T12:00:01" },
    { "mdy", 0, "11/16/2019 02:55 PM", "2019-11-16T14:55" },
    { "mdy", 0, "11/16/2019", "2019-11-16" },
    { "mdy", 0, "16/11/2019", NULL },
    { "mdy", 0, "11/16/2019 13:00 AM", NULL },
    { "dmy", 0, "16.11.2019 08:05", "2019-11-16T08:05" },
    { "month-name", 0, "22 Jan 2018", "2018-01-22" },
    { "month-name", 0, "January 22, 2018 3:05 PM", "2018-01-22T15:05" },
    { "month-name", 0, "22-sep-2018", "2018-09-22" },
    { "compact", 0, "20250318", "2025-03-18" },
    { "compact", 0, "202503182359", "2025-03-18T23:59" },
    { "compact", 0, "20250318235901", "2025-03-18T23:59:01" },
    { "compact", 0, "2025031", NULL },
    { "excel", 0, "1", "1900-01-01" },
    { "excel", 0, "59", "1900-02-28" },
    { "excel", 0, "60", NULL },
    { "excel", 0, "61", "1900-03-01" },
    { "excel", 0, "45000", "2023-03-15" },
    { "excel", 0, "45000.75", "2023-03-15T18:00:00" },
    { "excel", 0, "45000.0", "2023-03-15" },
    { "excel", 0, "45000.999999999", "2023-03-16T00:00:00" },
    { "excel", 0, "100000", "2173-10-14" },
    { "excel", 0, "100001", NULL },
    { "excel", 0, "0", NULL },
    { "md", 2024, "12月10日", "2024-12-10" },
    { "md", 0, "12月10日", NULL },
    { "md", 2023, "2月29日", NULL },
    { "epoch", 0, "0", "1970-01-01T00:00:00Z" },
    { "epoch-ms", 0, "1514764799999", "2017-12-31T23:59:59Z" },
    { "epoch-ms", 0, "-1", "1969-12-31T23:59:59Z" },
    { "yyMMdd", 0, "250329", "2025-03-29" },
    { "yyMMdd", 0, "251329", NULL },
    { "dd/MM/yyyy[ HH:mm]", 0, "03/04/2024", "2024-04-03" },
    { "dd/MM/yyyy[ HH:mm]", 0, "03/04/2024 05:06", "2024-04-03T05:06" },
    { "dd/MM/yyyy[ HH:mm]", 0, "3/4/2024", NULL },
};

static void
forms(void)
{
    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_datefmt f;
        struct gz_err err = { 0 };
        char out[GZ_DATEFMT_OUT];
        size_t n;
        struct gz_time t;

        ok(gz_datefmt_compile(&f, gz_str_of(cases[i].form), cases[i].year, &err) == GZ_OK,
           "%s compiles", cases[i].form);
        n = gz_datefmt_iso(&f, gz_str_of(cases[i].in), out);
        is_str(((struct gz_str){ out, n }), cases[i].out ? cases[i].out : "", "%s: %s",
               cases[i].form, cases[i].in);
        if (n)
            ok(gz_time_parse((struct gz_str){ out, n }, &t), "the stream can read %s",
               cases[i].out);
    }
}

static enum gz_datevote_result
vote(const char *const *values, size_t count, const char **name)
{
    static const char *const specs[] = { "ymd", "mdy", "dmy", "compact", "excel" };
    static struct gz_datevote v;
    const struct gz_datefmt *form;
    struct gz_err err = { 0 };
    enum gz_datevote_result r;

    memset(&v, 0, sizeof(v));
    for (size_t i = 0; i < GZ_COUNT(specs); i++)
        gz_datevote_form(&v, gz_str_of(specs[i]), 0, &err);
    for (size_t i = 0; i < count; i++)
        gz_datevote_add(&v, gz_str_of(values[i]));
    r = gz_datevote_pick(&v, &form);
    *name = form->name;
    return r;
}

static void
votes(void)
{
    static const char *const unsure[] = { "03/04/2024", "05/06/2024" };
    static const char *const us[] = { "03/04/2024", "05/16/2024" };
    static const char *const eu[] = { "03/04/2024", "16/05/2024", "01/01/2024" };
    static const char *const mixed[] = { "16/05/2024", "05/16/2024" };
    static const char *const serial[] = { "45000", "45001.5" };
    static const char *const junk[] = { "soon", "later" };
    const char *name;

    ok(vote(unsure, 2, &name) == GZ_DATEVOTE_AMBIGUOUS, "days up to 12: nothing guessed");
    ok(vote(us, 2, &name) == GZ_DATEVOTE_ONE && !strcmp(name, "mdy"), "16 is a day");
    ok(vote(eu, 3, &name) == GZ_DATEVOTE_ONE && !strcmp(name, "dmy"), "16 is a day");
    ok(vote(mixed, 2, &name) == GZ_DATEVOTE_AMBIGUOUS, "both orders: nothing guessed");
    ok(vote(serial, 2, &name) == GZ_DATEVOTE_ONE && !strcmp(name, "excel"), "serials");
    ok(vote(junk, 2, &name) == GZ_DATEVOTE_NONE, "no dates at all");
    ok(vote(NULL, 0, &name) == GZ_DATEVOTE_EMPTY && !strcmp(name, "ymd"), "no values");
}

static void
bad_specs(void)
{
    static const char *const specs[] = { "ymdd", "iso8601", "dd/MM", "YYYY-MM-DD", "" };

    for (size_t i = 0; i < GZ_COUNT(specs); i++) {
        struct gz_datefmt f;
        struct gz_err err = { 0 };

        ok(gz_datefmt_compile(&f, gz_str_of(specs[i]), 0, &err) == GZ_ERR_USAGE,
           "'%s' is refused", specs[i]);
    }
}

int
main(void)
{
    forms();
    votes();
    bad_specs();
    return done_testing();
}
