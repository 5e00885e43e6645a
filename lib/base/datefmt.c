// SPDX-License-Identifier: MIT
#include "base/datefmt.h"

#include <stdio.h>
#include <string.h>

#include "base/datescan.h"
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
whole_form(uint8_t step, struct gz_datescan *st)
{
    switch (step) {
    case S_MONTH_NAME_DATE:
        return gz_datescan_month_name_date(st);
    case S_COMPACT:
        return gz_datescan_compact(st);
    case S_EXCEL:
        return gz_datescan_excel(st);
    case S_EPOCH:
        return gz_datescan_epoch(st, 1);
    case S_EPOCH_MS:
        return gz_datescan_epoch(st, 1000);
    default:
        return false;
    }
}

static bool
clock_step(uint8_t step, struct gz_datescan *st)
{
    switch (step) {
    case S_HOUR:
    case S_HOUR2:
        st->prec = GZ_PREC_MINUTE;
        return gz_datescan_number(st, step == S_HOUR ? 1 : 2, 2, &st->hour);
    case S_MIN:
    case S_MIN2:
        return gz_datescan_number(st, step == S_MIN ? 1 : 2, 2, &st->min);
    case S_SEC:
    case S_SEC2:
        st->prec = GZ_PREC_SECOND;
        return gz_datescan_number(st, step == S_SEC ? 1 : 2, 2, &st->sec);
    case S_FRAC:
        gz_datescan_fraction(st);
        return true;
    case S_AMPM:
        return gz_datescan_day_part(st);
    case S_OFFSET:
        return gz_datescan_offset(st);
    default:
        return whole_form(step, st);
    }
}

