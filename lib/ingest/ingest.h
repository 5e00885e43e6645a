// SPDX-License-Identifier: MIT
// ingest: one input in any layout to records, with an account of every row.
#ifndef GZ_INGEST_INGEST_H
#define GZ_INGEST_INGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "ingest/header.h"
#include "ingest/mapping.h"
#include "ingest/privacy.h"
#include "io/csv.h"
#include "io/input.h"
#include "record/schema.h"

enum {
    GZ_INGEST_HEADER_ROWS = 20,   // the header is looked for among so many rows
    GZ_INGEST_SAMPLE_ROWS = 1000, // rows that decide dates and contacts
    GZ_INGEST_SAMPLE_BYTES = 1024 * 1024,
    GZ_INGEST_CODES = 24,
};

enum gz_ingest_propose {
    GZ_PROPOSE_NOTHING,
    GZ_PROPOSE_IF_UNKNOWN, // where no layout fits
    GZ_PROPOSE_ALWAYS,
};

struct gz_ingest_options {
    const struct gz_schema *schema;
    const char *tool;       // name and version, for the source record
    const char *layout;     // NULL: the one that fits best
    const char *layout_dir; // a folder of more to choose from, or NULL
    const char *columns;    // names for a file without a header, apart by commas; or NULL
    const char *from;       // csv, tsv, json, jsonl; NULL: by content
    const char *encoding;   // NULL: by content
    char delimiter;         // 0: by content
    size_t max_record;      // bytes; 0 for 1 MiB
    enum gz_privacy privacy;
    const struct gz_reporter *reporter;
    bool drop_ext;
    bool repair_pinyin;
    const char *as_of;        // a date, or NULL
    const char *const *dates; // "COLUMN=FORM"
    size_t date_count;
    enum gz_ingest_propose propose; // instead of an error; then nothing can be run
    const char *const *hidden;      // built-in layouts that are not known; for tests
    size_t hidden_count;
};

struct gz_ingest;

// What the caller does with what comes out.
struct gz_ingest_hooks {
    void *ctx;
    // A record was appended to `out`: take it.
    enum gz_err_kind (*tick)(void *ctx, struct gz_err *err);
    // A row was rejected; the reject record is in `out` already. `raw` is valid UTF-8.
    void (*reject)(void *ctx, const struct gz_err *err, struct gz_str raw);
    // One line about what was found, for -v.
    void (*note)(void *ctx, const char *text);
    // Or NULL: map the rest of a table with several workers (ingestpart.h).
    enum gz_err_kind (*spread)(void *ctx, struct gz_ingest *g, struct gz_err *err);
};

enum gz_ingest_skip {
    GZ_SKIP_TITLE,
    GZ_SKIP_HEADER,
    GZ_SKIP_BLANK,
    GZ_SKIP_TOTAL,
    GZ_SKIP_OTHER,   // not what the layout is about
    GZ_SKIP_SECTION, // of another table in the same file
    GZ_SKIP_COUNT
};

struct gz_ingest_code {
    char code[24];
    uint64_t count;
};

// A row kept while the beginning is looked at.
struct gz_ingest_held {
    enum gz_csv_next what;
    struct gz_csv_row row;
    struct gz_err err;
    bool other_section; // not of the table that is meant
};

struct gz_ingest_json;  // private to ingestjson.c
struct gz_ingest_shape; // private to ingestshape.c

