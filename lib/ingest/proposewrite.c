// SPDX-License-Identifier: MIT
// A proposal as a layout, the document that gz-layout(5) describes.
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/propose.h"
#include "record/writer.h"

enum { WRAP = 96, MAX_VALUES = 60 };

// Strings apart by commas, in lines of about WRAP columns.
struct list {
    struct gz_buf *out;
    const char *indent; // of the lines behind the first
    size_t from;        // where the line begins
    size_t items;
};

static void
list_next(struct list *l)
{
    if (l->items++)
        gz_buf_cstr(l->out, ", ");
    if (l->out->len - l->from < WRAP)
        return;
    l->out->len--; // no blank at the end of a line
    gz_buf_char(l->out, '\n');
    l->from = l->out->len;
    gz_buf_cstr(l->out, l->indent);
}

static void
put_string(struct gz_buf *out, const char *key, struct gz_str value)
{
    gz_buf_printf(out, "  \"%s\": ", key);
    gz_write_string(out, value);
    gz_buf_cstr(out, ",\n");
}

// ---- the head ----

static void
put_nulls(const struct gz_proposal *p, struct gz_buf *out)
{
    struct gz_map all = { 0 };
    struct list l = { out, "            ", out->len, 0 };

    for (size_t c = 0; c < p->count; c++)
        for (uint32_t i = 0; i < p->column[c].e->nothing.count; i++)
            gz_map_put(&all, p->column[c].e->nothing.keys[i], NULL);
    gz_buf_cstr(out, all.count ? "  \"nulls\": [" : "");
    for (uint32_t i = 0; i < all.count; i++) {
        list_next(&l);
        gz_write_string(out, all.keys[i]);
    }
    gz_buf_cstr(out, all.count ? "],\n" : "");
    gz_map_release(&all);
}

static void
put_contacts(const struct gz_proposal *p, bool key, struct gz_buf *out)
{
    struct list l = { out, "    ", out->len, 0 };

    for (size_t c = 0; c < p->count; c++)
        if (p->column[c].role == GZ_PROPOSE_CONTACT && p->column[c].key == key) {
            if (!l.items)
                gz_buf_printf(out, "  \"%s\": [", key ? "contact_keys" : "contacts");
            list_next(&l);
            gz_write_string(out, p->column[c].ref);
        }
    gz_buf_cstr(out, l.items ? "],\n" : "");
}

// The fields without which a table is not of this source.
static void
put_need(const struct gz_proposal *p, struct gz_buf *out)
{
    static const char *const best[] = { "received_at", "category_given", "text", "title",
                                        "status" };
    const struct gz_str id = p->kind->field[0].name;
    struct list l = { out, "", out->len, 0 };

    for (size_t b = 0; b <= GZ_COUNT(best) && l.items < 3; b++)
        for (size_t c = 0; c < p->count; c++) {
            const struct gz_propose_column *col = &p->column[c];

            if (col->role != GZ_PROPOSE_FIELD || col->joined ||
                !(b ? gz_str_is(col->field->name, best[b - 1])
                    : gz_str_eq(col->field->name, id)))
                continue;
            gz_buf_cstr(out, l.items ? "" : "  \"need\": [");
            list_next(&l);
            gz_write_string(out, col->field->name);
        }
    gz_buf_cstr(out, l.items ? "],\n" : "");
}

// The names of the columns of a file without a header.
static void
put_columns_of_file(const struct gz_proposal *p, struct gz_buf *out)
{
    struct list l = { out, "              ", out->len, 0 };

    gz_buf_cstr(out, "  \"columns\": [");
    for (size_t c = 0; c < p->count; c++) {
        list_next(&l);
        gz_write_string(out, p->column[c].column->name);
    }
    gz_buf_cstr(out, "],\n");
}

// ---- fields ----

static struct gz_str
flipped(struct gz_str to)
{
    return gz_str_is(to, "yes") ? GZ_STR("no") : gz_str_is(to, "no") ? GZ_STR("yes") : to;
}

static bool
has_han(struct gz_str s)
{
    for (size_t at = 0; at < s.len;)
        if (gz_utf8_is_han(gz_utf8_next(s, &at)))
            return true;
    return false;
}

static void
put_pair(struct list *l, struct gz_str from, struct gz_str to)
{
    list_next(l);
    gz_write_string(l->out, from);
    gz_buf_cstr(l->out, ": ");
    gz_write_string(l->out, to);
}

static void
put_map(const struct gz_proposal *p, const struct gz_propose_column *c,
        struct gz_buf *out)
{
    struct list l = { out, "               ", out->len, 0 };
    const struct gz_map *seen = &c->e->values;
    struct gz_map done = { 0 };
    const struct gz_vocab *v = p->vocab;
    struct gz_str prefix =
        gz_arena_printf(p->arena, GZ_STR_FMT "/", GZ_STR_ARG(c->field->name));

    gz_buf_cstr(out, "\n      \"map\": { ");
    for (uint32_t i = 0; i < seen->count && i < MAX_VALUES; i++) {
        struct gz_str to = gz_vocab_value(v, c->field, seen->keys[i]);

        if (!to.ptr)
            continue;
        gz_map_put(&done, gz_fold_name(seen->keys[i], p->arena), NULL);
        put_pair(&l, seen->keys[i], c->reversed ? flipped(to) : to);
    }
    // Later rows may have words that the first have not.
    for (uint32_t i = 0; i < v->general && !c->reversed; i++) {
        struct gz_str key = v->value.keys[i], word = gz_str_from(key, prefix.len);

        if (gz_str_starts(key, prefix) && has_han(word) == (c->e->han > 0) &&
            gz_map_get(&done, word) == GZ_MAP_NONE)
            put_pair(&l, word, v->to[i]);
    }
    gz_buf_cstr(out, " }");
    gz_map_release(&done);
}

