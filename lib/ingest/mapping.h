// SPDX-License-Identifier: MIT
// mapping: a layout bound to the columns of one input: the program that turns a row into
// a record.
#ifndef GZ_INGEST_MAPPING_H
#define GZ_INGEST_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "ingest/header.h"
#include "ingest/layout.h"
#include "ingest/privacy.h"
#include "io/csv.h"

struct gz_mapping;

struct gz_mapping_options {
    const struct gz_layout *layout;
    const struct gz_header *header;
    enum gz_privacy privacy;
    const struct gz_reporter *reporter; // NULL: no keys
    bool drop_ext;                      // columns that fill no field are left out
    bool gb18030;                       // cells are GB18030, to be decoded when kept
    const char *source;                 // for src and messages
    const char *as_of;                  // later dates are odd; NULL: none are
    bool repair_pinyin;                 // take out the pinyin that damage has put in
    const char *const *dates;           // "COLUMN=FORM" or "FIELD=FORM"
    size_t date_count;
};

// What becomes of a column.
enum gz_column_role {
    GZ_COLUMN_EXT,     // kept in ext, or dropped with it
    GZ_COLUMN_FIELD,   // fills a field
    GZ_COLUMN_CONTACT, // names a person: left out
};

// Bind. GZ_ERR_USAGE when a column that fills a field is there twice, or --date names
// nothing. Everything lives in `arena` but what gz_mapping_free() frees.
struct gz_mapping *gz_mapping_new(const struct gz_mapping_options *options,
                                  struct gz_arena *arena, struct gz_err *err);
void gz_mapping_free(struct gz_mapping *m);

// The same settled mapping for another worker, with a state of its own. What it finds out
// about a row's key is left to gz_mapping_repeats(), since only the order of the input
// tells which record repeats which.
struct gz_mapping *gz_mapping_clone(const struct gz_mapping *m, struct gz_arena *arena);

struct gz_mapping_key {
    uint64_t hash;
    size_t at;   // in the output: where "duplicate_id" is to be inserted
    bool listed; // dq is there already, and ends at `at`
    bool full;   // nothing is inserted, as dq has no room
};

// The key of the row that a clone mapped last; false if it has none.
bool gz_mapping_take_key(struct gz_mapping *m, struct gz_mapping_key *key);

// Did the key come before? Remembers it.
bool gz_mapping_repeats(struct gz_mapping *m, uint64_t hash);

// Show it rows of the beginning, then settle what is decided by them: the form of each
// date, columns that look like contacts. GZ_ERR_USAGE when a date can be read in two
// ways.
void gz_mapping_sample(struct gz_mapping *m, const struct gz_csv_field *cell,
                       size_t count);
enum gz_err_kind gz_mapping_settle(struct gz_mapping *m, struct gz_err *err);

// Append the record of a row, with its line end. GZ_ERR_DATA: the row is a reject, *err
// says why and where, and nothing was appended. `raw` is the row as it stands, for
// columns in messages; cells of JSON have none.
enum gz_err_kind gz_mapping_row(struct gz_mapping *m, const struct gz_csv_row *row,
                                struct gz_buf *out, struct gz_err *err);

// The next row is in this encoding, not in that of the file; NULL for none.
void gz_mapping_mixed(struct gz_mapping *m, const char *encoding);

// The decoded text of a cell, trimmed, with LF line ends; {NULL, 0} for one that is not
// there. Good until the next row.
struct gz_str gz_mapping_cell(struct gz_mapping *m, const struct gz_csv_field *cell,
                              size_t count, size_t column);

// The next member that no column stands for, of JSON rows: goes to ext.
void gz_mapping_extra(struct gz_mapping *m, struct gz_str key, struct gz_str value);

// Once it is settled: the columns that it looks at, ascending, and with them the first
// one; and whether the row has the id that it should have: without one all of its cells
// are looked at.
size_t gz_mapping_columns(const struct gz_mapping *m, struct gz_arena *arena,
                          uint32_t **columns);
bool gz_mapping_has_id(struct gz_mapping *m, const struct gz_csv_row *row);

enum gz_column_role gz_mapping_role(const struct gz_mapping *m, size_t column);

// The fields that a column fills, apart by ", "; the form of its dates, or NULL.
struct gz_str gz_mapping_fields_of(const struct gz_mapping *m, size_t column,
                                   struct gz_arena *arena);
const char *gz_mapping_date_form(const struct gz_mapping *m, size_t column);

// All fields that columns fill, in schema order.
size_t gz_mapping_fields(const struct gz_mapping *m, struct gz_arena *arena,
                         struct gz_str **names);

// Does any column hold contacts from which keys could be made?
bool gz_mapping_has_key_columns(const struct gz_mapping *m);

#endif
