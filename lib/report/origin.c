// SPDX-License-Identifier: MIT
// Whether the input is whole, where it comes from, and how each count is defined.
#include "report/build.h"

static struct gz_str
decimal(struct gz_build *b, gz_i128 n)
{
    return gz_arena_printf(b->arena, "%lld", (long long)n);
}

// ---- is it whole? ----

static void
add_text(struct gz_build *b, struct gz_str **list, size_t *count, struct gz_str text)
{
    size_t cap = *count;
    struct gz_str *more = gz_arena_grow(b->arena, *list, &cap, *count + 1, sizeof *more);

    for (size_t i = 0; i < *count; i++)
        if (gz_str_eq((*list)[i], text))
            return;
    more[(*count)++] = text;
    *list = more;
}

static void
missing(struct gz_build *b, const char *say, struct gz_lack lack)
{
    size_t before = b->doc->missings, cap = before;

    add_text(b, &b->doc->missing, &b->doc->missings,
             gz_say(b->words, b->arena, say, lack.name, decimal(b, (gz_i128)lack.begun),
                    decimal(b, (gz_i128)lack.ended)));
    if (b->doc->missings == before)
        return;
    b->doc->lack = gz_arena_grow(b->arena, b->doc->lack, &cap, before + 1, sizeof lack);
    b->doc->lack[before] = lack;
}

static void
warning(struct gz_build *b, struct gz_str text)
{
    add_text(b, &b->doc->warning, &b->doc->warnings, text);
}

static void
tally_missing(struct gz_build *b, const struct gz_tally *t)
{
    size_t first, end;

    if (!gz_tally_complete(t))
        missing(b, "missing.tally",
                (struct gz_lack){ GZ_LACK_TALLY, t->id, t->heads, t->ends });
    gz_tally_table(t, GZ_STR("_source"), &first, &end);
    for (size_t i = first; i < end; i++) {
        const struct gz_row *r = &t->row[i];
        gz_i128 begun = gz_tally_number(t, r, "begun"),
                ended = gz_tally_number(t, r, "ended");

        if (begun > ended)
            missing(b, "missing.source",
                    (struct gz_lack){ GZ_LACK_SOURCE, r->key[0], (uint64_t)begun,
                                      (uint64_t)ended });
    }
    if (first == end)
        warning(b, gz_words_get(b->words, "warn.origin"));
}

void
gz_build_missing(struct gz_build *b)
{
    const struct gz_tally *t = b->book->tally[0];
    size_t first, end;
    gz_i128 rejects = 0;

    for (size_t i = 0; i < b->book->tallies; i++)
        tally_missing(b, b->book->tally[i]);
    // Of the tally reported on: the others may well be of the same input.
    gz_tally_table(t, GZ_STR("_reject"), &first, &end);
    for (size_t r = first; r < end; r++)
        rejects += gz_tally_number(t, &t->row[r], "n");
    if (rejects)
        warning(b, gz_say(b->words, b->arena, "warn.rejects", decimal(b, rejects)));
    if (b->reading->bad)
        warning(b, gz_say(b->words, b->arena, "warn.bad",
                          decimal(b, (gz_i128)b->reading->bad)));
}

// ---- sources and rejects ----

// A table of our own as a grid: its keys, then the measures named.
static const struct gz_grid *
meta_grid(struct gz_build *b, const char *table, const char *name,
          const char *const *keys, size_t key_count, const char *const *measure,
          size_t measures)
{
    const struct gz_tally *t = b->book->tally[0];
    size_t first, end, columns = key_count + measures;
    struct gz_grid_column *column =
        gz_arena_new(b->arena, struct gz_grid_column, columns + 1);
    struct gz_grid *g;

    gz_tally_table(t, gz_str_of(table), &first, &end);
    for (size_t c = 0; c < columns; c++) {
        const char *key = c < key_count ? keys[c] : measure[c - key_count];

        column[c] = (struct gz_grid_column){
            .key = gz_str_of(key),
            .caption = gz_words_in(b->words, "name", gz_str_of(key)),
            .type = c < key_count ? GZ_GRID_TEXT : GZ_GRID_COUNT
        };
    }
    g = gz_grid_new(b->arena, gz_build_name(b, gz_str_of(name), ""), column, columns,
                    end - first);
    g->keys = key_count < 2 ? key_count : 1;
    g->caption = gz_words_in(b->words, "table", gz_str_of(name));
    g->about = gz_words_in(b->words, "table.about", gz_str_of(name));
    for (size_t i = first; i < end; i++)
        for (size_t c = 0; c < columns; c++) {
            const struct gz_row *r = &t->row[i];

            g->row[i - first].cell[c] =
                c >= key_count
                    ? gz_grid_cell_figure(
                          GZ_GRID_COUNT,
                          gz_figure_count(gz_tally_number(t, r, measure[c - key_count])))
                : c < r->key_count ? gz_grid_cell_text(r->key[c])
                                   : (struct gz_grid_cell){ .type = GZ_GRID_EMPTY };
        }
    return g;
}

