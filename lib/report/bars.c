// SPDX-License-Identifier: MIT
// Horizontal bars as a list: the words stay readable text at any width.
#include "report/chart.h"

struct bars {
    struct gz_markup *m;
    const struct gz_chart *chart;
    const size_t *row; // of the table
    size_t rows;
    double high;      // the longest
    bool whole_names; // two rows have one name: each bears all the names of its row
};

static const struct gz_grid_cell *
cell_at(const struct bars *b, size_t i, size_t column)
{
    return &b->chart->table->row[b->row[i]].cell[column];
}

static bool
names_repeat(const struct bars *b)
{
    for (size_t i = 1; i < b->rows; i++)
        for (size_t k = 0; k < i; k++)
            if (gz_str_eq(cell_at(b, i, b->chart->label)->text,
                          cell_at(b, k, b->chart->label)->text))
                return true;
    return false;
}

static void
put_name(const struct bars *b, size_t i)
{
    const struct gz_grid *t = b->chart->table;
    struct gz_buf text = { 0 };

    for (size_t c = 0; b->whole_names && c < t->keys; c++) {
        if (t->column[c].type != GZ_GRID_TEXT)
            continue;
        gz_buf_cstr(&text, text.len ? " · " : "");
        gz_buf_add(&text, cell_at(b, i, c)->text);
    }
    gz_markup_leaf(b->m, GZ_LIT("span"),
                   text.len ? gz_buf_str(&text) : cell_at(b, i, b->chart->label)->text);
    gz_buf_release(&text);
}

// The track, and on it the part in per cent of its width.
static void
put_bar(const struct bars *b, double part)
{
    struct gz_buf width = { 0 };

    gz_markup_open(b->m, GZ_LIT("svg"));
    gz_markup_attr_lit(b->m, GZ_LIT("aria-hidden"), GZ_LIT("true"));
    for (int track = 1; track >= 0; track--) {
        width.len = 0;
        gz_buf_printf(&width, "%.2f%%", track ? 100 : part < 0 ? 0 : part * 100);
        gz_markup_open(b->m, GZ_LIT("rect"));
        gz_markup_attr_lit(b->m, GZ_LIT("class"), track ? GZ_LIT("track") : GZ_LIT("f1"));
        gz_markup_attr(b->m, GZ_LIT("width"), gz_buf_str(&width));
        gz_markup_attr_lit(b->m, GZ_LIT("height"), GZ_LIT("100%"));
        gz_markup_attr_lit(b->m, GZ_LIT("rx"), GZ_LIT("2"));
        gz_markup_void(b->m);
    }
    gz_markup_close(b->m);
    gz_buf_release(&width);
}

// Where a ratio lies on the track: 1 in the middle, halves as far left as doubles right.
static double
place_of(const struct gz_grid_cell *cell)
{
    double v = gz_grid_cell_double(cell);

    return v > 0 ? v / (1 + v) * 100 : 0;
}

static void
put_span(const struct bars *b, struct gz_markup_lit class, double from, double width,
         struct gz_markup_lit top, struct gz_markup_lit height)
{
    struct gz_buf text = { 0 };

    gz_markup_open(b->m, GZ_LIT("rect"));
    gz_markup_attr_lit(b->m, GZ_LIT("class"), class);
    gz_buf_printf(&text, "%.2f%%", from);
    gz_markup_attr(b->m, GZ_LIT("x"), gz_buf_str(&text));
    text.len = 0;
    gz_buf_printf(&text, "%.2f%%", width);
    gz_markup_attr(b->m, GZ_LIT("width"), gz_buf_str(&text));
    gz_markup_attr_lit(b->m, GZ_LIT("y"), top);
    gz_markup_attr_lit(b->m, GZ_LIT("height"), height);
    gz_markup_void(b->m);
    gz_buf_release(&text);
}

// One ratio and its bounds on a track whose middle is 1: no change against elsewhere.
static void
put_range(const struct bars *b, size_t i)
{
    const struct gz_grid_cell *ratio = cell_at(b, i, b->chart->value[0]);
    const struct gz_grid_cell *low = cell_at(b, i, b->chart->value[1]);
    const struct gz_grid_cell *high = cell_at(b, i, b->chart->value[2]);
    struct gz_buf text = { 0 };

    if (!ratio->figure.known)
        return;
    gz_markup_open(b->m, GZ_LIT("li"));
    put_name(b, i);
    gz_markup_open(b->m, GZ_LIT("svg"));
    gz_markup_attr_lit(b->m, GZ_LIT("aria-hidden"), GZ_LIT("true"));
    put_span(b, GZ_LIT("track"), 0, 100, GZ_LIT("0"), GZ_LIT("100%"));
    put_span(b, GZ_LIT("f2"), place_of(low), place_of(high) - place_of(low),
             GZ_LIT("36%"), GZ_LIT("28%"));
    put_span(b, GZ_LIT("f1"), place_of(ratio) - 0.6, 1.2, GZ_LIT("0"), GZ_LIT("100%"));
    put_span(b, GZ_LIT("one"), 49.9, 0.2, GZ_LIT("0"), GZ_LIT("100%"));
    gz_markup_close(b->m);
    gz_markup_open(b->m, GZ_LIT("span"));
    gz_markup_attr_lit(b->m, GZ_LIT("class"), GZ_LIT("v"));
    gz_grid_cell_put(&text, ratio);
    gz_markup_text(b->m, gz_buf_str(&text));
    text.len = 0;
    gz_grid_cell_put(&text, low);
    gz_buf_lit(&text, "–");
    gz_grid_cell_put(&text, high);
    gz_markup_leaf(b->m, GZ_LIT("small"), gz_buf_str(&text));
    gz_markup_close(b->m);
    gz_markup_close(b->m);
    gz_buf_release(&text);
}