struct gz_ingest {
    const struct gz_ingest_options *o;
    const struct gz_ingest_hooks *hooks;
    struct gz_buf *out;
    struct gz_arena arena; // of this input
    struct gz_arena mixed; // of a row in another encoding
    const char *path;      // NULL: standard input
    struct gz_input *in;
    struct gz_csv *csv;          // of a table
    struct gz_ingest_json *json; // of JSON
    const char *format;          // "csv", "json"
    char delimiter;              // 0 for JSON
    const struct gz_layout *layout;
    bool proposing;    // the layout has no fields: one is to be proposed
    const char *under; // of JSON: the member that holds the records, or NULL
    struct gz_header header;
    struct gz_str header_raw;
    uint64_t header_line; // 0: none
    int64_t score;
    struct gz_mapping *mapping;
    const char *line_ends; // "LF", "CRLF", "CR"
    bool own_encoding;     // rows are UTF-8 as they stand in the file: to be validated
    struct gz_ingest_held *held;
    size_t held_count;
    struct gz_map
        names; // folded cells of the rows that may be a header; empty: not known
    int *only; // columns of layout->only, -1: none
    struct gz_ingest_shape *shape; // rows are not what stands in the file; or NULL
    uint32_t *want;                // columns that the mapping looks at
    size_t wants;                  // 0: all
    size_t header_at;              // its place among the held rows, or held_count
    struct gz_err why;             // of the row at hand
    uint64_t rows, used, records, rejected;
    uint64_t skip[GZ_SKIP_COUNT];
    struct gz_ingest_code code[GZ_INGEST_CODES];
    size_t codes;
};

// Open `path` (NULL or "-" is standard input), look at its beginning, choose the layout,
// bind it and settle dates and contacts. `out` gets records later. On failure *err is
// set; close it all the same. GZ_ERR_USAGE: no layout fits.
enum gz_err_kind gz_ingest_open(struct gz_ingest *g, const char *path,
                                const struct gz_ingest_options *options,
                                const struct gz_ingest_hooks *hooks, struct gz_buf *out,
                                struct gz_err *err);

// Write the source record, every record and reject, and the source_end record.
enum gz_err_kind gz_ingest_run(struct gz_ingest *g, struct gz_err *err);

void gz_ingest_close(struct gz_ingest *g);

// What was found, for people: encoding, layout, columns, samples, warnings. Of an input
// that no layout knows: a proposal with its reasons.
enum gz_err_kind gz_ingest_inspect(struct gz_ingest *g, struct gz_buf *out,
                                   struct gz_err *err);

// The layout proposed for the input, a document for --layout.
enum gz_err_kind gz_ingest_propose(struct gz_ingest *g, struct gz_buf *out,
                                   struct gz_err *err);

// ---- for the parts of it: ingest.c, ingestcsv.c, ingestjson.c ----

enum gz_err_kind gz_ingest_csv_open(struct gz_ingest *g, struct gz_err *err);
enum gz_err_kind gz_ingest_csv_run(struct gz_ingest *g, struct gz_err *err);
void gz_ingest_csv_close(struct gz_ingest *g);
enum gz_err_kind gz_ingest_json_open(struct gz_ingest *g, struct gz_err *err);
enum gz_err_kind gz_ingest_json_run(struct gz_ingest *g, struct gz_err *err);
void gz_ingest_json_close(struct gz_ingest *g);

// Call back for each row of the beginning; returns how many there were.
size_t gz_ingest_json_sample(struct gz_ingest *g,
                             void (*each)(struct gz_ingest *g,
                                          const struct gz_csv_field *cell, size_t count,
                                          void *ctx),
                             void *ctx);

// Choose the layout for `cells`, one candidate for a header. Better than what is known so
// far: it becomes the layout and the header. Returns whether it did.
bool gz_ingest_consider(struct gz_ingest *g, const struct gz_layout *const *layouts,
                        size_t count, const struct gz_str *cells, size_t cell_count);

// Load the layouts to choose from: the one asked for, or all that are built in.
size_t gz_ingest_layouts(struct gz_ingest *g, const struct gz_layout *const **layouts,
                         struct gz_err *err);

// Bind the layout to the columns; show the mapping the first rows; then settle.
enum gz_err_kind gz_ingest_bind_columns(struct gz_ingest *g, struct gz_err *err);
enum gz_err_kind gz_ingest_settle(struct gz_ingest *g, struct gz_err *err);

