// SPDX-License-Identifier: MIT
// datescan: the parts of a date as people write them, read one after another.
#ifndef GZ_BASE_DATESCAN_H
#define GZ_BASE_DATESCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "base/time.h"

// What has been read of one value. `p` moves on with each part that fits; after one that
// does not, the whole is of no use.
struct gz_datescan {
    const unsigned char *p;
    const unsigned char *end;
    int32_t year, month, day, hour, min, sec;
    const unsigned char *frac;
    size_t frac_len;
    int32_t offset; // minutes, or GZ_NO_OFFSET
    enum gz_prec prec;
    bool clock12, pm;
};

// A digit comes next.
static inline bool
gz_datescan_at_digit(const struct gz_datescan *st)
{
    return st->p < st->end && *st->p >= '0' && *st->p <= '9';
}

// From `least` to `most` digits, into *out.
static inline bool
gz_datescan_number(struct gz_datescan *st, int least, int most, int32_t *out)
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

// These very bytes.
static inline bool
gz_datescan_eat(struct gz_datescan *st, struct gz_str word)
{
    if ((size_t)(st->end - st->p) < word.len || memcmp(st->p, word.ptr, word.len) != 0)
        return false;
    st->p += word.len;
    return true;
}

// Between year, month and day: - / . 年 月.
bool gz_datescan_separator(struct gz_datescan *st);

// AM, PM, a.m., p.m. in either case, or a Chinese word for a part of the day.
bool gz_datescan_day_part(struct gz_datescan *st);

// Z, +08:00, +0800, +08.
bool gz_datescan_offset(struct gz_datescan *st);

// Digits of a fraction of a second; there may be none.
void gz_datescan_fraction(struct gz_datescan *st);

// Nothing, or a time of day in any of its spellings, to the end of the value.
bool gz_datescan_time_of_day(struct gz_datescan *st);

// Whole dates: 22 Jan 2018, January 22, 2018; yyyymmdd[hhmm[ss]]; a day number of a
// spreadsheet; seconds (per_second 1) or milliseconds (1000) since 1970.
bool gz_datescan_month_name_date(struct gz_datescan *st);
bool gz_datescan_compact(struct gz_datescan *st);
bool gz_datescan_excel(struct gz_datescan *st);
bool gz_datescan_epoch(struct gz_datescan *st, int64_t per_second);

#endif
