// SPDX-License-Identifier: MIT
// period: the months, weeks and other spans that are reported on, and which of them a
// moment falls in.
#ifndef GZ_CIVIC_PERIOD_H
#define GZ_CIVIC_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "base/time.h"

enum gz_period_kind {
    GZ_PERIOD_ALL, // one period without a name that holds everything, dated or not
    GZ_PERIOD_YEAR,
    GZ_PERIOD_QUARTER,
    GZ_PERIOD_MONTH,
    GZ_PERIOD_WEEK, // ISO 8601: from Monday, named by the year of its Thursday
    GZ_PERIOD_DAY,
};

// Periods of one kind are numbered without gaps: add 1 for the next one.
#define GZ_PERIOD_NONE INT32_MIN

// Names: 2026, 2026-Q1, 2026-03, 2026-W12, 2026-03-19; "all" and "" are GZ_PERIOD_ALL.
bool gz_period_parse(struct gz_str s, enum gz_period_kind *kind, int32_t *number);

// The name of a period as people write it in Chinese: 2026年3月, 2026年第一季度, 2026年,
// 全部, two of them with 至 between ("2026-01..2026-03"). Other text, and NULL, comes
// back as it is. periodname.c
const char *gz_period_plain(struct gz_arena *arena, const char *text);

// Append the name; nothing for GZ_PERIOD_ALL and GZ_PERIOD_NONE.
void gz_period_format(enum gz_period_kind kind, int32_t number, struct gz_buf *out);

// How many periods of this kind make a year (12, 4, 1); 0 where they do not (weeks,
// days).
int32_t gz_period_per_year(enum gz_period_kind kind);

struct gz_period_range {
    int32_t first;
    int32_t last; // less than `first`: in none
};

// Where each period of a measure begins and ends. Half-open. Months may begin on another
// day than the first (then a period has the name of the month it ends in), all may end
// at another hour than midnight, and a measure may reach further back than its period,
// so that its windows overlap. Days past the end of a month count as its last.
struct gz_window {
    enum gz_period_kind kind;
    int32_t end_day;   // last day of a month period; 0: of the month
    int32_t cut_sec;   // when its last day ends, 1 to 86400 seconds after midnight
    int32_t from_day;  // own first day at 00:00; 0: where the period before ends
    int32_t from_back; // months from the period's own month back to that day
    struct gz_window_memo {
        int64_t day;
        struct gz_period_range range;
    } * memo; // GZ_WINDOW_MEMO of them, or NULL
};

enum { GZ_WINDOW_MEMO = 4096 };

// First second of period `number`, and the first second after it.
int64_t gz_window_start(const struct gz_window *w, int32_t number);
int64_t gz_window_end(const struct gz_window *w, int32_t number);

// The periods that `t` falls in. A date, month or year alone must lie wholly inside.
struct gz_period_range gz_window_find(const struct gz_window *w, struct gz_time t);

#endif
