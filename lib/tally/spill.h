// SPDX-License-Identifier: MIT
// spill: rows for which there is no memory. They are written, sorted, to files without a
// name, as the lines that they are in any tally, and are added up when they are read
// back: what was spilled is a tally like any other.
#ifndef GZ_TALLY_SPILL_H
#define GZ_TALLY_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "tally/row.h"

struct gz_store;
struct gz_tally;

// Rows of one table, by period and key.
struct gz_run {
    struct gz_str table;
    int fd; // the store's
    uint64_t at;
    uint64_t end;
    uint32_t level; // how often its rows were merged
};

// Write the rows in memory to runs, but for those of tables that begin with '_', which
// are few and say what the others are worth.
enum gz_err_kind gz_store_spill(struct gz_store *s, struct gz_err *err);

// What a row is given to. Where one run alone has it, `line` may be how it is to be
// written, with its line end, and the row has no cells.
typedef enum gz_err_kind gz_each_row(void *ctx, struct gz_row *row, struct gz_str line,
                                     struct gz_err *err);

// The rows of one table in their order, from memory or from runs, after gz_store_sort().
// With `whole` they have their cells in any case.
enum gz_err_kind gz_tally_each(struct gz_tally *t, struct gz_str table, bool whole,
                               gz_each_row *each, void *ctx, struct gz_err *err);

// merge.c: the rows of some runs of one table, in order.
enum gz_err_kind gz_runs_merge(struct gz_tally *t, const struct gz_run *run, size_t runs,
                               bool whole, gz_each_row *each, void *ctx,
                               struct gz_err *err);

#endif
