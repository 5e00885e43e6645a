// SPDX-License-Identifier: MIT
#include "report/doc.h"

struct gz_section *
gz_doc_section(struct gz_doc *doc, struct gz_arena *arena, struct gz_str name,
               struct gz_str title)
{
    struct gz_section *s = gz_arena_new(arena, struct gz_section, 1);

    s->name = name;
    s->title = title;
    if (doc->last)
        doc->last->next = s;
    else
        doc->first = s;
    doc->last = s;
    return s;
}

void
gz_section_add(struct gz_section *section, struct gz_arena *arena, struct gz_item item)
{
    struct gz_item *copy = gz_arena_new(arena, struct gz_item, 1);

    *copy = item;
    copy->next = NULL;
    if (section->last)
        section->last->next = copy;
    else
        section->first = copy;
    section->last = copy;
}

struct gz_grid *
gz_grid_new(struct gz_arena *arena, struct gz_str name,
            const struct gz_grid_column *column, size_t columns, size_t rows)
{
    struct gz_grid *t = gz_arena_new(arena, struct gz_grid, 1);
    struct gz_grid_cell *cell =
        gz_arena_new(arena, struct gz_grid_cell, rows * columns + 1);

    t->name = name;
    t->column = column;
    t->columns = columns;
    t->row = gz_arena_new(arena, struct gz_grid_row, rows + 1);
    t->rows = rows;
    for (size_t i = 0; i < rows; i++)
        t->row[i].cell = cell + i * columns;
    return t;
}

uint8_t
gz_grid_note(struct gz_grid *table, struct gz_arena *arena, struct gz_str text)
{
    enum { MAX_NOTES = 99 };

    for (size_t i = 0; i < table->notes; i++)
        if (gz_str_eq(table->note[i], text))
            return (uint8_t)(i + 1);
    if (table->notes == MAX_NOTES)
        return 0;
    if (!table->note)
        table->note = gz_arena_new(arena, struct gz_str, MAX_NOTES);
    table->note[table->notes++] = text;
    return (uint8_t)table->notes;
}

const struct gz_grid *
gz_doc_table_at(const struct gz_doc *doc, size_t index)
{
    for (const struct gz_section *s = doc->first; s; s = s->next)
        for (const struct gz_item *i = s->first; i; i = i->next)
            if (i->type == GZ_ITEM_TABLE && index-- == 0)
                return i->table;
    return NULL;
}

const struct gz_grid *
gz_doc_table(const struct gz_doc *doc, struct gz_str name)
{
    const struct gz_grid *t;

    for (size_t i = 0; (t = gz_doc_table_at(doc, i)); i++)
        if (gz_str_eq(t->name, name))
            return t;
    return NULL;
}

struct gz_grid_cell
gz_grid_cell_text(struct gz_str text)
{
    return (struct gz_grid_cell){ .type = text.len ? GZ_GRID_TEXT : GZ_GRID_EMPTY,
                                  .text = text };
}

struct gz_grid_cell
gz_grid_cell_figure(enum gz_grid_type type, struct gz_figure figure)
{
    return (struct gz_grid_cell){ .type = type, .figure = figure };
}

bool
gz_grid_cell_is_figure(enum gz_grid_type type)
{
    return type != GZ_GRID_EMPTY && type != GZ_GRID_TEXT;
}

void
gz_grid_cell_put(struct gz_buf *out, const struct gz_grid_cell *cell)
{
    if (cell->type == GZ_GRID_TEXT)
        gz_buf_add(out, cell->text);
    if (!gz_grid_cell_is_figure(cell->type))
        return;
    if (cell->approx && cell->figure.known)
        gz_buf_cstr(out, "≈");
    if ((cell->type == GZ_GRID_CHANGE || cell->type == GZ_GRID_STEP) &&
        cell->figure.known && cell->figure.value > 0)
        gz_buf_char(out, '+');
    gz_figure_put(out, cell->figure, ',');
}

void
gz_grid_cell_put_plain(struct gz_buf *out, const struct gz_grid_cell *cell)
{
    if (cell->type == GZ_GRID_TEXT)
        gz_buf_add(out, cell->text);
    if (gz_grid_cell_is_figure(cell->type) && cell->figure.known)
        gz_figure_put(out, cell->figure, 0);
}

double
gz_grid_cell_double(const struct gz_grid_cell *cell)
{
    double v = (double)cell->figure.value;

    if (!gz_grid_cell_is_figure(cell->type) || !cell->figure.known)
        return 0;
    for (unsigned i = 0; i < cell->figure.places; i++)
        v /= 10;
    return v;
}
