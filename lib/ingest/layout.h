// SPDX-License-Identifier: MIT
// layout: how the columns of one kind of source become fields; a JSON document, see
// gz-layout(5).
#ifndef GZ_INGEST_LAYOUT_H
#define GZ_INGEST_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "record/schema.h"

enum { GZ_LAYOUT_PARTS = 6 };

// Column names that mean the same, the best first. As written; compare them folded.
struct gz_names {
    const struct gz_str *name;
    size_t count;
};

struct gz_layout_pair {
    struct gz_str from; // folded
    struct gz_str to;
};

// How one field is filled.
struct gz_layout_field {
    const struct gz_field *field;
    struct gz_names part[GZ_LAYOUT_PARTS]; // more than one: joined, each may be missing
    size_t parts;
    struct gz_str with;   // stands between joined parts
    struct gz_names date; // forms to choose from, see base/datefmt.h
    int32_t year;         // for forms without one; 0: none
    struct gz_layout_pair *map;
    size_t maps;
    const struct gz_field *raw; // gets the text as it was when the map changed it
    struct gz_names split;      // separators of a list
    struct gz_names path;       // separators of a category path, become "->"
    struct gz_names nulls;      // beside those of the layout
    struct gz_str constant;     // in every record, when no column gives a value
    bool any;                   // the first part that has a value, instead of all joined
    bool lenient;               // a value that is no date stays in ext: no reject
    struct gz_str id_split;     // a date inside petition_id: the part `id_part` ...
    size_t id_part;             // ... (from 1; 0: none) between these separators ...
    struct gz_str id_date;      // ... in this form
};

struct gz_layout_need { // one of these fields must have a column
    const struct gz_field **field;
    size_t count;
};

struct gz_layout_only { // rows whose column has none of these values are passed over
    struct gz_names column;
    struct gz_names values;
};

struct gz_layout {
    struct gz_str name;
    struct gz_str about;
    struct gz_str text; // the document
    const struct gz_kind *kind;
    bool records;       // our own stream: columns are fields, and `field` is empty
    int64_t rank;       // added to the score: a general layout has a negative one
    struct gz_str zone; // "+08:00": appended to times without an offset; or empty
    struct gz_names nulls;
    struct gz_names contacts;      // columns that name a person: never leave
    struct gz_names key;           // the same, and each identifies a person
    struct gz_names keep;          // known columns that go to ext whatever they look like
    struct gz_layout_field *field; // in schema order
    size_t count;
    struct gz_layout_need *need;
    size_t needs;
    struct gz_names columns; // of files without a header; or none
    struct gz_names under;   // of JSON: members of the document that hold the records
    struct gz_layout_only *only;
    size_t onlys;
    struct gz_str section; // of a file of several tables: the line above the one meant
    // Of JSON: what the elements of arrays inside become. A part has these two besides:
    struct gz_layout *part;
    size_t parts;
    struct gz_str at;     // path of the array
    struct gz_str if_has; // column without which an element is passed over; or empty
    bool no_ext;
    uint64_t hash; // gz_hash_fixed of the document
};

// The error that there is no such layout, naming the nearest that is built in.
enum gz_err_kind gz_layout_missing(struct gz_str name, struct gz_arena *arena,
                                   struct gz_err *err);

// A built-in layout by name, or the file at a path (a spec with '/' or ".json", or any
// other that is no built-in name but exists below $XDG_CONFIG_HOME/gz/layouts/). All
// memory is in `arena`. NULL and GZ_ERR_USAGE with file, line and column on a fault.
const struct gz_layout *gz_layout_load(struct gz_str spec, const struct gz_schema *schema,
                                       struct gz_arena *arena, struct gz_err *err);

// Could this one, which is built in, know the columns whose names, folded, are in
// `names`? Only looks for strings that are the same, which costs less than to parse it.
struct gz_map;
bool gz_layout_may_know(struct gz_str name, const struct gz_map *names,
                        struct gz_arena *scratch);

// The same from text in memory.
const struct gz_layout *gz_layout_parse(struct gz_str text, const char *source,
                                        const struct gz_schema *schema,
                                        struct gz_arena *arena, struct gz_err *err);

// The names of the built-in layouts, sorted. *names is in `arena`.
size_t gz_layout_list(struct gz_arena *arena, struct gz_str **names);

// The paths of one's own layouts: in the folder `asked` (NULL: none), and in
// $XDG_CONFIG_HOME/gz/layouts and its like. `asked` has to be there: else GZ_ERR_IO.
size_t gz_layout_own(const char *asked, struct gz_arena *arena, struct gz_str **list,
                     struct gz_err *err);

// The document of a built-in layout; {NULL, 0} if there is none.
struct gz_str gz_layout_builtin(struct gz_str name, struct gz_arena *arena);

// `name` without blanks, '_' and a leading '*', in half width, lower case and simplified
// characters: how column names and coded values are compared.
struct gz_str gz_fold_name(struct gz_str name, struct gz_arena *arena);

#endif
