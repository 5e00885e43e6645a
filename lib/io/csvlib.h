// SPDX-License-Identifier: MIT
// csvlib: libcsv, wrapped. The only user of <csv.h>: sheets, odd records, quoting.
#ifndef GZ_IO_CSVLIB_H
#define GZ_IO_CSVLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

// A row of a small text held in memory. Fields are unescaped copies in an arena.
struct gz_csvlib_row {
    struct gz_str *field;
    size_t count;
    uint64_t line; // physical line on which it starts, from 1
};

// Split the whole of `text` into rows, strictly RFC 4180 with LF or CRLF. Blank lines,
// and lines whose first byte is '#', are left out but counted. On a fault `err` has line
// and column of the quote or text that is wrong.
enum gz_err_kind gz_csvlib_parse(struct gz_str text, char delimiter,
                                 struct gz_arena *arena, struct gz_csvlib_row **rows,
                                 size_t *count, struct gz_err *err);

// Split one record that is already cut out of its file (no line end after it), as libcsv
// reads it when it is not strict: a quote inside an unquoted field is data. Returns false
// when text follows a closing quote or a quote stays open.
bool gz_csvlib_split(struct gz_str record, char delimiter, struct gz_arena *arena,
                     struct gz_str **field, size_t *count);

// Append `s` as a CSV field, quoted only where RFC 4180 needs it. An empty field is
// nothing at all.
void gz_csvlib_put(struct gz_buf *out, struct gz_str s, char delimiter);

// The same for a spreadsheet: a ' goes before text that it would run as a formula.
void gz_csvlib_put_guarded(struct gz_buf *out, struct gz_str s, char delimiter);

#endif
