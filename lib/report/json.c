// SPDX-License-Identifier: MIT
// Figures are written digit by digit as JSON numbers: a library would pass them through a
// double.
#include "record/writer.h"
#include "report/render.h"

static const char *
type_name(enum gz_grid_type type)
{
    switch (type) {
    case GZ_GRID_COUNT:
        return "count";
    case GZ_GRID_PERCENT:
        return "percent";
    case GZ_GRID_CHANGE:
        return "change";
    case GZ_GRID_STEP:
        return "step";
    case GZ_GRID_SCORE:
        return "score";
    case GZ_GRID_RANK:
        return "rank";
    case GZ_GRID_DAYS:
        return "days";
    case GZ_GRID_HOURS:
        return "hours";
    case GZ_GRID_EMPTY:
    case GZ_GRID_TEXT:
        return "text";
    }
    return "text";
}

static void
key(struct gz_buf *out, const char *name)
{
    gz_buf_char(out, '"');
    gz_buf_cstr(out, name);
    gz_buf_lit(out, "\":");
}

static void
member(struct gz_buf *out, const char *name, struct gz_str value)
{
    key(out, name);
    gz_write_string(out, value);
    gz_buf_char(out, ',');
}

// Take back the comma after the last member, and close.
static void
end(struct gz_buf *out, char closing)
{
    if (out->len && out->ptr[out->len - 1] == ',')
        out->len--;
    gz_buf_char(out, closing);
}

static void
strings(struct gz_buf *out, const char *name, const struct gz_str *s, size_t count)
{
    key(out, name);
    gz_buf_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        gz_write_string(out, s[i]);
        gz_buf_char(out, ',');
    }
    end(out, ']');
    gz_buf_char(out, ',');
}

static void
put_value(struct gz_buf *out, const struct gz_grid_cell *cell)
{
    if (cell->type == GZ_GRID_TEXT)
        gz_write_string(out, cell->text);
    else if (gz_grid_cell_is_figure(cell->type) && cell->figure.known)
        gz_grid_cell_put_plain(out, cell);
    else
        gz_buf_lit(out, "null");
}

static void
put_row(struct gz_buf *out, const struct gz_grid *t, const struct gz_grid_row *row)
{
    static const char *const role[] = { "body", "pooled", "mean", "total" };
    bool notes = false, approx = false;

    gz_buf_char(out, '{');
    member(out, "role", gz_str_of(role[row->role]));
    key(out, "cells");
    gz_buf_char(out, '[');
    for (size_t c = 0; c < t->columns; c++) {
        put_value(out, &row->cell[c]);
        gz_buf_char(out, ',');
        notes |= row->cell[c].note != 0;
        approx |= row->cell[c].approx;
    }
    end(out, ']');
    if (notes) {
        gz_buf_lit(out, ",\"notes\":{");
        for (size_t c = 0; c < t->columns; c++)
            if (row->cell[c].note) {
                gz_write_string(out, t->column[c].key);
                gz_buf_printf(out, ":%u,", row->cell[c].note);
            }
        end(out, '}');
    }
    if (approx) {
        gz_buf_lit(out, ",\"approx\":[");
        for (size_t c = 0; c < t->columns; c++)
            if (row->cell[c].approx) {
                gz_write_string(out, t->column[c].key);
                gz_buf_char(out, ',');
            }
        end(out, ']');
    }
    gz_buf_lit(out, "},\n");
}

static void
put_table(struct gz_buf *out, const struct gz_section *s, const struct gz_grid *t)
{
    gz_buf_char(out, '{');
    member(out, "name", t->name);
    member(out, "section", s->name);
    member(out, "caption", t->caption);
    member(out, "about", t->about);
    gz_buf_printf(out, "\"multi\":%s,\"heat\":%s,\"keys\":%zu,\"columns\":[\n",
                  t->multi ? "true" : "false", t->heat ? "true" : "false", t->keys);
    for (size_t c = 0; c < t->columns; c++) {
        gz_buf_char(out, '{');
        member(out, "key", t->column[c].key);
        member(out, "caption", t->column[c].caption);
        member(out, "about", t->column[c].about);
        member(out, "type", gz_str_of(type_name(t->column[c].type)));
        end(out, '}');
        gz_buf_char(out, ',');
    }
    end(out, ']');
    gz_buf_lit(out, ",\n\"rows\":[\n");
    for (size_t r = 0; r < t->rows; r++)
        put_row(out, t, &t->row[r]);
    if (t->rows)
        out->len -= 2; // the comma and line end of the last row
    gz_buf_lit(out, "],\n");
    strings(out, "notes", t->note, t->notes);
    end(out, '}');
    gz_buf_lit(out, ",\n");
}

