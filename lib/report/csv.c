// SPDX-License-Identifier: MIT
#include "io/csvlib.h"
#include "report/render.h"

static const char *const ROLE[] = { "body", "pooled", "mean", "total" };

static void
put_field(struct gz_buf *out, struct gz_str s, bool guard)
{
    if (guard)
        gz_csvlib_put_guarded(out, s, ',');
    else
        gz_csvlib_put(out, s, ',');
}

void
gz_render_csv(const struct gz_grid *table, const struct gz_render *how,
              struct gz_buf *out)
{
    const char *eol = how->excel ? "\r\n" : "\n";
    struct gz_buf b = { 0 };

    if (how->excel)
        gz_buf_lit(out, "\xef\xbb\xbf");
    for (size_t c = 0; c < table->columns; c++) {
        put_field(out, table->column[c].key, how->excel);
        gz_buf_char(out, ',');
    }
    gz_buf_lit(out, "row");
    gz_buf_cstr(out, eol);
    for (size_t r = 0, body = 0; r < table->rows; r++) {
        const struct gz_grid_row *row = &table->row[r];

        if (row->role == GZ_ROLE_BODY && !gz_render_shows(table, how, body++))
            continue;
        for (size_t c = 0; c < table->columns; c++) {
            b.len = 0;
            gz_grid_cell_put_plain(&b, &row->cell[c]);
            put_field(out, gz_buf_str(&b),
                      how->excel && row->cell[c].type == GZ_GRID_TEXT);
            gz_buf_char(out, ',');
        }
        gz_buf_cstr(out, ROLE[row->role]);
        gz_buf_cstr(out, eol);
    }
    gz_buf_release(&b);
}
