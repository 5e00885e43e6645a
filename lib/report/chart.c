// SPDX-License-Identifier: MIT
// Doubles are for places on the page only; figures are printed from their digits.
#include "report/chart.h"

#include "base/utf8.h"

enum { SERIES = 3, DOTS = 60 }; // lines drawn, and points that are marked at most

// One drawing area. Lengths are in pixels of the view box.
struct plot {
    struct gz_markup *m;
    const struct gz_chart *chart;
    const size_t *row; // body rows drawn, by number in the table
    size_t rows;
    double width, height;
    double left, right, top, bottom; // margins
    double low, high, step;          // of the value axis
};

static const struct gz_grid_cell *
cell_at(const struct plot *p, size_t i, size_t series)
{
    return &p->chart->table->row[p->row[i]].cell[p->chart->value[series]];
}

static struct gz_str
label_at(const struct plot *p, size_t i)
{
    return p->chart->table->row[p->row[i]].cell[p->chart->label].text;
}

// Move the largest to the front, one after the other; rows of one value keep their order.
static void
sort_by_value(const struct gz_chart *chart, size_t *row, size_t rows)
{
    for (size_t i = 1; i < rows; i++) {
        size_t moved = row[i], at = i;
        double v = gz_grid_cell_double(&chart->table->row[moved].cell[chart->value[0]]);

        for (; at > 0 && gz_grid_cell_double(
                             &chart->table->row[row[at - 1]].cell[chart->value[0]]) < v;
             at--)
            row[at] = row[at - 1];
        row[at] = moved;
    }
}

// The rows to draw: body rows, the first `limit` of them.
static size_t
pick_rows(const struct gz_chart *chart, size_t *row)
{
    size_t n = 0;

    for (size_t r = 0; r < chart->table->rows; r++)
        if (chart->table->row[r].role == GZ_ROLE_BODY)
            row[n++] = r;
    if (chart->by_value)
        sort_by_value(chart, row, n);
    return chart->limit && chart->limit < n ? chart->limit : n;
}

bool
gz_chart_has_points(const struct gz_chart *chart)
{
    for (size_t r = 0; r < chart->table->rows; r++)
        for (size_t s = 0; s < chart->values; s++) {
            const struct gz_grid_cell *cell = &chart->table->row[r].cell[chart->value[s]];

            if (chart->table->row[r].role == GZ_ROLE_BODY && cell->figure.known &&
                cell->figure.value != 0)
                return true;
        }
    return false;
}

// A step of 1, 2 or 5 times a power of ten that makes four or five grid lines.
static void
scale_axis(struct plot *p)
{
    double step = 1;

    p->low = p->high = 0;
    for (size_t i = 0; i < p->rows; i++)
        for (size_t s = 0; s < p->chart->values; s++) {
            double v = gz_grid_cell_double(cell_at(p, i, s));

            p->high = v > p->high ? v : p->high;
            p->low = v < p->low ? v : p->low;
        }
    if (p->high - p->low <= 0)
        p->high = p->low + 1;
    while ((p->high - p->low) / step > 50)
        step *= 10;
    if ((p->high - p->low) / step > 25)
        step *= 10;
    else if ((p->high - p->low) / step > 10)
        step *= 5;
    else if ((p->high - p->low) / step > 5)
        step *= 2;
    p->step = step;
    // Whole steps around the data, counted, so that no error adds up.
    p->high = step * (double)(long)(p->high / step + 0.999999);
    p->low = -step * (double)(long)(-p->low / step + 0.999999);
}

static double
y_of(const struct plot *p, double value)
{
    double room = p->height - p->top - p->bottom;

    return p->top + room * (p->high - value) / (p->high - p->low);
}

static double
x_of(const struct plot *p, size_t i)
{
    double room = p->width - p->left - p->right;

    return p->left + room * ((double)i + 0.5) / (double)p->rows;
}

static long
tenths(double v)
{
    return (long)(v < 0 ? v * 10 - 0.5 : v * 10 + 0.5);
}

static void
put_line(struct gz_markup *m, struct gz_markup_lit class, double x1, double y1, double x2,
         double y2)
{
    gz_markup_open(m, GZ_LIT("line"));
    gz_markup_attr_lit(m, GZ_LIT("class"), class);
    gz_markup_attr_num(m, GZ_LIT("x1"), tenths(x1));
    gz_markup_attr_num(m, GZ_LIT("y1"), tenths(y1));
    gz_markup_attr_num(m, GZ_LIT("x2"), tenths(x2));
    gz_markup_attr_num(m, GZ_LIT("y2"), tenths(y2));
    gz_markup_void(m);
}

