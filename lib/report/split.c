// SPDX-License-Identifier: MIT
#include "report/split.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"

static size_t
unit_column(const struct gz_grid *t)
{
    for (size_t c = 0; c < t->columns; c++)
        if (gz_str_is(t->column[c].key, "unit") && t->column[c].type == GZ_GRID_TEXT)
            return c;
    return t->columns;
}

const struct gz_str *
gz_split_units(const struct gz_doc *doc, struct gz_arena *arena, size_t *count)
{
    struct gz_map seen = { 0 };
    struct gz_str *unit = NULL;
    const struct gz_grid *t;
    size_t cap = 0;

    *count = 0;
    for (size_t i = 0; (t = gz_doc_table_at(doc, i)); i++) {
        size_t c = unit_column(t);

        if (!gz_str_starts(t->name, GZ_STR("units")) || c == t->columns)
            continue;
        for (size_t r = 0; r < t->rows; r++) {
            bool added = false;

            if (t->row[r].role == GZ_ROLE_BODY)
                gz_map_put(&seen, t->row[r].cell[c].text, &added);
            if (!added)
                continue;
            unit = gz_arena_grow(arena, unit, &cap, *count + 1, sizeof *unit);
            unit[(*count)++] = t->row[r].cell[c].text;
        }
    }
    gz_map_release(&seen);
    return unit;
}

// Its own rows, and those that sum up. How many others there are is said.
static const struct gz_grid *
own_rows(const struct gz_doc *doc, const struct gz_grid *t, size_t c, struct gz_str unit,
         struct gz_arena *arena)
{
    struct gz_grid *copy = gz_arena_new(arena, struct gz_grid, 1);
    struct gz_buf about = { 0 };
    size_t body = 0;

    *copy = *t;
    copy->row = gz_arena_new(arena, struct gz_grid_row, t->rows + 1);
    copy->rows = 0;
    for (size_t r = 0; r < t->rows; r++) {
        body += t->row[r].role == GZ_ROLE_BODY;
        if (t->row[r].role != GZ_ROLE_BODY || gz_str_eq(t->row[r].cell[c].text, unit))
            copy->row[copy->rows++] = t->row[r];
    }
    gz_buf_add(&about, t->about);
    gz_words_gap(doc->words, &about);
    gz_words_fill(doc->words, &about, "split.about",
                  (const struct gz_str[]){ gz_arena_printf(arena, "%zu", body) }, 1);
    copy->about = gz_arena_dup(arena, gz_buf_str(&about));
    gz_buf_release(&about);
    return copy;
}

// What is of the unit, and of the whole without any unit in it.
static bool
take_item(const struct gz_doc *doc, const struct gz_section *s, struct gz_item *item,
          struct gz_str unit, struct gz_arena *arena)
{
    size_t c;

    if (item->type == GZ_ITEM_FACTS)
        return true;
    if (item->type != GZ_ITEM_TABLE)
        return false;
    if (gz_str_starts(s->name, GZ_STR("origin")))
        return gz_str_starts(item->table->name, GZ_STR("definitions")) ||
               gz_str_starts(item->table->name, GZ_STR("conditions"));
    c = unit_column(item->table);
    if (c < item->table->columns) {
        item->table = own_rows(doc, item->table, c, unit, arena);
        return item->table->rows > 0;
    }
    return gz_str_starts(s->name, GZ_STR("overview"));
}

void
gz_split_doc(const struct gz_doc *doc, struct gz_str unit, struct gz_arena *arena,
             struct gz_doc *out)
{
    *out = *doc;
    out->title = gz_say(doc->words, arena, "split.title", unit, doc->title);
    out->first = out->last = NULL;
    out->headlines = out->sentences = out->warnings = 0;
    for (const struct gz_section *s = doc->first; s; s = s->next) {
        struct gz_section *mine = NULL;

        for (const struct gz_item *i = s->first; i; i = i->next) {
            struct gz_item item = *i;

            item.next = NULL;
            if (!take_item(doc, s, &item, unit, arena))
                continue;
            if (!mine)
                mine = gz_doc_section(out, arena, s->name, s->title);
            gz_section_add(mine, arena, item);
        }
    }
}

struct gz_str
gz_split_name(struct gz_arena *arena, struct gz_str unit)
{
    enum { MOST = 120 };
    struct gz_buf name = { 0 };
    struct gz_str s;

    for (size_t at = 0; at < unit.len && name.len < MOST - 4;) {
        uint32_t c = gz_utf8_next(unit, &at);
        bool bad = c < 0x21 || c == 0x7f ||
                   (c < 0x80 && strchr("/\\:*?\"<>|&;$`'", (int)c)) ||
                   (name.len == 0 && (c == '.' || c == '-'));

        gz_utf8_put(&name, bad ? '_' : c);
    }
    if (name.len == 0)
        gz_buf_char(&name, '_');
    s = gz_arena_dup(arena, gz_buf_str(&name));
    gz_buf_release(&name);
    return s;
}
