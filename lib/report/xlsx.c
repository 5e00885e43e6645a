// SPDX-License-Identifier: MIT
// The only user of <xlsxwriter.h>.
#include "base/tr.h"
#include "report/render.h"

#ifdef GZ_HAVE_XLSXWRITER

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/utf8.h"

// Widths in columns of text; charts go under tables of so many rows.
enum { FIRST_ROW = 3, MAX_SHEET_NAME = 31, MAX_PLACES = 9 };
enum { NARROWEST = 9, CAPTION = 14, WIDEST = 44, UNDER = 20 };

struct book {
    lxw_workbook *workbook;
    const struct gz_doc *doc;
    struct gz_arena arena;
    lxw_format *title, *about, *note, *dash, *head, *text, *wrapped, *strong;
    lxw_format *number[2][MAX_PLACES + 1]; // plain and strong, by decimals
    lxw_format *percent[2][MAX_PLACES + 1];
    lxw_format *change[2][MAX_PLACES + 1]; // per cent and steps, with their sign
    lxw_format *step[2][MAX_PLACES + 1];
};

static lxw_format *
new_format(struct book *b, const char *pattern, bool strong)
{
    lxw_format *f = workbook_add_format(b->workbook);

    if (pattern)
        format_set_num_format(f, pattern);
    if (strong) {
        format_set_bold(f);
        format_set_bg_color(f, 0xF4EFE3);
    }
    return f;
}

static const char *
with_sign(struct book *b, struct gz_str pattern)
{
    return gz_arena_printf(&b->arena, "+%s;-%s;%s", pattern.ptr, pattern.ptr, pattern.ptr)
        .ptr;
}

static void
make_formats(struct book *b)
{
    b->title = new_format(b, NULL, false);
    format_set_bold(b->title);
    format_set_font_size(b->title, 14);
    b->about = new_format(b, NULL, false);
    format_set_font_color(b->about, 0x56606A);
    format_set_text_wrap(b->about);
    format_set_align(b->about, LXW_ALIGN_VERTICAL_TOP);
    b->note = new_format(b, NULL, false);
    format_set_font_color(b->note, 0x56606A);
    b->head = new_format(b, NULL, true);
    format_set_text_wrap(b->head);
    format_set_bottom(b->head, LXW_BORDER_THIN);
    format_set_align(b->head, LXW_ALIGN_VERTICAL_BOTTOM);
    b->text = new_format(b, NULL, false);
    b->dash = new_format(b, NULL, false);
    format_set_align(b->dash, LXW_ALIGN_RIGHT);
    b->wrapped = new_format(b, NULL, false);
    format_set_text_wrap(b->wrapped);
    b->strong = new_format(b, NULL, true);
    for (int strong = 0; strong < 2; strong++)
        for (int p = 0; p <= MAX_PLACES; p++) {
            struct gz_str zeros =
                gz_arena_printf(&b->arena, "%s%.*s", p ? "." : "", p, "000000000");
            struct gz_str plain = gz_arena_printf(&b->arena, "#,##0%s", zeros.ptr);
            struct gz_str percent = gz_arena_printf(&b->arena, "0%s%%", zeros.ptr);

            b->number[strong][p] = new_format(b, plain.ptr, strong);
            b->percent[strong][p] = new_format(b, percent.ptr, strong);
            b->change[strong][p] = new_format(b, with_sign(b, percent), strong);
            b->step[strong][p] = new_format(b, with_sign(b, plain), strong);
        }
}

// XML has no place for control characters, wherever a spreadsheet keeps a copy.
static const char *
clean(struct book *b, struct gz_str text)
{
    struct gz_buf out = { 0 };
    const char *s;

    for (size_t at = 0; at < text.len;) {
        uint32_t c = gz_utf8_next(text, &at);
        bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
                       c == 0xfffe || c == 0xffff;

        gz_utf8_put(&out, control ? 0xfffd : c);
    }
    s = gz_arena_cstr(&b->arena, gz_buf_str(&out));
    gz_buf_release(&out);
    return s;
}

static lxw_format *
format_of(const struct book *b, const struct gz_grid_cell *cell, bool strong)
{
    unsigned p = cell->figure.places < MAX_PLACES ? cell->figure.places : MAX_PLACES;

    switch (cell->type) {
    case GZ_GRID_PERCENT:
        return b->percent[strong][p];
    case GZ_GRID_CHANGE:
        return b->change[strong][p];
    case GZ_GRID_STEP:
        return b->step[strong][p];
    default:
        return b->number[strong][p];
    }
}