// An arrow and by how much; a screen reader hears the sign of the figure.
static void
put_change(const struct bars *b, const struct gz_grid_cell *cell)
{
    struct gz_buf text = { 0 };

    gz_markup_open(b->m, GZ_LIT("small"));
    if (!cell->figure.known || cell->figure.value == 0)
        gz_markup_attr_lit(b->m, GZ_LIT("class"), GZ_LIT("step"));
    else if (cell->figure.value > 0)
        gz_markup_attr_lit(b->m, GZ_LIT("class"), GZ_LIT("step up"));
    else
        gz_markup_attr_lit(b->m, GZ_LIT("class"), GZ_LIT("step down"));
    gz_markup_attr(b->m, GZ_LIT("title"),
                   b->chart->table->column[b->chart->change].caption);
    if (cell->figure.known && cell->figure.value) {
        gz_markup_open(b->m, GZ_LIT("i"));
        gz_markup_attr_lit(b->m, GZ_LIT("aria-hidden"), GZ_LIT("true"));
        gz_markup_text_lit(b->m, cell->figure.value > 0 ? GZ_LIT("▲") : GZ_LIT("▼"));
        gz_markup_close(b->m);
    }
    gz_grid_cell_put(&text, cell);
    if (cell->type == GZ_GRID_CHANGE && cell->figure.known)
        gz_buf_lit(&text, "%");
    gz_markup_text(b->m, gz_buf_str(&text));
    gz_markup_close(b->m);
    gz_buf_release(&text);
}

static void
put_values(const struct bars *b, size_t i)
{
    struct gz_buf text = { 0 };

    gz_markup_open(b->m, GZ_LIT("span"));
    gz_markup_attr_lit(b->m, GZ_LIT("class"), GZ_LIT("v"));
    gz_grid_cell_put(&text, cell_at(b, i, b->chart->value[0]));
    gz_markup_text(b->m, gz_buf_str(&text));
    for (size_t s = 1; s < b->chart->values; s++) {
        const struct gz_grid_cell *cell = cell_at(b, i, b->chart->value[s]);

        text.len = 0;
        gz_grid_cell_put(&text, cell);
        if (cell->type == GZ_GRID_PERCENT && cell->figure.known)
            gz_buf_lit(&text, "%");
        gz_markup_leaf(b->m, GZ_LIT("small"), gz_buf_str(&text));
    }
    if (b->chart->change)
        put_change(b, cell_at(b, i, b->chart->change));
    gz_markup_close(b->m);
    gz_buf_release(&text);
}

void
gz_bars_put(struct gz_markup *m, const struct gz_chart *chart, const size_t *row,
            size_t rows)
{
    struct bars b = { m, chart, row, rows, 0, false };
    size_t extra =
        chart->type == GZ_CHART_RANGES ? 1 : chart->values - 1 + (chart->change != 0);

    for (size_t i = 0; i < rows; i++) {
        double v = gz_grid_cell_double(cell_at(&b, i, chart->value[0]));

        b.high = v > b.high ? v : b.high;
    }
    b.high = b.high > 0 ? b.high : 1;
    b.whole_names = names_repeat(&b);
    gz_markup_open(m, GZ_LIT("ol"));
    gz_markup_attr_lit(m, GZ_LIT("class"),
                       extra > 1   ? GZ_LIT("bars three")
                       : extra > 0 ? GZ_LIT("bars two")
                                   : GZ_LIT("bars"));
    for (size_t i = 0; i < rows; i++) {
        const struct gz_grid_cell *cell = cell_at(&b, i, chart->value[0]);

        if (chart->type == GZ_CHART_RANGES) {
            put_range(&b, i);
            continue;
        }
        gz_markup_open(m, GZ_LIT("li"));
        put_name(&b, i);
        put_bar(&b, cell->figure.known ? gz_grid_cell_double(cell) / b.high : 0);
        put_values(&b, i);
        gz_markup_close(m);
    }
    gz_markup_close(m);
}
