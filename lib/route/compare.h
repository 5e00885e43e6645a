// SPDX-License-Identifier: MIT
// compare: which records two packs route differently, and by which rules.
#ifndef GZ_ROUTE_COMPARE_H
#define GZ_ROUTE_COMPARE_H

#include "base/buf.h"
#include "base/err.h"
#include "route/route.h"

struct gz_comparer;

// Compares what two routers say. They stay the caller's; everything else in `arena`.
struct gz_comparer *gz_comparer_new(struct gz_router *before, struct gz_router *now,
                                    struct gz_arena *arena);
void gz_comparer_free(struct gz_comparer *c);

// Route `line` by both. Where they differ in what is done (not only in the rules), append
// a line "ID: FIELD OLD -> NEW; ... [RULES OLD -> RULES NEW]" to `out`.
// GZ_ERR_DATA when the line is no record.
enum gz_err_kind gz_comparer_line(struct gz_comparer *c, struct gz_str line,
                                  struct gz_buf *out, struct gz_err *err);

// The counts of `count` comparers together, a line for each field that differed.
void gz_comparer_totals(struct gz_comparer *const *c, size_t count, struct gz_buf *out);

#endif
