// SPDX-License-Identifier: MIT
// jsonrow: a JSON object as a row of cells, and the objects in its arrays as rows of
// tables of their own.
//
// The first table is that of the objects themselves: their members, those of objects
// inside by "outer.inner", are cells under the column of that name. Arrays are one cell,
// as they stand, unless a part of the layout takes them: then each element is a row of
// that part's table, with what stands around it under "^.name" ("^.^.name" one array
// further out). An element that is no object is the cell "." of its row.
#ifndef GZ_INGEST_JSONROW_H
#define GZ_INGEST_JSONROW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "ingest/header.h"
#include "ingest/mapping.h"
#include "io/csv.h"
#include "record/cursor.h"

struct gz_json_up { // a member of the object around
    struct gz_str name;
    struct gz_str text;
};

struct gz_json_table {
    const struct gz_layout *part; // NULL: of the objects themselves
    struct gz_mapping *mapping;   // NULL while columns are collected
    struct gz_header header;
    struct gz_map columns; // names to columns
    struct gz_csv_field *field;
    bool *filled; // columns that the row at hand has
    size_t count;
    size_t parent;          // its table
    struct gz_str name;     // of the array, in the parent
    struct gz_member array; // of the parent's row at hand
    bool has_parts;
    struct gz_arena row;
    struct gz_json_up *up; // for the rows of parts below: room for what the row has
    size_t ups;
    size_t ups_cap;
};

struct gz_jsonrow {
    struct gz_json_table *table;
    size_t tables;
    bool collecting;      // names that are new become columns
    bool check_only;      // look for faults, make no cells
    struct gz_map picked; // "Items.0": elements of arrays that are columns by themselves
    // Called for each row, the object's first. It may set *why to end the object.
    void (*row)(void *ctx, struct gz_json_table *t, struct gz_err *why);
    void *ctx;
    // Of the walk.
    struct gz_json_table *at;
    struct gz_str path;
    int depth;
    struct gz_err *why;
};

// With one table, that of the objects.
void gz_jsonrow_init(struct gz_jsonrow *j);
void gz_jsonrow_release(struct gz_jsonrow *j);

// Note which elements of arrays the names in a layout pick by number.
void gz_jsonrow_pick(struct gz_jsonrow *j, const struct gz_layout *l,
                     struct gz_arena *arena);

// Add a table for each part of the layout.
void gz_jsonrow_parts(struct gz_jsonrow *j, const struct gz_layout *l,
                      struct gz_arena *arena);

// Columns are known from now on: make room for the cells of a table.
void gz_jsonrow_fix(struct gz_json_table *t, struct gz_arena *arena);

// Walk one value; GZ_ERR_DATA with a code when it is no object of valid UTF-8, or has a
// member twice. j->row has been called for the rows before the fault.
enum gz_err_kind gz_jsonrow_walk(struct gz_jsonrow *j, struct gz_str value,
                                 struct gz_err *why);

#endif