// Files that are no plain table (ingestshape.c): sections, fastText. Look for a layout
// that knows the file's shape among the rows held; false if there is none.
bool gz_ingest_shape_find(struct gz_ingest *g, const struct gz_layout *const *layouts,
                          size_t count);
// Put the cells meant into *row; NULL for one that could not be read. False: it is of
// another section.
bool gz_ingest_shape_row(struct gz_ingest *g, struct gz_csv_row *row);
void gz_ingest_shape_free(struct gz_ingest *g);

// The cells of a row as UTF-8, in the arena. False when it cannot be a header.
bool gz_ingest_header_cells(struct gz_ingest *g, const struct gz_csv_row *row,
                            struct gz_str **cells);

// Bind any layout to any columns.
struct gz_mapping *gz_ingest_bind(struct gz_ingest *g, const struct gz_layout *l,
                                  const struct gz_header *h, struct gz_err *err);

// The encoding of a row that is in another than its file, and the row as it can be read;
// NULL for one that is not.
const char *gz_ingest_mixed(struct gz_ingest *g, const struct gz_csv_row *row,
                            struct gz_csv_row *out);

// Is the row one that the layout is about (its member `only`)?
bool gz_ingest_passes(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count);

// The table of a proposal, the commands that come next, and the document.
enum gz_err_kind gz_ingest_inspect_proposal(struct gz_ingest *g, struct gz_buf *out,
                                            struct gz_err *err);
// The command that writes the proposal to a file; `use`: that reads the input by it. In
// the arena.
const char *gz_ingest_next_command(struct gz_ingest *g, bool use);

// Append `s` in so many columns of a terminal, cut or padded.
void gz_ingest_pad(struct gz_buf *out, struct gz_str s, size_t cols);

// Call back for each row of data of the beginning, of a table or of JSON. *bad, which may
// be NULL, counts those that cannot be read.
size_t gz_ingest_sample(struct gz_ingest *g,
                        void (*each)(struct gz_ingest *g, const struct gz_csv_field *cell,
                                     size_t count, void *ctx),
                        void *ctx, size_t *bad);

// Is it a row of sums below the table, or one without anything?
bool gz_ingest_csv_is_total(struct gz_ingest *g, struct gz_csv_row *row);
bool gz_ingest_csv_is_blank(struct gz_ingest *g, const struct gz_csv_row *row);

// No layout fits: go on with one without fields, so that one can be proposed.
enum gz_err_kind gz_ingest_unknown(struct gz_ingest *g, struct gz_err *err);

// The row of those held that is most like a header; false when all look like data.
bool gz_ingest_guess_header(struct gz_ingest *g, size_t *at);

// Count a row that is passed over. Returns GZ_OK.
enum gz_err_kind gz_ingest_skip(struct gz_ingest *g, enum gz_ingest_skip why);

// The tables of a layout's parts.
struct gz_json_table;
size_t gz_ingest_json_parts(const struct gz_ingest *g, const struct gz_json_table **part);

// A copy of the row that outlives the reader's buffer.
void gz_ingest_csv_hold(struct gz_ingest_held *h, enum gz_csv_next what,
                        const struct gz_csv_row *row, const struct gz_err *err,
                        struct gz_arena *arena);

// What the reader gave next, turned into a record, a reject or a count. `why`: of a
// reject.
enum gz_err_kind gz_ingest_csv_take(struct gz_ingest *g, enum gz_csv_next what,
                                    struct gz_csv_row *row, struct gz_err *why,
                                    struct gz_err *err);

// Count rejects with a code.
void gz_ingest_count(struct gz_ingest *g, const char *code, uint64_t count);

// One row of cells: mapped and written, or rejected. `raw` for messages may be empty.
enum gz_err_kind gz_ingest_row(struct gz_ingest *g, const struct gz_csv_row *row,
                               struct gz_err *err);
enum gz_err_kind gz_ingest_reject(struct gz_ingest *g, struct gz_err *why,
                                  const struct gz_csv_row *row, struct gz_err *err);
void gz_ingest_note(struct gz_ingest *g, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
