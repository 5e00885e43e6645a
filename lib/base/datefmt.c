// SPDX-License-Identifier: MIT
#include "base/datefmt.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "base/tr.h"

enum step {
    S_YEAR4,
    S_YEAR2,
    S_MONTH,
    S_MONTH2,
    S_DAY,
    S_DAY2,
    S_HOUR,
    S_HOUR2,
    S_MIN,
    S_MIN2,
    S_SEC,
    S_SEC2,
    S_FRAC,
    S_AMPM,
    S_OFFSET,
    S_LIT,
    S_OPEN, // what follows may be missing if the value ends here
    S_CLOSE,
    S_SEP,     // between year, month and day: - / . 年 月
    S_DAY_END, // 日 or 号, or nothing
    S_TIME,    // nothing, or a time of day in any of its spellings, to the end
    S_MONTH_NAME_DATE,
    S_COMPACT,
    S_EXCEL,
    S_EPOCH,
    S_EPOCH_MS,
    S_YEAR_GIVEN,
};

// What has been read of one value.
struct state {
    const unsigned char *p;
    const unsigned char *end;
    int32_t year, month, day, hour, min, sec;
    const unsigned char *frac;
    size_t frac_len;
    int32_t offset; // minutes, or GZ_NO_OFFSET
    enum gz_prec prec;
    bool clock12, pm;
};

static bool
at_digit(const struct state *st)
{
    return st->p < st->end && *st->p >= '0' && *st->p <= '9';
}

static bool
number(struct state *st, int least, int most, int32_t *out)
{
    int32_t value = 0;
    int n = 0;

    while (n < most && st->p + n < st->end) {
        unsigned d = (unsigned)st->p[n] - '0';

        if (d > 9)
            break;
        value = value * 10 + (int32_t)d;
        n++;
    }
    if (n < least)
        return false;
    st->p += n;
    *out = value;
    return true;
}

static bool
eat(struct state *st, struct gz_str word)
{
    if ((size_t)(st->end - st->p) < word.len || memcmp(st->p, word.ptr, word.len) != 0)
        return false;
    st->p += word.len;
    return true;
}

static void
blanks(struct state *st)
{
    while (st->p < st->end && (*st->p == ' ' || *st->p == '\t'))
        st->p++;
}

static bool
separator(struct state *st)
{
    if (st->p == st->end)
        return false;
    if (*st->p == '-' || *st->p == '/' || *st->p == '.') {
        st->p++;
        return true;
    }
    if (*st->p < 0x80)
        return false;
    return eat(st, GZ_STR("年")) || eat(st, GZ_STR("月"));
}

// AM, PM, a.m., p.m. in either case, or a Chinese word for a part of the day.
static bool
day_part(struct state *st)
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
        if (eat(st, parts[i].word)) {
            st->clock12 = true;
            st->pm = parts[i].pm;
            return true;
        }
    return false;
}

// 星期三, 周三, (星期三): said by the date already.
static void
weekday(struct state *st)
{
    bool bracket = eat(st, GZ_STR("(")) || eat(st, GZ_STR("（"));

    if (eat(st, GZ_STR("星期")) || eat(st, GZ_STR("周"))) {
        static const char days[] = "一二三四五六日天";

        for (size_t i = 0; i < sizeof(days) - 1; i += 3)
            if (eat(st, (struct gz_str){ days + i, 3 }))
                break;
    }
    if (bracket && !eat(st, GZ_STR(")")))
        eat(st, GZ_STR("）"));
}

static bool
offset(struct state *st)
{
    int32_t sign, h, m = 0;

    if (eat(st, GZ_STR("Z")) || eat(st, GZ_STR("UTC"))) {
        st->offset = 0;
        return true;
    }
    if (st->p == st->end || (*st->p != '+' && *st->p != '-'))
        return false;
    sign = *st->p++ == '+' ? 1 : -1;
    if (!number(st, 2, 2, &h))
        return false;
    eat(st, GZ_STR(":"));
    if (st->p < st->end && !number(st, 2, 2, &m))
        return false;
    if (h > 18 || m > 59)
        return false;
    st->offset = sign * (h * 60 + m);
    return true;
}

static void
fraction(struct state *st)
{
    st->frac = st->p;
    while (st->p < st->end && *st->p >= '0' && *st->p <= '9')
        st->p++;
    st->frac_len = (size_t)(st->p - st->frac);
}