// 97.9 % is the double nearest to 0.979, not 97.9 / 100.
static double
number_of(const struct gz_grid_cell *cell)
{
    bool percent = cell->type == GZ_GRID_PERCENT || cell->type == GZ_GRID_CHANGE;
    double unit = 1;

    if (!percent)
        return gz_grid_cell_double(cell);
    for (unsigned i = 0; i < cell->figure.places + 2u; i++)
        unit *= 10;
    return (double)cell->figure.value / unit;
}

static void
put_cell(struct book *b, lxw_worksheet *sheet, lxw_row_t r, lxw_col_t c,
         const struct gz_grid_cell *cell, bool strong)
{
    lxw_format *plain = strong ? b->strong : b->text;

    if (cell->type == GZ_GRID_TEXT) {
        if (!strong && gz_utf8_width(cell->text) > WIDEST)
            plain = b->wrapped;
        worksheet_write_string(sheet, r, c, clean(b, cell->text), plain);
    } else if (gz_grid_cell_is_figure(cell->type) && cell->figure.known) {
        worksheet_write_number(sheet, r, c, number_of(cell), format_of(b, cell, strong));
    } else if (gz_grid_cell_is_figure(cell->type)) {
        worksheet_write_string(
            sheet, r, c,
            cell->note ? gz_arena_printf(&b->arena, "—[%u]", cell->note).ptr : "—",
            strong ? b->strong : b->dash);
    } else if (strong) {
        worksheet_write_blank(sheet, r, c, b->strong);
    }
}

// Excel takes 31 characters, none of []:*?/\, and each name once: a number makes it so.
static const char *
sheet_name(struct book *b, struct gz_str caption, size_t number)
{
    struct gz_str lead = gz_arena_printf(&b->arena, "%zu ", number + 1);
    struct gz_buf name = { 0 };
    const char *s;
    size_t count = lead.len;

    gz_buf_add(&name, lead);
    for (size_t at = 0; at < caption.len && count < MAX_SHEET_NAME - 4; count++) {
        uint32_t c = gz_utf8_next(caption, &at);

        gz_utf8_put(&name,
                    c < 0x20 || (c < 0x80 && strchr("[]:*?/\\'", (int)c)) ? '-' : c);
        count += c > 0xffff;
    }
    s = gz_arena_cstr(&b->arena, gz_buf_str(&name));
    gz_buf_release(&name);
    return s;
}

static double
column_width(const struct gz_grid *t, size_t c)
{
    size_t best = gz_utf8_width(t->column[c].caption) + 1;
    struct gz_buf text = { 0 };

    best = best > CAPTION ? CAPTION : best < NARROWEST ? NARROWEST : best;

    for (size_t r = 0; r < t->rows; r++) {
        size_t w;

        text.len = 0;
        gz_grid_cell_put(&text, &t->row[r].cell[c]);
        w = gz_utf8_width(gz_buf_str(&text)) + 1;
        best = w > best ? w : best;
    }
    gz_buf_release(&text);
    return best > WIDEST ? WIDEST : (double)best;
}

// The first chart of a table, drawn beside it from the cells of its sheet.
static void
put_chart(struct book *b, lxw_worksheet *sheet, const char *name, const struct gz_grid *t)
{
    const struct gz_chart *found = NULL;
    lxw_chart *chart;
    size_t rows = 0;

    for (const struct gz_section *s = b->doc->first; s && !found; s = s->next)
        for (const struct gz_item *i = s->first; i && !found; i = i->next)
            if (i->type == GZ_ITEM_CHART && i->chart->table == t &&
                i->chart->type != GZ_CHART_RANGES) // no kind of theirs shows bounds
                found = i->chart;
    while (rows < t->rows && t->row[rows].role == GZ_ROLE_BODY &&
           (!found || !found->limit || rows < found->limit))
        rows++;
    if (!found || rows == 0)
        return;
    chart = workbook_add_chart(b->workbook, found->type == GZ_CHART_LINES ? LXW_CHART_LINE
                                            : found->type == GZ_CHART_BARS
                                                ? LXW_CHART_BAR
                                                : LXW_CHART_COLUMN);
    for (size_t i = 0; chart && i < found->values; i++) {
        lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
        lxw_row_t last = (lxw_row_t)(FIRST_ROW + rows - 1);
        lxw_col_t label = (lxw_col_t)found->label, value = (lxw_col_t)found->value[i];

        chart_series_set_categories(series, name, FIRST_ROW, label, last, label);
        chart_series_set_values(series, name, FIRST_ROW, value, last, value);
        chart_series_set_name_range(series, name, FIRST_ROW - 1, value);
    }
    if (!chart)
        return;
    chart_title_set_name(chart, clean(b, found->caption));
    if (found->type == GZ_CHART_BARS) // the first row on top, as in the table
        chart_axis_set_reverse(chart->y_axis);
    if (found->values == 1)
        chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    // Under a short table, where it fits a sheet of paper; beside a long one.
    if (t->rows <= UNDER)
        worksheet_insert_chart(sheet, (lxw_row_t)(FIRST_ROW + t->rows + t->notes + 2), 0,
                               chart);
    else
        worksheet_insert_chart(sheet, FIRST_ROW, (lxw_col_t)(t->columns + 1), chart);
}

