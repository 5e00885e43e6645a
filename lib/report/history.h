// SPDX-License-Identifier: MIT
// history: the counts of one table, period by period, up to the one reported on. A period
// that was counted and has no record is 0; one that was not counted is not known.
#ifndef GZ_REPORT_HISTORY_H
#define GZ_REPORT_HISTORY_H

#include "report/book.h"

struct gz_history {
    struct gz_groups rows; // by dimensions, then period
    size_t at;             // the next of them
    size_t keys;           // dimensions kept
    enum gz_period_kind kind;
    int32_t first;       // number of the first period
    size_t count;        // periods; the last is the one reported on
    const bool *counted; // by period
    gz_i128 *value;      // by period, of the key that gz_history_next() came to
    const struct gz_str *key;
};

// Of table `t`, or, with `whole`, of all its rows together. False when the report is not
// on one period, or the table has none. Lives in the book's arena.
bool gz_history_open(struct gz_history *h, struct gz_book *b, const struct gz_table *t,
                     bool whole);

// The whole numbers of `measure` of the next key; false at the end. gz_history_rewind()
// goes back to the first.
bool gz_history_next(struct gz_history *h, size_t measure);
void gz_history_rewind(struct gz_history *h);

// The name of a period by its place in the history; `back` may be any.
struct gz_str gz_history_period(struct gz_book *b, const struct gz_history *h,
                                size_t back);

#endif
