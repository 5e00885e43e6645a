// SPDX-License-Identifier: MIT
#include "report/tiles.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/tr.h"
#include "pack/sheet.h"
#include "report/chart.h"

// ---- the sheet ----

static int
column(const struct gz_sheet *s, const char *en, const char *zh)
{
    int c = gz_sheet_column(s, en);

    return c >= 0 ? c : gz_sheet_column(s, zh);
}

static bool
read_place(const struct gz_sheet *s, const struct gz_sheet_row *r, int at, unsigned *out,
           struct gz_err *err)
{
    uint64_t n;

    if (!gz_num_u64(gz_sheet_cell(r, at), &n) || n < 1 || n > GZ_TILES_MOST) {
        gz_sheet_fault(s, r, at, err, _("expected a number from 1 to %d"), GZ_TILES_MOST);
        return false;
    }
    *out = (unsigned)n;
    return true;
}

enum gz_err_kind
gz_tiles_load(struct gz_tiles *t, const char *path, struct gz_arena *arena,
              struct gz_err *err)
{
    struct gz_sheet *s = gz_sheet_load(path, arena, err);
    bool *taken = gz_arena_new(arena, bool, GZ_TILES_MOST *GZ_TILES_MOST);
    int unit, row, col;

    if (!s)
        return err->kind;
    unit = column(s, "unit", "单位");
    row = column(s, "row", "行");
    col = column(s, "column", "列");
    if (unit < 0 || row < 0 || col < 0)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("%s: expected columns unit, row and column"), path);
    t->tile = gz_arena_new(arena, struct gz_tile, s->rows + 1);
    for (size_t i = 0; i < s->rows; i++) {
        const struct gz_sheet_row *r = &s->row[i];
        struct gz_tile tile;
        bool added, *place;
        uint32_t n;

        if (!read_place(s, r, row, &tile.row, err) ||
            !read_place(s, r, col, &tile.column, err))
            return err->kind;
        place = &taken[(tile.row - 1) * GZ_TILES_MOST + tile.column - 1];
        n = gz_map_put(&t->name, gz_sheet_cell(r, unit), &added);
        if (*place || !added)
            return gz_sheet_fault(s, r, *place ? row : unit, err,
                                  _("the place or the unit is there already"));
        *place = true;
        t->tile[n] = tile;
        t->columns = tile.column > t->columns ? tile.column : t->columns;
    }
    return GZ_OK;
}

void
gz_tiles_release(struct gz_tiles *t)
{
    gz_map_release(&t->name);
}

const struct gz_tile *
gz_tiles_find(const struct gz_tiles *t, struct gz_str unit)
{
    uint32_t n = gz_map_get(&t->name, unit);

    return n == GZ_MAP_NONE ? NULL : &t->tile[n];
}

// ---- on the page ----

struct square {
    const struct gz_grid_row *row;
    struct gz_str name;
    const struct gz_tile *tile;
};

static int
by_name(const void *a, const void *b)
{
    const struct square *x = a, *y = b;

    return gz_str_cmp(x->name, y->name);
}

// How dark: a ninth of the largest each, as in shaded tables.
static unsigned
shade(const struct gz_grid_cell *cell, double most)
{
    double part = most > 0 ? gz_grid_cell_double(cell) / most * 9 : 0;
    unsigned n = (unsigned)part;

    if (!cell->figure.known || part <= 0)
        return 0;
    return n < 9 && part > n ? n + 1 : n;
}

static void
put_square(struct gz_markup *m, const struct gz_chart *chart, const struct square *s,
           double most)
{
    static const char heat[10][3] = { "h0", "h1", "h2", "h3", "h4",
                                      "h5", "h6", "h7", "h8", "h9" };
    const struct gz_grid_cell *cell = &s->row->cell[chart->value[0]];
    struct gz_buf text = { 0 };

    gz_markup_open(m, GZ_LIT("li"));
    gz_markup_attr(m, GZ_LIT("class"), gz_str_of(heat[shade(cell, most)]));
    if (s->tile) {
        gz_buf_printf(&text, "grid-area:%u/%u", s->tile->row, s->tile->column);
        gz_markup_attr(m, GZ_LIT("style"), gz_buf_str(&text));
    }
    gz_markup_leaf(m, GZ_LIT("span"), s->name);
    for (size_t i = 0; i < chart->values; i++) {
        text.len = 0;
        gz_grid_cell_put(&text, &s->row->cell[chart->value[i]]);
        if (chart->table->column[chart->value[i]].type == GZ_GRID_PERCENT)
            gz_buf_lit(&text, "%");
        gz_markup_leaf(m, i ? GZ_LIT("small") : GZ_LIT("b"), gz_buf_str(&text));
    }
    gz_markup_close(m);
    gz_buf_release(&text);
}

// Units that the sheet does not place follow those that it does.
void
gz_tiles_put(struct gz_markup *m, const struct gz_chart *chart, const size_t *row,
             size_t rows)
{
    struct gz_arena scratch = { 0 };
    struct square *s = gz_arena_new(&scratch, struct square, rows + 1);
    double most = 0;

    for (size_t i = 0; i < rows; i++) {
        const struct gz_grid_row *r = &chart->table->row[row[i]];
        double v = gz_grid_cell_double(&r->cell[chart->value[0]]);

        s[i].row = r;
        s[i].name = r->cell[chart->label].text;
        s[i].tile = chart->tiles ? gz_tiles_find(chart->tiles, s[i].name) : NULL;
        most = v > most ? v : most;
    }
    qsort(s, rows, sizeof *s, by_name);
    gz_markup_open(m, GZ_LIT("ol"));
    gz_markup_attr_lit(m, GZ_LIT("class"),
                       chart->tiles ? GZ_LIT("tilemap placed") : GZ_LIT("tilemap"));
    for (size_t i = 0; i < rows; i++)
        put_square(m, chart, &s[i], most);
    gz_markup_close(m);
    gz_arena_free(&scratch);
}
