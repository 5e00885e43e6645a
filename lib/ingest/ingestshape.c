// SPDX-License-Identifier: MIT
// Files that are no plain table: several tables one below the other, of which one is
// meant (.pb of Pabulib), and lines of fastText.
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/ingest.h"

enum { MAX_FACTS = 64 };

struct gz_ingest_shape {
    bool lines;                          // of fastText
    bool over;                           // another section has begun
    size_t base;                         // columns that stand in the file
    struct gz_csv_field fact[MAX_FACTS]; // of the section above: the same in every row
    size_t facts;
    struct gz_csv_field *cell;
    struct gz_buf labels;
};

static bool
is_section(const struct gz_csv_row *row, struct gz_str name)
{
    if (row->count == 0 || !gz_str_eq(gz_str_trim(row->field[0].text), name))
        return false;
    for (size_t i = 1; i < row->count; i++)
        if (row->field[i].text.len)
            return false;
    return true;
}

// One word in capitals: the name of a section.
static bool
begins_section(const struct gz_csv_row *row)
{
    struct gz_str s =
        row->count ? gz_str_trim(row->field[0].text) : (struct gz_str){ NULL, 0 };

    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len >= 3 && is_section(row, s);
}

// "unit;Warszawa" above becomes the column META.unit.
static bool
try_section(struct gz_ingest *g, const struct gz_layout *const *layout, size_t at)
{
    struct gz_ingest_shape *sh = g->shape;
    const struct gz_csv_row *header = &g->held[at + 1].row;
    struct gz_str *cell, *all = gz_arena_new(&g->arena, struct gz_str, 65535 + MAX_FACTS);
    size_t n = header->count;

    sh->facts = 0;
    if (!gz_ingest_header_cells(g, header, &cell) || n > 1000)
        return false;
    memcpy(all, cell, n * sizeof(*all));
    for (size_t i = 0; i < at && sh->facts < MAX_FACTS; i++) {
        const struct gz_csv_row *row = &g->held[i].row;

        if (g->held[i].what != GZ_CSV_ROW || row->count < 2 || !row->field[1].text.len ||
            gz_str_is(row->field[0].text, "key"))
            continue;
        all[n + sh->facts] = gz_arena_printf(&g->arena, "META." GZ_STR_FMT,
                                             GZ_STR_ARG(row->field[0].text));
        sh->fact[sh->facts++] = row->field[1];
    }
    sh->base = n;
    return gz_ingest_consider(g, layout, 1, all, n + sh->facts);
}

static bool
find_section(struct gz_ingest *g, const struct gz_layout *const *layouts, size_t count)
{
    for (size_t l = 0; l < count; l++)
        for (size_t i = 0; layouts[l]->section.len && i + 1 < g->held_count; i++)
            if (g->held[i].what == GZ_CSV_ROW && g->held[i + 1].what == GZ_CSV_ROW &&
                is_section(&g->held[i].row, layouts[l]->section) &&
                try_section(g, &layouts[l], i)) {
                g->header_at = i + 1;
                g->header_line = g->held[i + 1].row.line;
                g->header_raw = g->held[i + 1].row.raw;
                return true;
            }
    return false;
}

static bool
find_lines(struct gz_ingest *g, const struct gz_layout *const *layouts, size_t count)
{
    static const struct gz_str column[] = { { "label", 5 },
                                            { "more labels", 11 },
                                            { "text of the line", 16 } };

    g->shape->lines = true;
    g->shape->base = GZ_COUNT(column);
    g->header_at = g->held_count;
    return gz_ingest_consider(g, layouts, count, column, GZ_COUNT(column));
}

// Rows that are kept while the beginning is looked at get cells of their own.
static void
shape_held(struct gz_ingest *g)
{
    for (size_t i = g->header_at == g->held_count ? 0 : g->header_at + 1;
         i < g->held_count; i++) {
        struct gz_ingest_held *h = &g->held[i];
        struct gz_csv_field *own;

        if (!g->shape->over && h->what == GZ_CSV_ROW && gz_ingest_shape_row(g, &h->row)) {
            own = gz_arena_new(&g->arena, struct gz_csv_field, h->row.count);
            memcpy(own, h->row.field, h->row.count * sizeof(*own));
            if (g->shape->lines)
                own[1].text = gz_arena_dup(&g->arena, own[1].text);
            h->row.field = own;
        }
        if (g->shape->over)
            h->other_section = true;
    }
}

bool
gz_ingest_shape_find(struct gz_ingest *g, const struct gz_layout *const *layouts,
                     size_t count)
{
    bool found;

    g->shape = gz_mem_zalloc(1, sizeof(*g->shape));
    found = strcmp(g->format, "fasttext") == 0 ? find_lines(g, layouts, count)
                                               : find_section(g, layouts, count);
    if (found) {
        g->shape->cell = gz_arena_new(&g->arena, struct gz_csv_field, g->header.count);
        shape_held(g);
    } else {
        gz_ingest_shape_free(g);
    }
    return found;
}

void
gz_ingest_shape_free(struct gz_ingest *g)
{
    if (g->shape)
        gz_buf_release(&g->shape->labels);
    free(g->shape);
    g->shape = NULL;
}

// "__label__a __label__b text": the first label, the others, the text.
static void
cut_labels(struct gz_ingest_shape *sh, struct gz_csv_row *row)
{
    static const char mark[] = "__label__";
    struct gz_str rest = row->field[0].text;
    size_t n = 0;

    memset(sh->cell, 0, 3 * sizeof(*sh->cell));
    sh->labels.len = 0;
    while (gz_str_starts(rest, gz_str_of(mark))) {
        struct gz_cut c = gz_str_cut(rest, GZ_STR(" "));
        struct gz_str label = gz_str_from(c.head, sizeof(mark) - 1);

        if (n++ == 0) {
            sh->cell[0].text = label;
        } else {
            gz_buf_cstr(&sh->labels, n > 2 ? " " : "");
            gz_buf_add(&sh->labels, label);
        }
        rest = gz_str_trim(c.tail);
    }
    sh->cell[1].text = gz_buf_str(&sh->labels);
    sh->cell[2].text = rest;
    row->field = sh->cell;
    row->padded = false;
    row->count = 3;
    row->stray_quote = false; // there are no quotes in this format
}

bool
gz_ingest_shape_row(struct gz_ingest *g, struct gz_csv_row *row)
{
    struct gz_ingest_shape *sh = g->shape;

    if (!row)
        return !sh->over;
    if (sh->lines) {
        cut_labels(sh, row);
        return true;
    }
    if (sh->over || begins_section(row)) {
        sh->over = true;
        return false;
    }
    if (row->count != sh->base) // a row too short or too long is flagged as one
        return true;
    memcpy(sh->cell, row->field, sh->base * sizeof(*sh->cell));
    memcpy(sh->cell + sh->base, sh->fact, sh->facts * sizeof(*sh->cell));
    row->field = sh->cell;
    row->padded = false;
    row->count = sh->base + sh->facts;
    return true;
}
