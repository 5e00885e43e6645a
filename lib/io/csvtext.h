// SPDX-License-Identifier: MIT
// csvtext: the text that rows are cut from: read, scanned, and where its rows end. The
// inside of csv.c and csvpart.c.
#ifndef GZ_IO_CSVTEXT_H
#define GZ_IO_CSVTEXT_H

#include "base/arena.h"
#include "io/csv.h"
#include "io/csvrec.h"
#include "io/csvscan.h"

struct gz_csv {
    struct gz_input *in;
    struct gz_csvrec_rules rules;
    size_t block;
    gz_csvscan_fn *run;
    struct gz_csvscan scan;
    size_t window;   // to be scanned next
    size_t next_sep; // first entries of the lists that no row has used
    size_t next_odd;
    size_t next_row;

    char *memory; // SLACK bytes before `text`
    char *text;
    size_t cap;     // bytes at `text`, and SLACK more
    size_t start;   // of the next row
    size_t scanned; // end of what the lists cover
    size_t end;     // of the data
    bool eof;
    bool skipping; // the rest of a line that is too long

    uint64_t line;   // at `start`
    uint64_t before; // bytes before `text`

    size_t lists; // room in the lists, of a part
    struct gz_csv_field *field;
    size_t fields;      // room
    const uint32_t *of; // the separators of the row that was cut last
    bool used;          // fields that are not wanted have been set
    const uint32_t *want;
    size_t wants; // 0: all columns
    struct gz_arena arena;
};

enum gz_csvtext {
    GZ_CSVTEXT_ROWS, // the next row ends where the lists say
    GZ_CSVTEXT_ODD,  // it has to be walked, as far as the text goes
    GZ_CSVTEXT_END,
    GZ_CSVTEXT_FAIL, // reading failed
};

// Read and scan until it is known how to go on. *err is set on FAIL only.
enum gz_csvtext gz_csvtext_advance(struct gz_csv *csv, struct gz_err *err);

// Read a block behind the unfinished row, which moves to the front.
enum gz_err_kind gz_csvtext_more(struct gz_csv *csv, struct gz_err *err);

// Start scanning afresh at `start`.
void gz_csvtext_restart(struct gz_csv *csv);

// Make room for `more` bytes after `end`; for the fields of a row.
void gz_csvtext_need(struct gz_csv *csv, size_t more);
void gz_csvtext_need_fields(struct gz_csv *csv, size_t count);

enum {
    GZ_CSVTEXT_WINDOW = 16 * 1024, // scanned at a time: lists stay in the nearest cache
    // Lists of one record may grow so long; then it is walked byte by byte instead.
    GZ_CSVTEXT_PENDING = GZ_CSVREC_MAX_FIELDS + 1,
    GZ_CSVTEXT_LIST = GZ_CSVTEXT_PENDING + GZ_CSVTEXT_WINDOW + GZ_CSVSCAN_SLACK,
    GZ_CSVTEXT_SLACK = 128, // readable bytes on both sides of the text
};

#endif