// The definition over all columns, so that it widens no page: a merged cell does not find
// its own height.
static void
put_about(struct book *b, lxw_worksheet *sheet, const struct gz_grid *t)
{
    const char *text = clean(b, t->about);
    double room = 0, lines;

    for (size_t c = 0; c < t->columns; c++)
        room += column_width(t, c);
    lines = (double)gz_utf8_width(t->about) / (room > 1 ? room : 1) + 1;
    worksheet_set_row(sheet, 1, 15 * (double)(long)(lines + 0.9), NULL);
    if (t->columns > 1)
        worksheet_merge_range(sheet, 1, 0, 1, (lxw_col_t)(t->columns - 1), text,
                              b->about);
    else
        worksheet_write_string(sheet, 1, 0, text, b->about);
}

// As many lines as the longest caption takes in its column.
static void
put_captions(struct book *b, lxw_worksheet *sheet, const struct gz_grid *t)
{
    size_t lines = 1;

    for (size_t c = 0; c < t->columns; c++) {
        double width = column_width(t, c);
        size_t n = gz_utf8_width(t->column[c].caption) / (size_t)(width - 1) + 1;

        lines = n > lines ? n : lines;
        // A figure in per cent is formatted as such; the sign need not be in its caption.
        worksheet_write_string(sheet, FIRST_ROW - 1, (lxw_col_t)c,
                               clean(b, t->column[c].caption), b->head);
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, width, NULL);
    }
    worksheet_set_row(sheet, FIRST_ROW - 1, 15 * (double)lines, NULL);
}

// Long texts are wrapped in the widest column there is, and the row is as high as they.
static void
put_row(struct book *b, lxw_worksheet *sheet, lxw_row_t r, const struct gz_grid *t,
        const struct gz_grid_row *row)
{
    enum { HIGHEST = 12 };
    size_t lines = 1;

    for (size_t c = 0; c < t->columns; c++) {
        size_t n = gz_utf8_width(row->cell[c].text) / (WIDEST - 8) + 1;

        lines = n > lines ? n : lines;
        put_cell(b, sheet, r, (lxw_col_t)c, &row->cell[c], row->role != GZ_ROLE_BODY);
    }
    if (lines > 1)
        worksheet_set_row(sheet, r, 15 * (double)(lines < HIGHEST ? lines : HIGHEST),
                          NULL);
}

static void
put_sheet(struct book *b, const struct gz_grid *t, size_t number)
{
    const char *name = sheet_name(b, t->caption, number);
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, name);
    lxw_row_t r = FIRST_ROW;

    if (!sheet)
        return;
    worksheet_write_string(sheet, 0, 0, clean(b, t->caption), b->title);
    if (t->about.len)
        put_about(b, sheet, t);
    put_captions(b, sheet, t);
    for (size_t i = 0; i < t->rows; i++, r++)
        put_row(b, sheet, r, t, &t->row[i]);
    worksheet_freeze_panes(sheet, FIRST_ROW, (lxw_col_t)t->keys);
    if (t->rows)
        worksheet_autofilter(sheet, FIRST_ROW - 1, 0,
                             (lxw_row_t)(FIRST_ROW - 1 + t->rows),
                             (lxw_col_t)(t->columns - 1));
    for (size_t i = 0; i < t->notes; i++, r++)
        worksheet_write_string(sheet, r + 1, 0,
                               clean(b, gz_arena_printf(&b->arena, "[%zu] " GZ_STR_FMT,
                                                        i + 1, GZ_STR_ARG(t->note[i]))),
                               b->note);
    put_chart(b, sheet, name, t);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9); // A4
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, FIRST_ROW - 1, FIRST_ROW - 1);
}

