// SPDX-License-Identifier: MIT
// csv: rows of a delimited text, found by a vectorised scan; the grammar is in
// gz-quirks(7).
#ifndef GZ_IO_CSV_H
#define GZ_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "io/input.h"

struct gz_csv;

// One field. `text` lies in the reader's buffer and is good until the next row; it has
// no surrounding quotes. When `escaped`, it still holds doubled quotes:
// gz_csv_unescape() makes them single.
struct gz_csv_field {
    struct gz_str text;
    bool quoted; // not told of rows with a stray quote
    bool escaped;
};

struct gz_csv_row {
    const struct gz_csv_field *field;
    size_t count;
    uint64_t line;     // physical line on which the row starts, from 1
    uint64_t lines;    // how many physical lines it spans
    uint64_t offset;   // bytes before it (of decoded text where the input is decoded)
    struct gz_str raw; // the row as it stands in the input, without its line end
    bool stray_quote;  // a quote inside an unquoted field was taken as data
    bool ascii;        // all of it is, for certain
    bool padded;       // 64 bytes behind each field may be read, whatever they hold
    bool partial;      // of `field` only the columns wanted are set
};

enum gz_csv_next {
    GZ_CSV_ROW,
    GZ_CSV_BLANK, // a line with nothing on it; row->line is set
    GZ_CSV_BAD,   // a reject: *err says what and where; row->line, lines, raw are set
                  // (raw: at most max_record bytes). err->code: quote, size, fields
    GZ_CSV_END,
    GZ_CSV_FAIL, // reading failed; *err says how
};

// How the scan works: GZ_CSV_AUTO picks the fastest the processor has; tests force one.
enum gz_csv_engine { GZ_CSV_AUTO, GZ_CSV_PLAIN, GZ_CSV_SSE2, GZ_CSV_AVX2 };

struct gz_csv_options {
    char delimiter;    // one ASCII byte
    bool no_quotes;    // a quote is data (TSV as IANA has it)
    size_t max_record; // bytes; 0 for 1 MiB
    size_t block;      // bytes read at a time; 0 for 256 KiB; tests use 1
    enum gz_csv_engine engine;
};

// Read `in` from where it stands. Line ends LF, CRLF and CR are told apart from the
// sample: CR alone ends lines only in a file without LF. `in` stays the caller's.
struct gz_csv *gz_csv_open(struct gz_input *in, const struct gz_csv_options *options);
void gz_csv_close(struct gz_csv *csv);

// The next row. Fields beyond 65,535 make it bad.
// What *err held is forgotten.
enum gz_csv_next gz_csv_next(struct gz_csv *csv, struct gz_csv_row *row,
                             struct gz_err *err);

// From now on only these columns, in ascending order, are cut out of a row; the others
// are empty fields until gz_csv_whole() is asked for the row at hand. The list stays the
// caller's.
void gz_csv_want(struct gz_csv *csv, const uint32_t *column, size_t count);
void gz_csv_whole(struct gz_csv *csv, struct gz_csv_row *row);

// Rows in blocks, for workers: one reader finds where rows end, others cut them.

enum gz_csv_cut {
    GZ_CSV_CUT,      // the part has whole rows; gz_csv_next() gives them, then END
    GZ_CSV_CUT_ODD,  // the next row is to be had from gz_csv_next() of the reader itself
    GZ_CSV_CUT_END,  //
    GZ_CSV_CUT_FAIL, // reading failed; *err says how
};

// A reader of parts of the same text: to be filled, read to its end, filled again. It
// reads no input; its line numbers are those of the whole.
struct gz_csv *gz_csv_part(const struct gz_csv *whole);

// Move the rows that come next to `part`, about `bytes` of them, as far as they are sound
// for certain.
enum gz_csv_cut gz_csv_cut(struct gz_csv *csv, struct gz_csv *part, size_t bytes,
                           struct gz_err *err);

// Copy `field` to `to`, which has room for field.text.len bytes, doubled quotes made
// single. Returns the length.
size_t gz_csv_unescape(struct gz_csv_field field, char *to);

// The delimiter that cuts `sample` most evenly outside quotes: ',', '\t', ';' or '|';
// 0 when none occurs. A sample that ends inside a row is expected.
char gz_csv_sniff_delimiter(struct gz_str sample);

#endif
