// SPDX-License-Identifier: MIT
// row: what one row of a tally holds, and how it is written in the stream. gz-plan(5),
// section ROWS, is its manual.
#ifndef GZ_TALLY_ROW_H
#define GZ_TALLY_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "record/cursor.h"
#include "tally/distinct.h"
#include "tally/hist.h"

enum gz_cell_type {
    GZ_CELL_NUMBER,   // a count or a sum: a JSON number, exact
    GZ_CELL_DURATION, // {"s":[value,count,…],"d":[…],"neg":N}; see below
    GZ_CELL_DISTINCT, // {"set":"hex…"} or {"hll":"…"}
};

// One measure of a row. In JSON:
//   count, sum   12, -0.5
//   duration     an object; every part is left out when it is empty:
//                "s"  seconds, value and count by turns, values rising
//                "sb" the same folded: number of the bucket and count by turns
//                "ss" the sum of the seconds, beside "sb"
//                "d" "db" "ds"  the same for whole days
//                "neg" how many were negative
//   distinct     {"set":"…"}: 16 hex digits for each value, rising, without separators;
//                {"hll":"…"}: 4096 registers, one letter each: A-Z a-z 0-9 + / for 0-63
// A measure that is not there is 0. A row without measures is not written.
struct gz_cell {
    uint32_t measure; // number of its name in the tally: gz_tally_measure()
    enum gz_cell_type type;
    union {
        struct gz_dec number;
        struct gz_durations *durations;
        struct gz_distinct *distinct;
    };
};

// Rows with equal table, period and key are one; their cells add up.
struct gz_row {
    struct gz_str table;
    struct gz_str period; // empty: without one (in a table of periods: no usable date)
    const struct gz_str *key; // one a dimension; empty: absent
    size_t key_count;
    size_t rank; // of its table, after gz_store_sort()
    struct gz_cell *cell;
    size_t cell_count;
    size_t cell_cap;
};

// Append the value of a cell as JSON. Nothing is appended, and false returned, when it
// is zero.
bool gz_cell_write(struct gz_cell *c, struct gz_buf *out);

// Read the value `m` into an empty cell of the type it shows. The cell owns what it
// points to. GZ_ERR_DATA, code "tally", when it is none.
enum gz_err_kind gz_cell_read(struct gz_cell *c, const struct gz_member *m,
                              struct gz_err *err);

// Add `from` to `to`. GZ_ERR_DATA when the types differ, GZ_ERR_LIMIT on overflow.
enum gz_err_kind gz_cell_merge(struct gz_cell *to, const struct gz_cell *from,
                               struct gz_err *err);

// Bytes that it has beside itself.
uint64_t gz_cell_held(const struct gz_cell *c);

void gz_cell_release(struct gz_cell *c);

#endif
