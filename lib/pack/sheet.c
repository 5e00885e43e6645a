// SPDX-License-Identifier: MIT
#include "pack/sheet.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/tr.h"
#include "io/csvlib.h"
#include "io/file.h"
#include "pack/data.h"

static struct gz_str *
trimmed_cells(const struct gz_csvlib_row *from, size_t columns, struct gz_arena *arena)
{
    struct gz_str *cell = gz_arena_new(arena, struct gz_str, columns);

    for (size_t i = 0; i < columns && i < from->count; i++)
        cell[i] = gz_str_trim(from->field[i]);
    return cell;
}

struct gz_sheet *
gz_sheet_parse(struct gz_str text, const char *name, struct gz_arena *arena,
               struct gz_err *err)
{
    struct gz_sheet *s = gz_arena_new(arena, struct gz_sheet, 1);
    struct gz_csvlib_row *row;
    size_t count;

    s->name = gz_arena_cstr(arena, gz_str_of(name));
    if (gz_csvlib_parse(text, ',', arena, &row, &count, err)) {
        gz_err_at(err, name, 0, 0);
        return NULL;
    }
    if (count == 0) {
        gz_err_set(err, GZ_ERR_USAGE,
                   _("an empty sheet: the first row names the columns"));
        gz_err_at(err, name, 0, 0);
        return NULL;
    }
    s->columns = row[0].count;
    s->column = trimmed_cells(&row[0], s->columns, arena);
    s->rows = count - 1;
    s->row = gz_arena_new(arena, struct gz_sheet_row, s->rows);
    for (size_t i = 0; i < s->rows; i++) {
        const struct gz_csvlib_row *from = &row[i + 1];

        s->row[i].line = from->line;
        if (from->count > s->columns) {
            gz_sheet_fault(s, &s->row[i], -1, err,
                           _("%zu cells in a sheet of %zu columns"), from->count,
                           s->columns);
            return NULL;
        }
        s->row[i].cell = trimmed_cells(from, s->columns, arena);
    }
    return s;
}

struct gz_sheet *
gz_sheet_load(const char *path, struct gz_arena *arena, struct gz_err *err)
{
    struct gz_str text = gz_file_read(path, GZ_FILE_LIMIT, arena, err);

    return err->kind ? NULL : gz_sheet_parse(text, path, arena, err);
}

struct gz_sheet *
gz_sheet_builtin(const char *name, struct gz_arena *arena, struct gz_err *err)
{
    const struct gz_data *d = gz_data_find(gz_str_of(name));
    struct gz_str shown = gz_arena_printf(arena, _("(built in) %s"), name);

    if (!d) {
        gz_err_set(err, GZ_ERR_USAGE, _("no such sheet is built in"));
        gz_err_at(err, name, 0, 0);
        return NULL;
    }
    return gz_sheet_parse(gz_data_str(d), shown.ptr, arena, err);
}

int
gz_sheet_column(const struct gz_sheet *s, const char *name)
{
    for (size_t i = 0; i < s->columns; i++)
        if (gz_str_is(s->column[i], name))
            return (int)i;
    return -1;
}

struct gz_str
gz_sheet_cell(const struct gz_sheet_row *row, int column)
{
    return column < 0 ? (struct gz_str){ NULL, 0 } : row->cell[column];
}

enum gz_err_kind
gz_sheet_fault(const struct gz_sheet *s, const struct gz_sheet_row *row, int column,
               struct gz_err *err, const char *fmt, ...)
{
    char text[192];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (column >= 0)
        gz_err_set(err, GZ_ERR_USAGE, GZ_STR_FMT ": %s", GZ_STR_ARG(s->column[column]),
                   text);
    else
        gz_err_set(err, GZ_ERR_USAGE, "%s", text);
    gz_err_at(err, s->name, row ? row->line : 0, 0);
    return err->kind;
}
