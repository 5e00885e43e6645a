// SPDX-License-Identifier: MIT
// datefmt: dates as sources write them, by a pattern compiled to steps, to ISO 8601.
#ifndef GZ_BASE_DATEFMT_H
#define GZ_BASE_DATEFMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum {
    GZ_DATEFMT_STEPS = 40,
    GZ_DATEFMT_OUT = 48, // bytes that gz_datefmt_iso() may write
    GZ_DATEVOTE_FORMS = 8,
};

// One form of date. No pointers: may be copied.
struct gz_datefmt {
    char name[48]; // the form's name or the pattern, for messages
    uint8_t step[GZ_DATEFMT_STEPS];
    uint8_t lit[GZ_DATEFMT_STEPS]; // the byte of a literal step
    size_t count;
    uint8_t usual; // the form has a usual shape, which is read without the steps
    int32_t year;  // for forms without one; 0: there is none, such values do not fit
};

// `spec` is the name of a form or a pattern.
//
// Forms: ymd (2019/2/28 11:25:05, 2020.12.24, 2020年06月10日17:15, 2018年, ISO 8601),
// mdy (01/22/2018 12:00:00 AM), dmy, month-name (22 Jan 2018, January 22, 2018),
// compact (yyyymmdd[hhmm[ss]]), excel (day numbers 1 to 100000 with a fraction), md
// (12月10日, needs `year`), epoch and epoch-ms (UTC). In all but the last five the
// separators - / . and 年月日 are alike, and the time is 24-hour or with AM, PM, 上午,
// 下午; a weekday is passed over.
//
// Patterns: yyyy yy M MM d dd H HH m mm s ss, f (digits of a fraction), a (AM, PM), z (an
// offset), [ ] around what may be missing at the end; every other byte stands for itself.
// MM, dd, HH, mm, ss are two digits, M, d, H, m, s one or two.
// GZ_ERR_USAGE for anything else. `year` fills forms that lack one.
enum gz_err_kind gz_datefmt_compile(struct gz_datefmt *f, struct gz_str spec,
                                    int32_t year, struct gz_err *err);

// Write `value`, valid UTF-8 without white space around it, as ISO 8601 in the precision
// that it has (2018, 2018-03, 2018-03-19, 2018-03-19T08:05[:30[.25]][+08:00]). Returns
// the length, or 0 when it does not fit the form or is no date.
size_t gz_datefmt_iso(const struct gz_datefmt *f, struct gz_str value,
                      char out[GZ_DATEFMT_OUT]);

// Which of several forms do the values of a column have?
struct gz_datevote {
    struct gz_datefmt form[GZ_DATEVOTE_FORMS];
    uint32_t hits[GZ_DATEVOTE_FORMS];
    size_t count;
    uint32_t total;
};

enum gz_datevote_result {
    GZ_DATEVOTE_ONE,       // *form is the one that fits most values
    GZ_DATEVOTE_EMPTY,     // no values were seen; *form is the first
    GZ_DATEVOTE_NONE,      // no form fits any value
    GZ_DATEVOTE_AMBIGUOUS, // month first and day first fit equally well
};

// Add a form to choose from; those that were added first win a tie, but for mdy and dmy,
// between which nothing is guessed. Past GZ_DATEVOTE_FORMS: GZ_ERR_USAGE.
enum gz_err_kind gz_datevote_form(struct gz_datevote *v, struct gz_str spec, int32_t year,
                                  struct gz_err *err);
void gz_datevote_add(struct gz_datevote *v, struct gz_str value);
enum gz_datevote_result gz_datevote_pick(const struct gz_datevote *v,
                                         const struct gz_datefmt **form);

#endif