static void
put_label(struct gz_markup *m, struct gz_markup_lit class, struct gz_markup_lit anchor,
          double x, double y, struct gz_str text)
{
    gz_markup_open(m, GZ_LIT("text"));
    gz_markup_attr_lit(m, GZ_LIT("class"), class);
    gz_markup_attr_lit(m, GZ_LIT("text-anchor"), anchor);
    gz_markup_attr_num(m, GZ_LIT("x"), tenths(x));
    gz_markup_attr_num(m, GZ_LIT("y"), tenths(y));
    gz_markup_text(m, text);
    gz_markup_close(m);
}

static void
put_axis(const struct plot *p)
{
    struct gz_buf b = { 0 };

    for (long i = (long)(p->low / p->step - 0.5); (double)i * p->step <= p->high + 0.1;
         i++) {
        double v = (double)i * p->step, y = y_of(p, v);

        b.len = 0;
        gz_figure_put(&b, gz_figure_count((gz_i128)v), ',');
        put_line(p->m, i == 0 ? GZ_LIT("axis") : GZ_LIT("gridline"), p->left, y,
                 p->width - p->right, y);
        put_label(p->m, GZ_LIT("tick"), GZ_LIT("end"), p->left - 7, y + 4,
                  gz_buf_str(&b));
    }
    gz_buf_release(&b);
}

// Names below, as many as have room: every n-th, counted from the last.
static void
put_names(const struct plot *p)
{
    size_t widest = 1, every = 1;
    double over = 0;
    double slot = (p->width - p->left - p->right) / (double)p->rows;

    for (size_t i = 0; i < p->rows; i++) {
        size_t w = gz_utf8_width(label_at(p, i));

        widest = w > widest ? w : widest;
    }
    // The last one must not stand out over the edge, nor on the one before it.
    if (p->rows)
        over = x_of(p, p->rows - 1) +
               (double)gz_utf8_width(label_at(p, p->rows - 1)) * 3.5 - p->width;
    while ((double)every * slot < (double)widest * 6.6 + 6 + (over > 0 ? over : 0))
        every++;
    for (size_t i = 0; i < p->rows; i++) {
        if ((p->rows - 1 - i) % every)
            continue;
        if (over > 0 && i + 1 == p->rows)
            put_label(p->m, GZ_LIT("tick"), GZ_LIT("end"), p->width - 1, p->height - 7,
                      label_at(p, i));
        else
            put_label(p->m, GZ_LIT("tick"), GZ_LIT("middle"), x_of(p, i), p->height - 7,
                      label_at(p, i));
    }
}

// A tooltip for a pointer; readers of a screen have the table.
static void
put_tip(const struct plot *p, size_t i, size_t s)
{
    struct gz_buf b = { 0 };

    gz_buf_add(&b, label_at(p, i));
    gz_buf_lit(&b, " · ");
    gz_buf_add(&b, p->chart->table->column[p->chart->value[s]].caption);
    gz_buf_lit(&b, " ");
    gz_grid_cell_put(&b, cell_at(p, i, s));
    gz_markup_leaf(p->m, GZ_LIT("title"), gz_buf_str(&b));
    gz_buf_release(&b);
}

static struct gz_markup_lit
by_series(size_t s, struct gz_markup_lit a, struct gz_markup_lit b,
          struct gz_markup_lit c)
{
    return s == 0 ? a : s == 1 ? b : c;
}

static void
put_value(const struct plot *p, size_t i, size_t s, double dy)
{
    struct gz_buf b = { 0 };

    gz_grid_cell_put(&b, cell_at(p, i, s));
    put_label(p->m, GZ_LIT("val"), GZ_LIT("middle"), x_of(p, i),
              y_of(p, gz_grid_cell_double(cell_at(p, i, s))) + dy, gz_buf_str(&b));
    gz_buf_release(&b);
}

