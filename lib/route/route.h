// SPDX-License-Identifier: MIT
// route: one record in, the same record with its route fields out.
#ifndef GZ_ROUTE_ROUTE_H
#define GZ_ROUTE_ROUTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "pack/pack.h"
#include "record/schema.h"
#include "route/decide.h"
#include "route/model.h"

struct gz_router;

struct gz_route_options {
    struct gz_decider_options decide;
    const struct gz_model *model; // or NULL; must outlive the router
    bool explain;                 // write `evidence` and `alternatives`
    bool learned_names;           // write labels of the model as they were learned
};

// Everything in `arena`, but for what gz_router_free() frees. The pack and the schema
// must outlive it. NULL and *err when a pattern cannot be prepared.
struct gz_router *gz_router_new(const struct gz_pack *pack,
                                const struct gz_schema *schema,
                                const struct gz_route_options *options,
                                struct gz_arena *arena, struct gz_err *err);
void gz_router_free(struct gz_router *r);

// Append `line` to `out`, with a line end: as it is when its kind has no route fields;
// else with all of them removed and those that were decided put at its end, in the order
// of the schema. A function of the line, the pack and the options alone. `line` is valid
// UTF-8. On a line that is no record: GZ_ERR_DATA, nothing is appended, *err has code and
// column.
enum gz_err_kind gz_route_line(struct gz_router *r, struct gz_str line,
                               struct gz_buf *out, struct gz_err *err);

// The rules that could not be decided on the last line, since their pattern ran into its
// limit: their ids, and how many.
size_t gz_router_undecided(const struct gz_router *r, const struct gz_str **id);

#endif