static void
add_meta(struct gz_build *b, struct gz_section *s)
{
    static const char *const src[] = { "src" };
    static const char *const counts[] = { "rows",    "used",       "rejected",
                                          "skipped", "superseded", "records" };
    static const char *const brief[] = { "records", "rejected", "superseded",
                                         "unaccounted" };
    static const char *const layout[] = { "src", "layout", "layout_hash", "privacy" };
    static const char *const encoding[] = { "src", "encoding" };
    static const char *const skip[] = { "src", "code" };
    static const char *const reject[] = { "src", "stage", "code" };
    static const char *const kind[] = { "rec" };
    static const char *const field[] = { "rec", "field" };
    static const char *const filled[] = { "sources", "present" };
    static const char *const kinds[] = { "n", "unread" };
    static const char *const n[] = { "n" };
    bool full = b->book->plan->full_account;
    const struct gz_grid *g[] = {
        meta_grid(b, "_source", "sources", src, 1, full ? counts : brief, full ? 6 : 4),
        meta_grid(b, "_layout", "layouts", layout, 4, n, 1),
        meta_grid(b, "_encoding", "encodings", encoding, 2, n, 1),
        meta_grid(b, "_skip", "skips", skip, 2, n, 1),
        meta_grid(b, "_reject", "rejects", reject, 3, n, 1),
        meta_grid(b, "_kind", "kinds", kind, 1, kinds, 2),
        full ? meta_grid(b, "_field", "fields", field, 2, filled, 2) : NULL,
    };

    for (size_t i = 0; i < GZ_COUNT(g); i++)
        if (g[i] && g[i]->rows)
            gz_build_add_table(b, s, g[i]);
}

// ---- definitions ----

// The dates that decide, with what stands in for the first.
static struct gz_str
counted_by(struct gz_build *b, const struct gz_table *t, const struct gz_measure *m)
{
    struct gz_buf text = { 0 };
    struct gz_str s;

    if (m->at.len)
        gz_buf_add(&text, gz_book_field(b->book, t->rec, m->at));
    if (m->or_at.len) {
        gz_buf_cstr(&text, " / ");
        gz_buf_add(&text, gz_book_field(b->book, t->rec, m->or_at));
    }
    s = gz_arena_dup(b->arena, gz_buf_str(&text));
    gz_buf_release(&text);
    return s;
}

static struct gz_str
counted_what(struct gz_build *b, const struct gz_table *t, const struct gz_measure *m)
{
    static const char *const key[] = { "what.count", "what.sum", "what.duration",
                                       "what.distinct" };
    struct gz_str from = gz_book_field(b->book, t->rec, m->field[0]);
    struct gz_str to = gz_book_field(b->book, t->rec, m->field[1]);

    return gz_say(b->words, b->arena, key[m->kind], from, to);
}

static void
add_definitions(struct gz_build *b, struct gz_section *s)
{
    static const char *const name[] = { "table", "measure", "what",
                                        "by",    "window",  "where" };
    struct gz_grid_column *column = gz_arena_new(b->arena, struct gz_grid_column, 6);
    const struct gz_plan *p = b->book->plan;
    struct gz_grid *g;
    size_t rows = 0;

    for (size_t i = 0; i < p->table_count; i++)
        rows += p->table[i].measure_count;
    for (size_t c = 0; c < 6; c++)
        column[c] = (struct gz_grid_column){ .key = gz_str_of(name[c]),
                                             .caption = gz_words_in(b->words, "def",
                                                                    gz_str_of(name[c])),
                                             .type = GZ_GRID_TEXT };
    g = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("definitions"), ""), column, 6,
                    rows);
    g->keys = 1;
    g->caption = gz_words_get(b->words, "table.definitions");
    g->about = gz_words_get(b->words, "table.about.definitions");
    rows = 0;
    for (size_t i = 0; i < p->table_count; i++) {
        const struct gz_table *t = &p->table[i];

        for (size_t m = 0; m < t->measure_count; m++, rows++) {
            const struct gz_measure *def = &t->measure[m];
            struct gz_grid_cell *cell = g->row[rows].cell;

            cell[0] = gz_grid_cell_text(gz_book_caption(b->book, t->zh, t->en, t->name));
            cell[1] =
                gz_grid_cell_text(gz_book_caption(b->book, def->zh, def->en, def->name));
            cell[2] = gz_grid_cell_text(counted_what(b, t, def));
            cell[3] = gz_grid_cell_text(counted_by(b, t, def));
            cell[4] = gz_grid_cell_text(def->window);
            if (def->where)
                cell[5] = gz_grid_cell_text(gz_json_raw(def->where));
        }
    }
    gz_build_add_table(b, s, g);
}