// One series: a path that breaks where a figure is not known, and a dot at each.
static void
put_series(const struct plot *p, size_t s)
{
    struct gz_buf path = { 0 };
    bool pen = false;

    for (size_t i = 0; i < p->rows; i++) {
        const struct gz_grid_cell *cell = cell_at(p, i, s);

        if (cell->figure.known)
            gz_buf_printf(&path, "%c%.1f %.1f", pen ? 'L' : 'M', x_of(p, i),
                          y_of(p, gz_grid_cell_double(cell)));
        pen = cell->figure.known;
    }
    gz_markup_open(p->m, GZ_LIT("path"));
    gz_markup_attr_lit(p->m, GZ_LIT("class"),
                       by_series(s, GZ_LIT("l1"), GZ_LIT("l2"), GZ_LIT("l3")));
    gz_markup_attr(p->m, GZ_LIT("d"), gz_buf_str(&path));
    gz_markup_void(p->m);
    for (size_t i = 0; p->rows <= DOTS && i < p->rows; i++) {
        const struct gz_grid_cell *cell = cell_at(p, i, s);

        if (!cell->figure.known)
            continue;
        gz_markup_open(p->m, GZ_LIT("circle"));
        gz_markup_attr_lit(p->m, GZ_LIT("class"),
                           by_series(s, GZ_LIT("d1"), GZ_LIT("d2"), GZ_LIT("d3")));
        gz_markup_attr_num(p->m, GZ_LIT("cx"), tenths(x_of(p, i)));
        gz_markup_attr_num(p->m, GZ_LIT("cy"),
                           tenths(y_of(p, gz_grid_cell_double(cell))));
        gz_markup_attr_num(p->m, GZ_LIT("r"), p->rows > 24 ? 22 : 35);
        put_tip(p, i, s);
        gz_markup_close(p->m);
    }
    gz_buf_release(&path);
}

static void
put_lines(const struct plot *p)
{
    for (size_t s = p->chart->values < SERIES ? p->chart->values : SERIES; s-- > 0;)
        put_series(p, s);
    if (p->rows && cell_at(p, p->rows - 1, 0)->figure.known)
        put_value(p, p->rows - 1, 0, -9);
}

// Upright columns side by side: a distribution, or flows.
static void
put_columns(const struct plot *p)
{
    size_t series = p->chart->values < SERIES ? p->chart->values : SERIES;
    double slot = (p->width - p->left - p->right) / (double)p->rows;
    double wide = slot * 0.72 / (double)series;

    if (wide > 46)
        wide = 46;
    for (size_t i = 0; i < p->rows; i++)
        for (size_t s = 0; s < series; s++) {
            double v = gz_grid_cell_double(cell_at(p, i, s)), zero = y_of(p, 0);
            double y = y_of(p, v);

            if (!cell_at(p, i, s)->figure.known)
                continue;
            gz_markup_open(p->m, GZ_LIT("rect"));
            gz_markup_attr_lit(p->m, GZ_LIT("class"),
                               by_series(s, GZ_LIT("f1"), GZ_LIT("f2"), GZ_LIT("f3")));
            gz_markup_attr_num(
                p->m, GZ_LIT("x"),
                tenths(x_of(p, i) + wide * ((double)s - (double)series / 2)));
            gz_markup_attr_num(p->m, GZ_LIT("y"), tenths(v < 0 ? zero : y));
            gz_markup_attr_num(p->m, GZ_LIT("width"), tenths(wide > 3 ? wide - 1 : wide));
            gz_markup_attr_num(p->m, GZ_LIT("height"),
                               tenths(v < 0 ? y - zero : zero - y));
            put_tip(p, i, s);
            gz_markup_close(p->m);
        }
    if (series == 1 && slot > 40)
        for (size_t i = 0; i < p->rows; i++)
            if (cell_at(p, i, 0)->figure.known)
                put_value(p, i, 0, -6);
}

