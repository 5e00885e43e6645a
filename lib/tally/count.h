// SPDX-License-Identifier: MIT
// count: a plan at work: records in, rows of one tally out.
#ifndef GZ_TALLY_COUNT_H
#define GZ_TALLY_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "civic/scheme.h"
#include "record/schema.h"
#include "tally/plan.h"
#include "tally/store.h"

struct gz_counter;

struct gz_count_options {
    const char *period; // "2026-03", "2026-01..2026-03", "all", or NULL: every period
    const char *as_of;  // "2026-03-31" (its end), a moment, or NULL: the end of `period`
    uint64_t max_rows;  // of all tables together; 0: no limit
    uint64_t memory;    // bytes that rows may take before they go to the store; 0: any
};

// Everything but the rows is in `setup`. `plan`, `scheme` and `store` must outlive it;
// the kind of scheme->period becomes that of the periods asked for. The tally is made in
// `store`, with its head. NULL and GZ_ERR_USAGE when period or as-of are wrong.
struct gz_counter *gz_counter_new(struct gz_arena *setup, const struct gz_plan *plan,
                                  struct gz_scheme *scheme,
                                  const struct gz_schema *schema,
                                  const struct gz_count_options *options,
                                  struct gz_store *store, struct gz_err *err);
void gz_counter_free(struct gz_counter *c);

// Count one line; a line of a tally goes to the store. GZ_ERR_DATA: this line is bad,
// tell gz_counter_reject(); GZ_ERR_USAGE and GZ_ERR_LIMIT: nothing more is to be read.
enum gz_err_kind gz_counter_line(struct gz_counter *c, struct gz_str line,
                                 struct gz_err *err);

// Append lines of tallies to `tallies` as they are instead of reading them: a tally that
// several workers see a part of each must come together in one store.
void gz_counter_divert(struct gz_counter *c, struct gz_buf *tallies);

// A line that could not be read is a line of table "_reject".
enum gz_err_kind gz_counter_reject(struct gz_counter *c, const struct gz_err *why,
                                   struct gz_err *err);

// Put all rows into the store, when everything was read. Once.
enum gz_err_kind gz_counter_finish(struct gz_counter *c, struct gz_err *err);

// The tally's id.
struct gz_str gz_counter_id(const struct gz_counter *c);

#endif