static bool
colon(struct state *st)
{
    return eat(st, GZ_STR(":")) || eat(st, GZ_STR("："));
}

// 17:15[:30[.5]], 11时, 3点半, 5点20分30秒.
static bool
clock(struct state *st)
{
    if (!number(st, 1, 2, &st->hour))
        return false;
    st->prec = GZ_PREC_MINUTE;
    if (st->p == st->end)
        return st->clock12; // "下午3" is a time, "2018-01-02 3" is not
    if (!colon(st)) {
        if (!eat(st, GZ_STR("时")) && !eat(st, GZ_STR("點")) && !eat(st, GZ_STR("点"))) {
            blanks(st);
            return day_part(st); // "3 PM"
        }
        if (eat(st, GZ_STR("半"))) {
            st->min = 30;
            return true;
        }
        if (!at_digit(st))
            return true;
    }
    if (!number(st, 1, 2, &st->min))
        return false;
    if (colon(st) || (eat(st, GZ_STR("分")) && at_digit(st))) {
        if (!number(st, 1, 2, &st->sec))
            return false;
        st->prec = GZ_PREC_SECOND;
        if (eat(st, GZ_STR(".")) || eat(st, GZ_STR(",")))
            fraction(st);
        eat(st, GZ_STR("秒"));
    }
    return true;
}

static bool
time_of_day(struct state *st)
{
    blanks(st);
    if (st->p == st->end)
        return true;
    if (*st->p == 'T') {
        st->p++;
        eat(st, GZ_STR(":")); // 2016/01/22T:13:06:40 is really met
    } else if (*st->p == ',') {
        st->p++;
        blanks(st);
    } else if (*st->p >= 0x80 || *st->p == '(') {
        weekday(st);
        blanks(st);
        if (st->p == st->end)
            return true;
    }
    if (!at_digit(st)) {
        day_part(st);
        blanks(st);
    }
    if (!clock(st))
        return false;
    if (st->p == st->end)
        return true;
    blanks(st);
    if (!st->clock12)
        day_part(st);
    blanks(st);
    if (st->p < st->end)
        offset(st);
    blanks(st);
    if (st->p < st->end)
        weekday(st);
    return true;
}

static bool
month_name(struct state *st)
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
        eat(st, GZ_STR("."));
        return true;
    }
    return false;
}

// 22 Jan 2018, 22-Jan-2018, Jan 22, 2018.
static bool
month_name_date(struct state *st)
{
    st->prec = GZ_PREC_DAY;
    if (number(st, 1, 2, &st->day)) {
        blanks(st);
        eat(st, GZ_STR("-"));
        if (!month_name(st))
            return false;
        blanks(st);
        eat(st, GZ_STR("-"));
    } else {
        if (!month_name(st))
            return false;
        blanks(st);
        if (!number(st, 1, 2, &st->day))
            return false;
        eat(st, GZ_STR(","));
        blanks(st);
    }
    return number(st, 4, 4, &st->year);
}

static bool
compact(struct state *st)
{
    size_t n = (size_t)(st->end - st->p);

    if (n != 8 && n != 12 && n != 14)
        return false;
    if (!number(st, 4, 4, &st->year) || !number(st, 2, 2, &st->month) ||
        !number(st, 2, 2, &st->day))
        return false;
    st->prec = GZ_PREC_DAY;
    if (n == 8)
        return true;
    st->prec = n == 12 ? GZ_PREC_MINUTE : GZ_PREC_SECOND;
    return number(st, 2, 2, &st->hour) && number(st, 2, 2, &st->min) &&
           (n == 12 || number(st, 2, 2, &st->sec));
}

