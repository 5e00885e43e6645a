// SPDX-License-Identifier: MIT
// plan: which tables are counted: their dimensions, measures, filters and lists.
// gz-plan(5) is its manual.
#ifndef GZ_TALLY_PLAN_H
#define GZ_TALLY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "civic/scheme.h"
#include "io/json.h"
#include "record/schema.h"

enum { GZ_PLAN_DIMS = 16 }; // of a table

enum gz_dim_part {
    GZ_DIM_WHOLE,
    GZ_DIM_LEVEL, // the N-th level of a path: category:1
    GZ_DIM_YEAR,
    GZ_DIM_QUARTER,
    GZ_DIM_MONTH,
    GZ_DIM_WEEK,
    GZ_DIM_DAY,
    GZ_DIM_WEEKDAY, // 1 = Monday ... 7
    GZ_DIM_HOUR,    // 00 ... 23
};

// A value that a dimension has where a condition holds: a band, or whatever is derived.
struct gz_dim_case {
    struct gz_str value;
    struct gz_str zh;
    struct gz_str en;
    const gz_json *when; // NULL: always
};

// One dimension: the first of its fields that is there, or what the scheme says.
struct gz_dim {
    struct gz_str name; // for headers and labels: "unit", "category:1"
    struct gz_str zh;
    struct gz_str en;
    const struct gz_str *field;
    size_t field_count;
    enum gz_dim_part part;
    int32_t level; // of GZ_DIM_LEVEL, from 1
    bool which;    // the name of the field that was used instead of its value
    bool multi;    // a list: one record has several keys, so rows do not sum to the whole
    bool counts;   // the scheme's conditions that hold, of those its rates are made of
    const struct gz_dim_case *cases; // the first that holds is the value
    size_t case_count;
    bool exclusion; // the code of the scheme's first exclusion that holds
};

enum gz_measure_kind {
    GZ_MEASURE_COUNT,
    GZ_MEASURE_SUM,      // exact decimals of field[0]
    GZ_MEASURE_DURATION, // from field[0] to field[1]
    GZ_MEASURE_DISTINCT, // different values of field[0]
};

struct gz_measure {
    struct gz_str name;
    struct gz_str zh;
    struct gz_str en;
    enum gz_measure_kind kind;
    struct gz_str field[2];
    struct gz_str at;           // time field that decides the period; empty: none
    struct gz_str or_at;        // taken when that is absent; mostly empty
    struct gz_str window;       // name in the scheme: "main", "closed", "calendar"
    const gz_json *where;       // or NULL
    bool needs_as_of;           // not counted without an as-of date
    const struct gz_str *needs; // fields without which it is unknown, not 0; entries
    size_t needs_count;         // with '|' are alternatives: see gz_cond_needs()
};

struct gz_table {
    struct gz_str name;
    struct gz_str zh;
    struct gz_str en;
    struct gz_str rec;
    bool periods; // false: its rows have no period
    const struct gz_dim *dim;
    size_t dim_count;
    const struct gz_measure *measure;
    size_t measure_count;
    const gz_json *where;
    bool apart; // "total": false: its rows are not added up
};

// The first `limit` records that hold, in order; the count of all is measure "n" of
// table "_list" with the list's name as key.
struct gz_list {
    struct gz_str name;
    struct gz_str zh;
    struct gz_str en;
    struct gz_str rec;
    struct gz_str id;           // the field that ends the order
    const struct gz_dim *order; // values rise, by their bytes
    size_t order_count;
    const struct gz_dim *column;
    size_t column_count;
    const gz_json *where;
    struct gz_str at;     // only those that fall into the periods asked for; empty: all
    struct gz_str window; // as of a measure
    uint64_t limit;
    bool needs_as_of;
};

struct gz_plan {
    struct gz_str name;
    struct gz_str zh;
    struct gz_str en;
    const struct gz_table *table;
    size_t table_count;
    const struct gz_list *list;
    size_t list_count;
    const gz_json *where; // over all of it, from --where
    bool full_account;    // "account":"full": rows, skips and encodings are counted too
    struct gz_str text;   // compact JSON
    struct gz_json_doc *doc;
};

// Read a plan. Conditions that name the scheme ({"scheme":"valid"}) are looked up in
// `scheme`. Lives in `arena`; gz_plan_release() frees the JSON tree. NULL with
// GZ_ERR_USAGE, line and column when it is wrong.
struct gz_plan *gz_plan_parse(struct gz_arena *arena, struct gz_str text,
                              const char *name, const struct gz_scheme *scheme,
                              const struct gz_schema *schema, struct gz_err *err);
void gz_plan_release(struct gz_plan *p);

// planbase.c: the text of a plan with a "base", with everything it takes of it.
bool gz_plan_join(struct gz_arena *arena, const struct gz_json_doc *doc, int depth,
                  struct gz_str *text, struct gz_err *err);

// By the name of a built-in plan, or a file's path (anything with '/' or '.json').
struct gz_plan *gz_plan_load(struct gz_arena *arena, const char *name_or_path,
                             const struct gz_scheme *scheme,
                             const struct gz_schema *schema, struct gz_err *err);

const struct gz_table *gz_plan_table(const struct gz_plan *p, struct gz_str name);
const struct gz_measure *gz_table_measure(const struct gz_table *t, struct gz_str name);

#endif
