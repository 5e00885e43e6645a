// SPDX-License-Identifier: MIT
// adhoc: a plan of one table, from the options --by, --measure and --where.
#ifndef GZ_TALLY_ADHOC_H
#define GZ_TALLY_ADHOC_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "record/schema.h"

struct gz_adhoc {
    const char *rec;     // NULL: petition
    const char *by;      // "subdistrict,received_at:month"; NULL: one row
    const char *measure; // "count,valid,sum:supports,distinct:grid,duration:a:b"; NULL
    const char *at;      // time field for periods; NULL: none, or the kind's first time
    bool periods;        // a period was asked for
};

// The JSON text of that plan, in `arena`: table "table" of plan "adhoc".
struct gz_str gz_adhoc_plan(struct gz_arena *arena, const struct gz_adhoc *a,
                            const struct gz_schema *schema, struct gz_err *err);

// `plan` with the conditions of --where (short or JSON) over it; *added is by how many
// columns its first line moved. GZ_ERR_USAGE when one is no JSON.
struct gz_str gz_adhoc_where(struct gz_arena *arena, struct gz_str plan,
                             const char *const *where, size_t count, size_t *added,
                             struct gz_err *err);

#endif
