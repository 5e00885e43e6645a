// SPDX-License-Identifier: MIT
// schema: the kinds of record, their fields in order, and what people call them.
#ifndef GZ_RECORD_SCHEMA_H
#define GZ_RECORD_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

enum gz_field_type {
    GZ_FIELD_TEXT,
    GZ_FIELD_ID,   // a string, even when it looks like a number
    GZ_FIELD_TIME, // ISO 8601, see base/time.h
    GZ_FIELD_YN,   // "yes" or "no"; absent is a third value
    GZ_FIELD_ENUM, // one of the words in gz_field.values, or another the source had
    GZ_FIELD_NUM,  // a JSON number, its text as it came
    GZ_FIELD_LIST, // an array of strings
    GZ_FIELD_MAP,  // `ext`, `m`: one nested object
};

struct gz_field {
    struct gz_str name;
    enum gz_field_type type;
    struct gz_str en;
    struct gz_str zh;
    struct gz_str values; // of an enum: words apart by '|'
    uint16_t index;       // its place in the kind; writers keep this order
};

struct gz_kind {
    struct gz_str name;
    struct gz_str en;
    struct gz_str zh;
    const struct gz_field *field;
    size_t count;
    struct gz_map by_name; // names and Chinese labels to index, GZ_MAP_NONE if unknown
    const uint16_t *by_name_index;
};

struct gz_schema {
    const struct gz_kind *kind;
    size_t count;
};

// The schema that is built in (lib/data/schema.csv). Lives in `arena`, which must
// outlive it; gz_schema_release() frees its maps.
struct gz_schema *gz_schema_load(struct gz_arena *arena);
void gz_schema_release(struct gz_schema *s);

// The kind by its name or Chinese label; NULL if there is none.
const struct gz_kind *gz_schema_kind(const struct gz_schema *s, struct gz_str name);

// The error that there is no such kind, naming the nearest.
enum gz_err_kind gz_schema_unknown_kind(const struct gz_schema *s, const char *name,
                                        struct gz_err *err);

// The field by its name or Chinese label; NULL if there is none.
const struct gz_field *gz_kind_field(const struct gz_kind *k, struct gz_str name);

// The field of `k` whose name is nearest to `name`, for "did you mean"; NULL if none is
// near.
const struct gz_field *gz_kind_nearest(const struct gz_kind *k, struct gz_str name);

#endif
