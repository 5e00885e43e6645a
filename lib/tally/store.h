// SPDX-License-Identifier: MIT
// store: tallies in memory: heads, rows, labels and lists; read, merged, written.
// gz-tally merges with it and gz-report reads with it.
#ifndef GZ_TALLY_STORE_H
#define GZ_TALLY_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "record/keyset.h"
#include "tally/row.h"
#include "tally/spill.h"

// Each plan, scheme, period and as-of is one: nobody means to have so many side by side.
enum { GZ_STORE_TALLIES = 4096 };

struct gz_label {
    struct gz_str dim;
    struct gz_str value;
    struct gz_str line; // members after `id` as they stand: ,"dim":"…","value":"…",…
};

// One record of a list, in the list's order.
struct gz_listed {
    struct gz_str list;
    struct gz_str period;
    uint64_t n;                 // how many there are in all, after gz_store_sort()
    const struct gz_str *order; // what it is sorted by, bytes rising; the last is the id
    size_t order_count;
    const struct gz_str *column; // names
    const struct gz_str *value;  // as many; empty: absent
    size_t column_count;
};

// One tally: everything with one id.
struct gz_tally {
    struct gz_str id;
    bool has_head;
    struct gz_str plan;   // JSON text; parse with gz_plan_parse()
    struct gz_str scheme; // JSON text; parse with gz_scheme_parse()
    struct gz_str period; // as asked: "2026-03", "2026-01..2026-03", or empty
    struct gz_str as_of;  // or empty
    uint64_t heads;
    uint64_t ends;
    uint64_t rows_read; // lines between head and end: rows, labels, lists
    uint64_t rows_said; // by the ends

    struct gz_map measure; // names in order of first coming
    struct gz_map index;   // of the rows
    struct gz_arena rows;  // strings of the rows
    uint64_t held;         // bytes that the rows take, about
    uint64_t counted;      // of that, what the store has counted
    uint64_t max_rows;     // the store's
    struct gz_run *run;    // rows that there was no memory for
    size_t runs;
    size_t runs_cap;
    struct gz_row *row; // by index; in output order after gz_store_sort()
    size_t row_count;
    size_t row_cap;
    struct gz_map label_index;
    struct gz_label *label;
    size_t label_count;
    size_t label_cap;
    struct gz_listed *listed;
    size_t listed_count;
    size_t listed_cap;
    const struct gz_str *table; // the plan's tables in order, after gz_store_sort()
    size_t table_count;
    struct gz_arena arena; // strings of all that
};

struct gz_store {
    struct gz_map index;     // ids
    struct gz_tally **tally; // sorted by id after gz_store_sort()
    size_t count;
    size_t kept; // after gz_store_sort(): only tally[0 .. kept) are to be looked at
    size_t cap;
    uint64_t max_rows; // of all tallies together; 0: no limit
    uint64_t rows;     // in memory
    uint64_t memory;   // bytes that rows may take before they are spilled; 0: any
    uint64_t held;     // bytes that they take, about
    uint64_t floor;    // of that, what cannot be spilled
    int *file;         // that runs are in
    size_t files;
    int fd; // the one that is written, when `spills`
    bool spills;
    uint64_t written; // bytes of it
    struct gz_keyset keys;
    struct gz_arena setup;
    struct gz_arena scratch; // reset for every line
    struct gz_buf name;      // of a row, to look it up
};

// `max_rows` and `memory` as in struct gz_store.
void gz_store_init(struct gz_store *s, uint64_t max_rows, uint64_t memory);
void gz_store_release(struct gz_store *s);

// Is this one of the kinds that gz_store_read() takes?
bool gz_store_takes(struct gz_str rec);

// Take one line: tally_head, tally, label, listed or tally_end. GZ_ERR_DATA: this line is
// bad (code "tally", or "version" for a major version we do not know, which is
// GZ_ERR_USAGE); GZ_ERR_LIMIT: more than max_rows.
enum gz_err_kind gz_store_read(struct gz_store *s, struct gz_str line,
                               struct gz_err *err);

// Rows by table (in the plan's order, names with '_' last), period, key bytes; labels
// and lists in their order, lists cut to their limit; tallies by id. A tally without rows
// is dropped when there is another with rows. Nothing can be added any more. Where rows
// were spilled, all but those of tables with '_' are, and row[] has none of them.
// GZ_ERR_IO: they could not be.
enum gz_err_kind gz_store_sort(struct gz_store *s, struct gz_err *err);

// Add all of `from` to `to`, which takes over its runs; `from` is empty then.
enum gz_err_kind gz_store_join(struct gz_store *to, struct gz_store *from,
                               struct gz_err *err);

// Everything arrived: heads and ends pair up, and the rows are as many as the ends say.
bool gz_tally_complete(const struct gz_tally *t);

// Number of a measure's name, or GZ_MAP_NONE; the cell of it in a row, or NULL (zero).
uint32_t gz_tally_measure(const struct gz_tally *t, struct gz_str name);
const struct gz_cell *gz_row_cell(const struct gz_row *r, uint32_t measure);

// Rows of one table: [*first, *end) after gz_store_sort().
void gz_tally_table(const struct gz_tally *t, struct gz_str table, size_t *first,
                    size_t *end);

// The row, or NULL. Only after gz_store_sort().
const struct gz_row *gz_tally_row(const struct gz_tally *t, struct gz_str table,
                                  struct gz_str period, const struct gz_str *key,
                                  size_t key_count);

// The id that goes with a head: 16 hex digits of a hash over all four.
char *gz_tally_id(struct gz_str plan, struct gz_str scheme, struct gz_str period,
                  struct gz_str as_of, char out[17]);

// For the counting side: the tally of that id (made if need be), a row of it (made if
// need be, good until the next is asked for; NULL and GZ_ERR_LIMIT when max_rows is
// reached, GZ_ERR_IO when others could not be spilled for it), and adding to a cell of
// that.
struct gz_tally *gz_store_tally(struct gz_store *s, struct gz_str id);
struct gz_row *gz_store_row(struct gz_store *s, struct gz_tally *t, struct gz_str table,
                            struct gz_str period, const struct gz_str *key,
                            size_t key_count, struct gz_err *err);
enum gz_err_kind gz_tally_merge_cell(struct gz_tally *t, struct gz_row *r,
                                     struct gz_str measure, const struct gz_cell *from,
                                     struct gz_err *err);
void gz_tally_add(struct gz_tally *t, struct gz_row *r, const char *measure, uint64_t n);
void gz_tally_list(struct gz_tally *t, const struct gz_listed *l);
void gz_tally_label(struct gz_tally *t, struct gz_str dim, struct gz_str value,
                    struct gz_str line);

// Append one tally as lines, sorted: head, rows, labels, lists, and the end if it is
// complete. `flush` is called after each line.
enum gz_err_kind gz_tally_write(struct gz_tally *t, struct gz_buf *out,
                                enum gz_err_kind (*flush)(void *ctx, struct gz_err *err),
                                void *ctx, struct gz_err *err);

#endif