static void
put_svg(struct gz_markup *m, const struct gz_chart *chart, const size_t *row, size_t rows,
        const struct gz_words *words, unsigned serial, bool narrow)
{
    struct plot p = { .m = m,
                      .chart = chart,
                      .row = row,
                      .rows = rows,
                      .width = narrow ? 360 : 720,
                      .height = narrow ? 230 : 270,
                      .left = 30,
                      .right = 14,
                      .top = 20,
                      .bottom = 28 };
    struct gz_arena scratch = { 0 };
    struct gz_str id = gz_arena_printf(&scratch, "c%u%c", serial, narrow ? 'n' : 'w');
    struct gz_str view = gz_arena_printf(&scratch, "0 0 %.0f %.0f", p.width, p.height);
    struct gz_buf top = { 0 };

    scale_axis(&p);
    gz_figure_put(&top, gz_figure_count((gz_i128)p.high), ',');
    p.left = 14 + 6.8 * (double)top.len;
    gz_markup_open(m, GZ_LIT("svg"));
    gz_markup_attr_lit(m, GZ_LIT("class"),
                       narrow ? GZ_LIT("plot narrow") : GZ_LIT("plot wide"));
    gz_markup_attr(m, GZ_LIT("viewBox"), view);
    gz_markup_attr_lit(m, GZ_LIT("role"), GZ_LIT("img"));
    gz_markup_attr(m, GZ_LIT("aria-labelledby"),
                   gz_arena_printf(&scratch, GZ_STR_FMT "t " GZ_STR_FMT "d",
                                   GZ_STR_ARG(id), GZ_STR_ARG(id)));
    gz_markup_open(m, GZ_LIT("title"));
    gz_markup_attr(m, GZ_LIT("id"),
                   gz_arena_printf(&scratch, GZ_STR_FMT "t", GZ_STR_ARG(id)));
    gz_markup_text(m, chart->caption);
    gz_markup_close(m);
    gz_markup_open(m, GZ_LIT("desc"));
    gz_markup_attr(m, GZ_LIT("id"),
                   gz_arena_printf(&scratch, GZ_STR_FMT "d", GZ_STR_ARG(id)));
    gz_markup_text(m, gz_say(words, &scratch, "chart.desc", chart->table->caption));
    gz_markup_close(m);
    put_axis(&p);
    put_names(&p);
    if (chart->type == GZ_CHART_LINES)
        put_lines(&p);
    else
        put_columns(&p);
    gz_markup_close(m);
    gz_buf_release(&top);
    gz_arena_free(&scratch);
}

static void
put_legend(struct gz_markup *m, const struct gz_chart *chart)
{
    gz_markup_open(m, GZ_LIT("ul"));
    gz_markup_attr_lit(m, GZ_LIT("class"), GZ_LIT("legend"));
    for (size_t s = 0; s < chart->values && s < SERIES; s++) {
        gz_markup_open(m, GZ_LIT("li"));
        gz_markup_open(m, GZ_LIT("svg"));
        gz_markup_attr_lit(m, GZ_LIT("viewBox"), GZ_LIT("0 0 22 10"));
        gz_markup_attr_lit(m, GZ_LIT("aria-hidden"), GZ_LIT("true"));
        if (chart->type == GZ_CHART_LINES) {
            put_line(m, by_series(s, GZ_LIT("l1"), GZ_LIT("l2"), GZ_LIT("l3")), 1, 5, 21,
                     5);
        } else {
            gz_markup_open(m, GZ_LIT("rect"));
            gz_markup_attr_lit(m, GZ_LIT("class"),
                               by_series(s, GZ_LIT("f1"), GZ_LIT("f2"), GZ_LIT("f3")));
            gz_markup_attr_num(m, GZ_LIT("x"), 50);
            gz_markup_attr_num(m, GZ_LIT("width"), 120);
            gz_markup_attr_num(m, GZ_LIT("height"), 100);
            gz_markup_void(m);
        }
        gz_markup_close(m);
        gz_markup_text(m, chart->table->column[chart->value[s]].caption);
        gz_markup_close(m);
    }
    gz_markup_close(m);
}

bool
gz_chart_is_list(enum gz_chart_type type)
{
    return type == GZ_CHART_BARS || type == GZ_CHART_STEPS || type == GZ_CHART_RANGES ||
           type == GZ_CHART_TILES;
}

void
gz_chart_put(struct gz_markup *m, const struct gz_chart *chart,
             const struct gz_words *words, unsigned serial)
{
    struct gz_arena scratch = { 0 };
    size_t *row = gz_arena_new(&scratch, size_t, chart->table->rows + 1);
    size_t rows = pick_rows(chart, row);

    gz_markup_open(m, GZ_LIT("figure"));
    gz_markup_open(m, GZ_LIT("figcaption"));
    gz_markup_leaf(m, GZ_LIT("h3"), chart->caption);
    if (chart->about.len) {
        gz_markup_open(m, GZ_LIT("p"));
        gz_markup_attr_lit(m, GZ_LIT("class"), GZ_LIT("about"));
        gz_markup_text(m, chart->about);
        gz_markup_close(m);
    }
    if (chart->values > 1 && !gz_chart_is_list(chart->type))
        put_legend(m, chart);
    gz_markup_close(m);
    if (chart->type == GZ_CHART_TILES) {
        gz_tiles_put(m, chart, row, rows);
    } else if (gz_chart_is_list(chart->type)) {
        gz_bars_put(m, chart, row, rows);
    } else {
        put_svg(m, chart, row, rows, words, serial, false);
        put_svg(m, chart, row, rows, words, serial, true);
    }
    gz_markup_close(m);
    gz_arena_free(&scratch);
}
