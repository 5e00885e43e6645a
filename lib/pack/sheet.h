// SPDX-License-Identifier: MIT
// sheet: a CSV sheet that people edit, with its header, rows and places.
#ifndef GZ_PACK_SHEET_H
#define GZ_PACK_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct gz_sheet_row {
    struct gz_str *cell; // as many as the sheet has columns; trimmed; empty = absent
    uint64_t line;
};

// Everything lives in the arena it was loaded into.
struct gz_sheet {
    const char *name; // for messages: a path, or "(built in) pack/rules.csv"
    struct gz_str *column;
    size_t columns;
    struct gz_sheet_row *row;
    size_t rows;
};

// Parse `text`: the first row names the columns; lines that begin with '#' are remarks.
// A row with more cells than the header is a fault. NULL on a fault, with file and line.
struct gz_sheet *gz_sheet_parse(struct gz_str text, const char *name,
                                struct gz_arena *arena, struct gz_err *err);

// The same from a file, at most 64 MiB, in UTF-8.
struct gz_sheet *gz_sheet_load(const char *path, struct gz_arena *arena,
                               struct gz_err *err);

// The same from what is built in ("pack/rules.csv"). A missing one is our own fault.
struct gz_sheet *gz_sheet_builtin(const char *name, struct gz_arena *arena,
                                  struct gz_err *err);

// The number of the column, or -1.
int gz_sheet_column(const struct gz_sheet *s, const char *name);

// The cell, empty when `column` is -1.
struct gz_str gz_sheet_cell(const struct gz_sheet_row *row, int column);

// A fault in a row: `return gz_sheet_fault(s, row, column, err, "...")` sets
// GZ_ERR_USAGE with the sheet, the line and (column >= 0) the column's name.
enum gz_err_kind gz_sheet_fault(const struct gz_sheet *s, const struct gz_sheet_row *row,
                                int column, struct gz_err *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

#endif