static void
put_chart(struct gz_buf *out, const struct gz_chart *c)
{
    static const char *const type[] = { "lines", "bars",   "steps", "bins",
                                        "flows", "ranges", "tiles" };

    gz_buf_char(out, '{');
    member(out, "type", gz_str_of(type[c->type]));
    member(out, "caption", c->caption);
    member(out, "table", c->table->name);
    member(out, "label", c->table->column[c->label].key);
    key(out, "values");
    gz_buf_char(out, '[');
    for (size_t i = 0; i < c->values; i++) {
        gz_write_string(out, c->table->column[c->value[i]].key);
        gz_buf_char(out, ',');
    }
    end(out, ']');
    end(out, '}');
    gz_buf_lit(out, ",\n");
}

static void
put_checks(struct gz_buf *out, const struct gz_check *check, size_t count)
{
    static const char *const state[] = { "ok", "wrong", "open" };

    for (size_t i = 0; i < count; i++) {
        gz_buf_char(out, '{');
        member(out, "name", check[i].name);
        member(out, "left", check[i].left);
        member(out, "right", check[i].right);
        member(out, "state", gz_str_of(state[check[i].state]));
        member(out, "note", check[i].note);
        end(out, '}');
        gz_buf_lit(out, ",\n");
    }
}

static void
put_facts(struct gz_buf *out, const struct gz_fact *fact, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gz_buf_char(out, '{');
        member(out, "name", fact[i].name);
        member(out, "text", fact[i].text);
        end(out, '}');
        gz_buf_lit(out, ",\n");
    }
}

// Every item of one type, in document order, as a member that is an array.
static void
put_items(struct gz_buf *out, const struct gz_doc *doc, const char *name,
          enum gz_item_type type)
{
    key(out, name);
    gz_buf_lit(out, "[\n");
    for (const struct gz_section *s = doc->first; s; s = s->next)
        for (const struct gz_item *i = s->first; i; i = i->next) {
            if (i->type != type)
                continue;
            if (type == GZ_ITEM_TABLE)
                put_table(out, s, i->table);
            else if (type == GZ_ITEM_CHART)
                put_chart(out, i->chart);
            else if (type == GZ_ITEM_CHECKS)
                put_checks(out, i->check, i->count);
            else if (type == GZ_ITEM_FACTS)
                put_facts(out, i->fact, i->count);
        }
    if (out->ptr[out->len - 2] == ',')
        out->len -= 2;
    gz_buf_lit(out, "],\n");
}

static void
put_front(struct gz_buf *out, const struct gz_doc *doc)
{
    gz_buf_lit(out, "\"headlines\":[");
    for (size_t i = 0; i < doc->headlines; i++) {
        const struct gz_headline *h = &doc->headline[i];

        gz_buf_char(out, '{');
        member(out, "name", h->name);
        key(out, "value");
        put_value(out, &h->cell);
        gz_buf_char(out, ',');
        member(out, "unit", h->unit);
        member(out, "change", h->change);
        member(out, "table", h->table);
        end(out, '}');
        gz_buf_char(out, ',');
    }
    end(out, ']');
    gz_buf_lit(out, ",\n\"summary\":[");
    for (size_t i = 0; i < doc->sentences; i++) {
        gz_buf_char(out, '{');
        member(out, "text", doc->sentence[i].text);
        member(out, "table", doc->sentence[i].table);
        end(out, '}');
        gz_buf_char(out, ',');
    }
    end(out, ']');
    gz_buf_lit(out, ",\n");
}

void
gz_render_json(const struct gz_doc *doc, struct gz_buf *out)
{
    gz_buf_lit(out, "{\"v\":1,");
    member(out, "tool", doc->tool);
    member(out, "lang", gz_str_of(doc->words->lang == GZ_LANG_ZH ? "zh" : "en"));
    member(out, "title", doc->title);
    member(out, "period", doc->period);
    member(out, "scheme", doc->scheme);
    gz_buf_printf(out, "\"example\":%s,\"complete\":%s,\n",
                  doc->example ? "true" : "false", doc->missings ? "false" : "true");
    strings(out, "missing", doc->missing, doc->missings);
    strings(out, "warnings", doc->warning, doc->warnings);
    put_front(out, doc);
    put_items(out, doc, "tables", GZ_ITEM_TABLE);
    put_items(out, doc, "charts", GZ_ITEM_CHART);
    put_items(out, doc, "checks", GZ_ITEM_CHECKS);
    put_items(out, doc, "provenance", GZ_ITEM_FACTS);
    out->len -= 2; // the comma and line end of the last member
    gz_buf_lit(out, "}\n");
}
