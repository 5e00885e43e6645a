// SPDX-License-Identifier: MIT
// time: civil dates and times as they were written; no clock, no TZ, no locale.
#ifndef GZ_BASE_TIME_H
#define GZ_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

// How much of a time was given.
enum gz_prec { GZ_PREC_YEAR, GZ_PREC_MONTH, GZ_PREC_DAY, GZ_PREC_MINUTE, GZ_PREC_SECOND };

#define GZ_NO_OFFSET INT16_MIN

// A moment as written: `sec` counts civil seconds from 1970-01-01T00:00:00 in the
// zone of the source, so that it sorts and falls into days as a reader would say.
// What was not given (day of a month, time of a day) is the start of it.
struct gz_time {
    int64_t sec;
    int16_t offset_min; // minutes east of UTC, or GZ_NO_OFFSET when the source is silent
    enum gz_prec prec;
};

struct gz_date {
    int32_t year;  // 1 to 9999
    int32_t month; // 1 to 12
    int32_t day;   // 1 to 31
};

int32_t gz_days_in_month(int32_t year, int32_t month);
bool gz_date_valid(struct gz_date d);

// Days from 1970-01-01 in the Gregorian calendar, and back.
int64_t gz_date_to_days(struct gz_date d);
struct gz_date gz_days_to_date(int64_t days);

// 0 = Monday ... 6 = Sunday.
int gz_days_weekday(int64_t days);

// Floor of sec / 86400: the day that a moment falls on.
int64_t gz_time_day(struct gz_time t);

// The only forms that the stream knows: 2018, 2018-03, 2018-03-19,
// 2018-03-19T08:05[:30[.fff]][Z|+08:00|-0500]; a space for the T is read too.
bool gz_time_parse(struct gz_str s, struct gz_time *out);

// Write it at the precision it has. `out` needs 32 bytes; returns the length.
size_t gz_time_format(struct gz_time t, char *out);

// Seconds from `a` to `b`: of the instants when both have an offset, else of the civil
// times. *days is set, and the result a multiple of 86400, when either is only a date.
// False when either is vaguer than a day.
bool gz_time_between(struct gz_time a, struct gz_time b, int64_t *sec, bool *days);

#endif
