// SPDX-License-Identifier: MIT
// csv: one table of a tally as CSV: counts as they are, no rates.
#ifndef GZ_TALLY_CSV_H
#define GZ_TALLY_CSV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "tally/plan.h"
#include "tally/store.h"

// Columns: period (when the table has periods), the dimensions, the measures. A duration
// is seven columns: NAME_sec_n, _sec_p50, _sec_p90, NAME_day_n, _day_p50, _day_p90,
// NAME_neg. `excel`: BOM, CRLF, and ' before what a spreadsheet would run. `flush` is
// called after each line.
enum gz_err_kind gz_tally_csv(struct gz_tally *t, const struct gz_table *table,
                              bool excel, struct gz_buf *out,
                              enum gz_err_kind (*flush)(void *ctx, struct gz_err *err),
                              void *ctx, struct gz_err *err);

#endif