static void
from_seconds(struct state *st, int64_t day, int64_t sec)
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
static bool
excel(struct state *st)
{
    int32_t n;
    uint64_t part = 0, unit = 1, sec;
    int64_t day;

    if (!number(st, 1, 6, &n) || n < 1 || n > 100000 || n == 60)
        return false;
    day = gz_date_to_days((struct gz_date){ 1899, 12, n < 60 ? 31 : 30 }) + n;
    st->prec = GZ_PREC_DAY;
    if (!eat(st, GZ_STR("."))) {
        from_seconds(st, day, 0);
        return true;
    }
    for (; at_digit(st); st->p++)
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

static bool
epoch(struct state *st, int64_t per_second)
{
    int64_t value = 0, sec;
    bool minus = eat(st, GZ_STR("-"));
    int n = 0;

    for (; at_digit(st) && n < 15; st->p++, n++)
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

// Digits and signs of full width as the plain ones. Returns 0 if there are none of them
// or they are too many.
static size_t
fold_width(struct gz_str s, char *to, size_t room)
{
    size_t n = 0;
    bool found = false;

    for (size_t i = 0; i < s.len && n < room;) {
        const unsigned char *c = (const unsigned char *)s.ptr + i;

        if (c[0] == 0xEF && i + 2 < s.len && c[1] == 0xBC && c[2] >= 0x8B &&
            c[2] <= 0x9A) {
            to[n++] = (char)(c[2] - 0x60);
            i += 3;
            found = true;
        } else {
            to[n++] = s.ptr[i++];
        }
    }
    return found && n < room ? n : 0;
}

static bool
whole_form(uint8_t step, struct state *st)
{
    switch (step) {
    case S_MONTH_NAME_DATE:
        return month_name_date(st);
    case S_COMPACT:
        return compact(st);
    case S_EXCEL:
        return excel(st);
    case S_EPOCH:
        return epoch(st, 1);
    case S_EPOCH_MS:
        return epoch(st, 1000);
    default:
        return false;
    }
}

static bool
clock_step(uint8_t step, struct state *st)
{
    switch (step) {
    case S_HOUR:
    case S_HOUR2:
        st->prec = GZ_PREC_MINUTE;
        return number(st, step == S_HOUR ? 1 : 2, 2, &st->hour);
    case S_MIN:
    case S_MIN2:
        return number(st, step == S_MIN ? 1 : 2, 2, &st->min);
    case S_SEC:
    case S_SEC2:
        st->prec = GZ_PREC_SECOND;
        return number(st, step == S_SEC ? 1 : 2, 2, &st->sec);
    case S_FRAC:
        fraction(st);
        return true;
    case S_AMPM:
        return day_part(st);
    case S_OFFSET:
        return offset(st);
    default:
        return whole_form(step, st);
    }
}

static bool
run(const struct gz_datefmt *f, struct state *st)
{
    for (size_t i = 0; i < f->count; i++) {
        bool good = true;

        switch (f->step[i]) {
        case S_YEAR4:
            st->prec = GZ_PREC_YEAR > st->prec ? GZ_PREC_YEAR : st->prec;
            good = number(st, 4, 4, &st->year);
            break;
        case S_YEAR2:
            good = number(st, 2, 2, &st->year);
            st->year += 2000;
            break;
        case S_MONTH:
        case S_MONTH2:
            st->prec = GZ_PREC_MONTH > st->prec ? GZ_PREC_MONTH : st->prec;
            good = number(st, f->step[i] == S_MONTH ? 1 : 2, 2, &st->month);
            break;
        case S_DAY:
        case S_DAY2:
            st->prec = GZ_PREC_DAY;
            good = number(st, f->step[i] == S_DAY ? 1 : 2, 2, &st->day);
            break;
        case S_SEP:
            good = separator(st);
            break;
        case S_DAY_END:
            if (st->p < st->end && *st->p >= 0x80 && !eat(st, GZ_STR("日")))
                eat(st, GZ_STR("号"));
            break;
        case S_TIME:
            good = time_of_day(st);
            break;
        case S_LIT:
            good = st->p < st->end && *st->p == f->lit[i];
            st->p++;
            break;
        case S_OPEN:
            if (st->p == st->end)
                return true;
            break;
        case S_CLOSE:
            break;
        case S_YEAR_GIVEN:
            st->year = f->year;
            good = f->year > 0;
            break;
        default:
            good = clock_step(f->step[i], st);
        }
        if (!good)
            return false;
    }
    return st->p == st->end;
}

static char *
put2(char *to, int32_t n)
{
    to[0] = (char)('0' + n / 10);
    to[1] = (char)('0' + n % 10);
    return to + 2;
}

static char *
put_clock(const struct state *st, char *to)
{
    size_t frac = st->frac_len;

    *to++ = 'T';
    to = put2(to, st->hour);
    *to++ = ':';
    to = put2(to, st->min);
    if (st->prec == GZ_PREC_SECOND) {
        *to++ = ':';
        to = put2(to, st->sec);
        while (frac && st->frac[frac - 1] == '0')
            frac--;
        if (frac) {
            *to++ = '.';
            frac = frac < 9 ? frac : 9;
            memcpy(to, st->frac, frac);
            to += frac;
        }
    }
    if (st->offset == 0)
        *to++ = 'Z';
    else if (st->offset != GZ_NO_OFFSET) {
        int32_t off = st->offset < 0 ? -st->offset : st->offset;

        *to++ = st->offset < 0 ? '-' : '+';
        to = put2(to, off / 60);
        *to++ = ':';
        to = put2(to, off % 60);
    }
    return to;
}

// Bring a 12-hour clock to 24 hours. "下午15:05" is met too and means what it says.
static bool
settle_clock(struct state *st)
{
    if (st->clock12) {
        if (st->pm && st->hour < 12)
            st->hour += 12;
        else if (!st->pm && st->hour == 12)
            st->hour = 0;
        else if (!st->pm && st->hour > 12)
            return false;
    }
    return st->hour <= 24 && st->min <= 59 && st->sec <= 60 &&
           (st->hour < 24 || (!st->min && !st->sec));
}

static size_t
iso(const struct gz_datefmt *f, struct gz_str value, char *out)
{
    struct state st = { .p = (const unsigned char *)value.ptr, .offset = GZ_NO_OFFSET };
    char *to = out;

    st.end = st.p + value.len;
    if (!value.len || !run(f, &st))
        return 0;
    if (st.year < 1 || st.year > 9999 ||
        (st.prec >= GZ_PREC_MONTH && (st.month < 1 || st.month > 12)))
        return 0;
    if (st.prec >= GZ_PREC_DAY &&
        (st.day < 1 || st.day > 31 ||
         (st.day > 28 && st.day > gz_days_in_month(st.year, st.month))))
        return 0;
    if (st.prec > GZ_PREC_DAY && !settle_clock(&st))
        return 0;
    to = put2(to, st.year / 100);
    to = put2(to, st.year % 100);
    if (st.prec >= GZ_PREC_MONTH) {
        *to++ = '-';
        to = put2(to, st.month);
    }
    if (st.prec >= GZ_PREC_DAY) {
        *to++ = '-';
        to = put2(to, st.day);
    }
    if (st.prec > GZ_PREC_DAY)
        to = put_clock(&st, to);
    return (size_t)(to - out);
}

size_t
gz_datefmt_iso(const struct gz_datefmt *f, struct gz_str value, char out[GZ_DATEFMT_OUT])
{
    char folded[64];
    size_t n = iso(f, value, out);

    if (n || value.len > 60)
        return n;
    n = fold_width(value, folded, sizeof(folded));
    return n ? iso(f, (struct gz_str){ folded, n }, out) : 0;
}

static const struct {
    const char *name;
    uint8_t step[12];
    uint8_t count;
} forms[] = {
    { "ymd",
      { S_YEAR4, S_OPEN, S_SEP, S_OPEN, S_MONTH, S_OPEN, S_SEP, S_OPEN, S_DAY, S_DAY_END,
        S_TIME },
      11 },
    { "mdy", { S_MONTH, S_SEP, S_DAY, S_SEP, S_YEAR4, S_TIME }, 6 },
    { "dmy", { S_DAY, S_SEP, S_MONTH, S_SEP, S_YEAR4, S_TIME }, 6 },
    { "month-name", { S_MONTH_NAME_DATE, S_TIME }, 2 },
    { "compact", { S_COMPACT }, 1 },
    { "excel", { S_EXCEL }, 1 },
    { "md", { S_YEAR_GIVEN, S_MONTH, S_SEP, S_DAY, S_DAY_END, S_TIME }, 6 },
    { "epoch", { S_EPOCH }, 1 },
    { "epoch-ms", { S_EPOCH_MS }, 1 },
};

static const struct {
    const char *text;
    uint8_t step;
} words[] = {
    { "yyyy", S_YEAR4 }, { "yy", S_YEAR2 }, { "MM", S_MONTH2 }, { "M", S_MONTH },
    { "dd", S_DAY2 },    { "d", S_DAY },    { "HH", S_HOUR2 },  { "H", S_HOUR },
    { "mm", S_MIN2 },    { "m", S_MIN },    { "ss", S_SEC2 },   { "s", S_SEC },
    { "f", S_FRAC },     { "a", S_AMPM },   { "z", S_OFFSET },  { "[", S_OPEN },
    { "]", S_CLOSE },
};

static bool
is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static enum gz_err_kind
compile_pattern(struct gz_datefmt *f, struct gz_str spec, struct gz_err *err)
{
    bool year = false;

    for (size_t at = 0; at < spec.len;) {
        struct gz_str rest = gz_str_from(spec, at);
        size_t w = 0;

        if (f->count == GZ_DATEFMT_STEPS)
            return gz_err_set(err, GZ_ERR_USAGE, _("date pattern '%.40s' is too long"),
                              f->name);
        while (w < GZ_COUNT(words) && !gz_str_starts(rest, gz_str_of(words[w].text)))
            w++;
        if (w < GZ_COUNT(words)) {
            f->step[f->count++] = words[w].step;
            at += strlen(words[w].text);
            year |= words[w].step == S_YEAR4 || words[w].step == S_YEAR2;
            continue;
        }
        if (is_letter(rest.ptr[0]) && rest.ptr[0] != 'T' && rest.ptr[0] != 'Z')
            return gz_err_set(err, GZ_ERR_USAGE,
                              _("'%.40s' is neither a date form (ymd, mdy, dmy, compact, "
                                "excel ...) nor a pattern such as dd/MM/yyyy"),
                              f->name);
        f->step[f->count] = S_LIT;
        f->lit[f->count++] = (uint8_t)rest.ptr[0];
        at++;
    }
    if (!year)
        return gz_err_set(err, GZ_ERR_USAGE, _("date pattern '%.40s' has no year"),
                          f->name);
    return GZ_OK;
}

enum gz_err_kind
gz_datefmt_compile(struct gz_datefmt *f, struct gz_str spec, int32_t year,
                   struct gz_err *err)
{
    memset(f, 0, sizeof(*f));
    f->year = year;
    snprintf(f->name, sizeof(f->name), GZ_STR_FMT, GZ_STR_ARG(spec));
    for (size_t i = 0; i < GZ_COUNT(forms); i++)
        if (gz_str_is(spec, forms[i].name)) {
            memcpy(f->step, forms[i].step, forms[i].count);
            f->count = forms[i].count;
            return GZ_OK;
        }
    return compile_pattern(f, spec, err);
}

enum gz_err_kind
gz_datevote_form(struct gz_datevote *v, struct gz_str spec, int32_t year,
                 struct gz_err *err)
{
    if (v->count == GZ_DATEVOTE_FORMS)
        return gz_err_set(err, GZ_ERR_USAGE, _("more than %d date forms for one column"),
                          GZ_DATEVOTE_FORMS);
    v->hits[v->count] = 0;
    return gz_datefmt_compile(&v->form[v->count++], spec, year, err);
}

void
gz_datevote_add(struct gz_datevote *v, struct gz_str value)
{
    char out[GZ_DATEFMT_OUT];

    v->total++;
    for (size_t i = 0; i < v->count; i++)
        v->hits[i] += gz_datefmt_iso(&v->form[i], value, out) != 0;
}

enum gz_datevote_result
gz_datevote_pick(const struct gz_datevote *v, const struct gz_datefmt **form)
{
    size_t best = 0;

    *form = &v->form[0];
    if (!v->total)
        return GZ_DATEVOTE_EMPTY;
    for (size_t i = 1; i < v->count; i++)
        if (v->hits[i] > v->hits[best])
            best = i;
    if (!v->hits[best])
        return GZ_DATEVOTE_NONE;
    *form = &v->form[best];
    for (size_t i = 0; i < v->count; i++) {
        bool pair = (strcmp(v->form[i].name, "mdy") == 0 &&
                     strcmp(v->form[best].name, "dmy") == 0) ||
                    (strcmp(v->form[i].name, "dmy") == 0 &&
                     strcmp(v->form[best].name, "mdy") == 0);

        if (pair && v->hits[i] == v->hits[best])
            return GZ_DATEVOTE_AMBIGUOUS;
    }
    return GZ_DATEVOTE_ONE;
}