// What stands at the front of the other forms: title, warnings, the summary, the checks.
static void
put_front(struct book *b)
{
    static const char *const mark[] = { "✓", "✗", "?" };
    static const char *const sign[] = { "=", "≠", "?" };
    lxw_worksheet *s =
        workbook_add_worksheet(b->workbook, sheet_name(b, b->doc->title, 0) + 2);
    const struct gz_doc *d = b->doc;
    lxw_row_t r = 0;

    worksheet_set_column(s, 0, 0, 100, NULL);
    worksheet_set_paper(s, 9);
    worksheet_fit_to_pages(s, 1, 0);
    worksheet_write_string(s, r++, 0, clean(b, d->title), b->title);
    worksheet_write_string(s, r++, 0, clean(b, d->scheme), b->about);
    for (size_t i = 0; i < d->missings; i++)
        worksheet_write_string(s, r++, 0, clean(b, d->missing[i]), b->strong);
    for (size_t i = 0; i < d->warnings; i++)
        worksheet_write_string(s, r++, 0, clean(b, d->warning[i]), b->wrapped);
    r++;
    for (size_t i = 0; i < d->sentences; i++)
        worksheet_write_string(s, r++, 0, clean(b, d->sentence[i].text), b->wrapped);
    r++;
    for (const struct gz_section *x = d->first; x; x = x->next)
        for (const struct gz_item *i = x->first; i; i = i->next)
            for (size_t k = 0; i->type == GZ_ITEM_CHECKS && k < i->count; k++) {
                const struct gz_check *c = &i->check[k];

                worksheet_write_string(
                    s, r++, 0,
                    clean(b, gz_arena_printf(
                                 &b->arena,
                                 "%s " GZ_STR_FMT ": " GZ_STR_FMT " %s " GZ_STR_FMT,
                                 mark[c->state], GZ_STR_ARG(c->name), GZ_STR_ARG(c->left),
                                 sign[c->state], GZ_STR_ARG(c->right))),
                    b->wrapped);
            }
}

static const char *
temp_folder(void)
{
    const char *dir = getenv("TMPDIR");

    return dir && *dir ? dir : "/tmp";
}

// libxlsxwriter 1.1.4 writes to a path only: an empty file of our own (mode 600).
static int
open_temp(struct gz_arena *arena, const char **path, struct gz_err *err)
{
    char *name = gz_arena_new(arena, char, 4096);
    int fd;

    snprintf(name, 4096, "%s/gz-report.XXXXXX", temp_folder());
    fd = mkstemp(name);
    *path = name;
    if (fd < 0)
        gz_err_set(err, GZ_ERR_IO, "%s: %s", name, strerror(errno));
    return fd;
}

static enum gz_err_kind
read_back(int fd, const char *path, struct gz_buf *out, struct gz_err *err)
{
    enum { BLOCK = 65536 };

    for (;;) {
        ssize_t n = read(fd, gz_buf_need(out, BLOCK), BLOCK);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
        if (n == 0)
            return GZ_OK;
        out->len += (size_t)n;
    }
}

static enum gz_err_kind
write_book(struct book *b, const char *path, struct gz_err *err)
{
    // A fixed day: the same input makes the same file.
    lxw_doc_properties properties = { .created = 1577836800 };
    // Its own temporary files, too, lie where the sandbox lets them.
    lxw_workbook_options options = { .tmpdir = (char *)(uintptr_t)temp_folder() };
    const struct gz_grid *t;
    lxw_error e;

    b->workbook = workbook_new_opt(path, &options);
    if (!b->workbook)
        return gz_err_set(err, GZ_ERR_IO, _("cannot begin an XLSX file"));
    workbook_set_properties(b->workbook, &properties);
    make_formats(b);
    put_front(b);
    for (size_t i = 0; (t = gz_doc_table_at(b->doc, i)); i++)
        put_sheet(b, t, i);
    e = workbook_close(b->workbook);
    if (e != LXW_NO_ERROR)
        return gz_err_set(err, GZ_ERR_IO, _("cannot write the XLSX file: %s"),
                          lxw_strerror(e));
    return GZ_OK;
}

enum gz_err_kind
gz_render_xlsx(const struct gz_doc *doc, struct gz_buf *out, struct gz_err *err)
{
    struct book b = { .doc = doc };
    const char *path;
    int fd = open_temp(&b.arena, &path, err);

    if (fd >= 0 && write_book(&b, path, err) == GZ_OK) {
        int again = open(path, O_RDONLY | O_CLOEXEC);

        if (again < 0)
            gz_err_set(err, GZ_ERR_IO, "%s: %s", path, strerror(errno));
        else
            read_back(again, path, out, err);
        if (again >= 0)
            close(again);
    }
    if (fd >= 0) {
        unlink(path);
        close(fd);
    }
    gz_arena_free(&b.arena);
    return err->kind;
}

#else

enum gz_err_kind
gz_render_xlsx(const struct gz_doc *doc, struct gz_buf *out, struct gz_err *err)
{
    (void)doc;
    (void)out;
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("-t xlsx: built without libxlsxwriter; use -t csv --excel"));
}

#endif