static bool
run(const struct gz_datefmt *f, struct gz_datescan *st)
{
    for (size_t i = 0; i < f->count; i++) {
        bool good = true;

        switch (f->step[i]) {
        case S_YEAR4:
            st->prec = GZ_PREC_YEAR > st->prec ? GZ_PREC_YEAR : st->prec;
            good = gz_datescan_number(st, 4, 4, &st->year);
            break;
        case S_YEAR2:
            good = gz_datescan_number(st, 2, 2, &st->year);
            st->year += 2000;
            break;
        case S_MONTH:
        case S_MONTH2:
            st->prec = GZ_PREC_MONTH > st->prec ? GZ_PREC_MONTH : st->prec;
            good = gz_datescan_number(st, f->step[i] == S_MONTH ? 1 : 2, 2, &st->month);
            break;
        case S_DAY:
        case S_DAY2:
            st->prec = GZ_PREC_DAY;
            good = gz_datescan_number(st, f->step[i] == S_DAY ? 1 : 2, 2, &st->day);
            break;
        case S_SEP:
            good = gz_datescan_separator(st);
            break;
        case S_DAY_END:
            if (st->p < st->end && *st->p >= 0x80 && !gz_datescan_eat(st, GZ_STR("日")))
                gz_datescan_eat(st, GZ_STR("号"));
            break;
        case S_TIME:
            good = gz_datescan_time_of_day(st);
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
put_clock(const struct gz_datescan *st, char *to)
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
settle_clock(struct gz_datescan *st)
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
    struct gz_datescan st = { .p = (const unsigned char *)value.ptr,
                              .offset = GZ_NO_OFFSET };
    char *to = out;

    if (!value.len)
        return 0;
    st.end = st.p + value.len;
    if (!run(f, &st))
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

// ---- the usual shapes ----

enum { USUAL_NONE, USUAL_YMD, USUAL_MDY, USUAL_DMY };

// Two digits at `p` that are known to be some.
static inline int
two(const char *p)
{
    return (p[0] - '0') * 10 + (p[1] - '0');
}

// Where the digits of ten or eight bytes stand, as a mask of the first eight and the last
// eight of them.
struct shape {
    char first[8];
    char last[8];
};

static const struct shape date_shapes[] = {
    [USUAL_YMD] = { "\xff\xff\xff\xff\0\xff\xff", "\xff\xff\0\xff\xff\0\xff\xff" },
    [USUAL_MDY] = { "\xff\xff\0\xff\xff\0\xff\xff", "\0\xff\xff\0\xff\xff\xff\xff" },
    [USUAL_DMY] = { "\xff\xff\0\xff\xff\0\xff\xff", "\0\xff\xff\0\xff\xff\xff\xff" },
};
static const char clock_shape[8] = "\xff\xff\0\xff\xff\0\xff\xff";

// Has the word digits where the mask says so?
static inline bool
has_digits(const char *p, const char mask[8])
{
    const uint64_t one = 0x0101010101010101u;
    uint64_t w, where;

    memcpy(&w, p, 8);
    memcpy(&where, mask, 8);
    w = (w ^ (one * 0x30)) & where;
    return !((((w & one * 0x7f) + (one * 0x76 & where)) | w) & one * 0x80);
}

// HH:mm:ss, or hh:mm:ss AM when `len` is 11. False for anything else.
static inline bool
usual_clock(const char *p, size_t len, char *to)
{
    int h;

    if (p[2] != ':' || p[5] != ':' || !has_digits(p, clock_shape))
        return false;
    h = two(p);
    if (len == 11) {
        if (p[8] != ' ' || p[10] != 'M' || (p[9] != 'A' && p[9] != 'P') || h < 1 ||
            h > 12)
            return false;
        h = h % 12 + (p[9] == 'P') * 12;
    }
    if (h > 23 || p[3] > '5' || p[6] > '5')
        return false;
    *to = 'T';
    put2(to + 1, h);
    memcpy(to + 3, p + 2, 6);
    return true;
}

// 01/22/2018[ 12:00:00 AM], 2018-01-22[ 12:00:00], 22.01.2018[ 12:00:00]: nearly all
// values of nearly all files. 0 for any other shape, which is left to the steps.
static size_t
usual(const struct gz_datefmt *f, struct gz_str v, char *out)
{
    const char *p = v.ptr;
    bool ymd = f->usual == USUAL_YMD;
    size_t year = ymd ? 0 : 6, sep = ymd ? 4 : 2;
    size_t month = ymd ? 5 : f->usual == USUAL_MDY ? 0 : 3;
    size_t day = ymd ? 8 : f->usual == USUAL_MDY ? 3 : 0;
    int m, d;

    if ((v.len != 10 && v.len != 19 && v.len != 22) || p[sep] != p[sep + 3] ||
        (p[sep] != '/' && p[sep] != '-' && p[sep] != '.') ||
        !has_digits(p, date_shapes[f->usual].first) ||
        !has_digits(p + 2, date_shapes[f->usual].last) ||
        memcmp(p + year, "0000", 4) == 0)
        return 0;
    m = two(p + month);
    d = two(p + day);
    if (m < 1 || m > 12 || d < 1 || d > 31 ||
        (d > 28 && d > gz_days_in_month(two(p + year) * 100 + two(p + year + 2), m)))
        return 0;
    memcpy(out, p + year, 4);
    out[4] = out[7] = '-';
    memcpy(out + 5, p + month, 2);
    memcpy(out + 8, p + day, 2);
    if (v.len == 10)
        return 10;
    if (p[10] != ' ' && p[10] != 'T')
        return 0;
    return usual_clock(p + 11, v.len - 11, out + 10) ? 19 : 0;
}

size_t
gz_datefmt_iso(const struct gz_datefmt *f, struct gz_str value, char out[GZ_DATEFMT_OUT])
{
    char folded[64];
    size_t n = f->usual ? usual(f, value, out) : 0;

    if (!n)
        n = iso(f, value, out);
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
            f->usual = i == 0   ? USUAL_YMD
                       : i == 1 ? USUAL_MDY
                       : i == 2 ? USUAL_DMY
                                : USUAL_NONE;
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
