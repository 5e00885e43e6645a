// SPDX-License-Identifier: MIT
// spans: what is printed of a measure of durations: how many, the median, the ninetieth
// percentile and the longest. Spans to the second and spans between dates are never
// mixed.
#ifndef GZ_REPORT_SPANS_H
#define GZ_REPORT_SPANS_H

#include <stdbool.h>

#include "report/doc.h"
#include "tally/row.h"

// Parts: four of spans known to the second, four of spans in whole days, and how many
// were negative.
enum { GZ_SPANS_PARTS = 9 };

// Does `whole`, the cell of all rows together, have anything for this part? Of a measure
// that is not known (NULL), only the median is wanted, to carry its dash.
bool gz_spans_wanted(const struct gz_cell *whole, unsigned part);

struct gz_grid_column gz_spans_column(const struct gz_words *words,
                                      struct gz_arena *arena, struct gz_str name,
                                      struct gz_str caption, unsigned part);
struct gz_grid_cell gz_spans_cell(const struct gz_cell *cell, unsigned part);

// The part that is the median: of moments if any are known, else of days. The cell holds
// durations.
unsigned gz_spans_median(const struct gz_cell *cell);

#endif