static void
add_conditions(struct gz_build *b, struct gz_section *s)
{
    const gz_json *list = gz_json_get(gz_json_root(b->book->scheme->doc), "conditions");
    struct gz_grid_column *column = gz_arena_new(b->arena, struct gz_grid_column, 2);
    struct gz_grid *g;

    column[0] = (struct gz_grid_column){ .key = GZ_STR("name"),
                                         .caption = gz_words_get(b->words, "def.name"),
                                         .type = GZ_GRID_TEXT };
    column[1] = (struct gz_grid_column){ .key = GZ_STR("where"),
                                         .caption = gz_words_get(b->words, "def.where"),
                                         .type = GZ_GRID_TEXT };
    g = gz_grid_new(b->arena, gz_build_name(b, GZ_STR("conditions"), ""), column, 2,
                    gz_json_count(list));
    g->keys = 1;
    g->caption = gz_words_get(b->words, "table.conditions");
    g->about = gz_words_get(b->words, "table.about.conditions");
    for (size_t i = 0; i < g->rows; i++) {
        g->row[i].cell[0] = gz_grid_cell_text(gz_json_key(list, i));
        g->row[i].cell[1] = gz_grid_cell_text(gz_json_raw(gz_json_at(list, i)));
    }
    if (g->rows)
        gz_build_add_table(b, s, g);
}

// The period by name, and from when to when it goes: assessment months need not be those
// of the calendar.
static struct gz_str
period_text(struct gz_build *b)
{
    struct gz_str period =
        b->book->period.len ? b->book->period : b->book->tally[0]->period;
    const struct gz_window *w = &b->book->scheme->period;
    struct gz_str name = gz_book_period(b->book, period), edge[2];
    enum gz_period_kind kind;
    int32_t number;

    if (!period.len || !gz_period_parse(period, &kind, &number) ||
        kind == GZ_PERIOD_ALL || kind != w->kind)
        return period.len ? name : b->doc->period;
    for (int i = 0; i < 2; i++) {
        struct gz_time t = { .sec = i ? gz_window_end(w, number) - 60
                                      : gz_window_start(w, number),
                             .offset_min = GZ_NO_OFFSET,
                             .prec = GZ_PREC_MINUTE };
        char text[32];

        edge[i] =
            gz_arena_dup(b->arena, (struct gz_str){ text, gz_time_format(t, text) });
    }
    return gz_say(b->words, b->arena, "fact.window", name, edge[0], edge[1]);
}

// ---- the section ----

struct facts {
    struct gz_build *b;
    struct gz_fact fact[16];
    size_t count;
};

static void
fact(struct facts *f, const char *key, struct gz_str text)
{
    if (text.len && f->count < GZ_COUNT(f->fact))
        f->fact[f->count++] =
            (struct gz_fact){ gz_words_in(f->b->words, "fact", gz_str_of(key)), text };
}

static struct gz_str
scheme_text(struct gz_build *b)
{
    const struct gz_scheme *s = b->book->scheme;

    return gz_say(b->words, b->arena, "fact.named",
                  gz_book_caption(b->book, s->title_zh, s->title_en, s->name), s->name);
}

static void
base_facts(struct facts *f)
{
    const struct gz_book *book = f->b->book;

    for (size_t i = 0; i < book->bases; i++) {
        const struct gz_base *base = &book->base[i];
        struct gz_str when = gz_book_period(f->b->book, base->period);

        fact(f, base->name,
             base->present ? when
                           : gz_say(f->b->words, f->b->arena, "fact.no_base", when));
    }
}

void
gz_build_origin(struct gz_build *b)
{
    const struct gz_book *book = b->book;
    const struct gz_tally *t = book->tally[0];
    struct gz_section *s =
        gz_doc_section(b->doc, b->arena, gz_build_name(b, GZ_STR("origin"), ""),
                       gz_words_get(b->words, "section.origin"));
    struct facts f = { .b = b };
    struct gz_fact *copy;

    fact(&f, "plan",
         gz_say(b->words, b->arena, "fact.named",
                gz_book_caption(book, book->plan->zh, book->plan->en, book->plan->name),
                book->plan->name));
    fact(&f, "scheme", scheme_text(b));
    fact(&f, "note",
         b->words->lang == GZ_LANG_ZH ? book->scheme->note_zh : book->scheme->note_en);
    fact(&f, "period", period_text(b));
    fact(&f, "as_of", t->as_of.len ? t->as_of : gz_words_get(b->words, "fact.no_as_of"));
    base_facts(&f);
    fact(&f, "rounding",
         gz_words_get(b->words, book->scheme->rounding == GZ_ROUND_HALF_EVEN
                                    ? "fact.half_even"
                                    : "fact.half_up"));
    fact(&f, "tally", t->id);
    fact(&f, "tool", b->doc->tool);
    copy = gz_arena_new(b->arena, struct gz_fact, f.count + 1);
    memcpy(copy, f.fact, f.count * sizeof *copy);
    gz_section_add(
        s, b->arena,
        (struct gz_item){ .type = GZ_ITEM_FACTS, .fact = copy, .count = f.count });
    add_meta(b, s);
    add_definitions(b, s);
    add_conditions(b, s);
}