static void
put_dates(const struct gz_propose_column *c, struct gz_buf *out)
{
    if (c->date[1])
        gz_buf_printf(out, ", \"date\": [\"%s\", \"%s\"]", c->date[0], c->date[1]);
    else if (c->date[0])
        gz_buf_printf(out, ", \"date\": \"%s\"", c->date[0]);
    if (c->lenient)
        gz_buf_cstr(out, ", \"lenient\": true");
}

// The columns of a category, the widest first; of a time, the day and the clock.
static void
put_columns(const struct gz_proposal *p, const struct gz_propose_column *c,
            struct gz_buf *out)
{
    bool several = c->clock >= 0;
    size_t n = 0;

    for (size_t i = 0; i < p->count; i++)
        several |= p->column[i].joined && p->column[i].field == c->field;
    if (!several) {
        gz_buf_cstr(out, "\"from\": ");
        gz_write_string(out, c->ref);
        return;
    }
    gz_buf_cstr(out, "\"join\": [");
    if (c->clock >= 0) {
        gz_write_string(out, c->ref);
        gz_buf_cstr(out, ", ");
        gz_write_string(out, p->column[c->clock].ref);
    }
    for (int level = 1; c->clock < 0 && level < 8; level++)
        for (size_t i = 0; i < p->count; i++)
            if (p->column[i].role == GZ_PROPOSE_FIELD && p->column[i].field == c->field &&
                p->column[i].level == level && n < GZ_LAYOUT_PARTS) {
                gz_buf_cstr(out, n++ ? ", " : "");
                gz_write_string(out, p->column[i].ref);
            }
    gz_buf_cstr(out, c->clock >= 0 ? "]" : "], \"with\": \"->\"");
}

static void
put_paths(const struct gz_propose_column *c, struct gz_buf *out)
{
    const struct gz_evidence *e = c->e;
    size_t n = 0;

    for (size_t i = 0; i < GZ_EVIDENCE_PATHS; i++) {
        // '>' is in "->"; '/' stands in many names of categories.
        bool sure = gz_evidence_most(e, e->paths[i], i < 3 ? 10 : 80);

        if (!sure || (i == 3 && e->paths[0] + e->paths[1]))
            continue;
        gz_buf_cstr(out, n++ ? ", " : ", \"path\": [");
        gz_write_string(out, gz_str_of(gz_evidence_path[i]));
    }
    gz_buf_cstr(out, n ? "]" : "");
}

static void
put_field(const struct gz_proposal *p, const struct gz_propose_column *c,
          struct gz_buf *out)
{
    const char *raw = gz_str_is(c->field->name, "status") ? "status_raw"
                      : gz_str_is(c->field->name, "kind") ? "kind_raw"
                                                          : NULL;

    gz_buf_cstr(out, "    ");
    gz_write_string(out, c->field->name);
    gz_buf_cstr(out, ": { ");
    put_columns(p, c, out);
    if (gz_str_is(c->field->name, "category_given"))
        put_paths(c, out);
    if (c->field->type == GZ_FIELD_LIST)
        gz_buf_cstr(out, ", \"split\": [\",\", \"，\", \"、\", \";\", \"；\"]");
    if (c->field->type == GZ_FIELD_TIME)
        put_dates(c, out);
    if (c->field->type == GZ_FIELD_ENUM || c->field->type == GZ_FIELD_YN) {
        if (raw && gz_kind_field(p->kind, gz_str_of(raw)))
            gz_buf_printf(out, ", \"raw\": \"%s\"", raw);
        gz_buf_char(out, ',');
        put_map(p, c, out);
    }
    gz_buf_cstr(out, " }");
}

// ---- all of it ----

static void
put_reasons(const struct gz_proposal *p, struct gz_buf *out)
{
    gz_buf_cstr(out, "  \"why\": {\n");
    for (size_t c = 0; c < p->count; c++) {
        const struct gz_propose_column *col = &p->column[c];

        gz_buf_cstr(out, c ? ",\n    " : "    ");
        gz_write_string(out, col->ref);
        gz_buf_cstr(out, ": ");
        gz_write_string(out, col->why);
    }
    gz_buf_cstr(out, "\n  }\n");
}

void
gz_propose_write(const struct gz_proposal *p, struct gz_str name, struct gz_str about,
                 struct gz_str under, bool columns, struct gz_buf *out)
{
    size_t n = 0;

    gz_buf_cstr(out, "{\n");
    put_string(out, "layout", name);
    put_string(out, "about", about);
    put_string(out, "rec", p->kind->name);
    if (under.len)
        put_string(out, "under", under);
    if (columns)
        put_columns_of_file(p, out);
    else
        put_need(p, out);
    put_nulls(p, out);
    put_contacts(p, false, out);
    put_contacts(p, true, out);
    gz_buf_cstr(out, "  \"fields\": {\n");
    for (size_t f = 0; f < p->kind->count; f++)
        for (size_t c = 0; c < p->count; c++) {
            const struct gz_propose_column *col = &p->column[c];

            if (col->role != GZ_PROPOSE_FIELD || col->joined ||
                col->field != &p->kind->field[f])
                continue;
            gz_buf_cstr(out, n++ ? ",\n" : "");
            put_field(p, col, out);
        }
    gz_buf_cstr(out, n ? "\n  },\n" : "  },\n");
    put_reasons(p, out);
    gz_buf_cstr(out, "}\n");
}
