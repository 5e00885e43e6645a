// SPDX-License-Identifier: MIT
#include "report/book.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "record/cursor.h"

// ---- opening ----

struct label {
    struct gz_str zh;
    struct gz_str en;
    struct gz_str parent;
    struct gz_str population;
    struct gz_str population_on;
    struct gz_str population_source;
};

static void
take_label(void *ctx, const struct gz_member *m)
{
    struct label *l = ctx;

    if (gz_str_is(m->key, "zh"))
        l->zh = m->raw;
    else if (gz_str_is(m->key, "en"))
        l->en = m->raw;
    else if (gz_str_is(m->key, "parent"))
        l->parent = m->raw;
    else if (gz_str_is(m->key, "population"))
        l->population = m->raw;
    else if (gz_str_is(m->key, "population_on"))
        l->population_on = m->raw;
    else if (gz_str_is(m->key, "population_source"))
        l->population_source = m->raw;
}

static struct gz_str
label_key(struct gz_arena *arena, struct gz_str dim, struct gz_str value)
{
    struct gz_buf b = { gz_arena_alloc(arena, dim.len + value.len + 2, 1, 1), 0,
                        dim.len + value.len + 2 };

    gz_buf_add(&b, dim);
    gz_buf_char(&b, '\n');
    gz_buf_add(&b, value);
    return gz_buf_str(&b);
}

// A label's names stand in its line as JSON strings.
static struct gz_str
label_text(struct gz_book *b, struct gz_str value, struct gz_str line)
{
    struct gz_buf object = { 0 };
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err ignored = { 0 };
    struct label l = { .zh = { NULL, 0 } };
    uint64_t people;

    gz_buf_char(&object, '{');
    gz_buf_add(&object, line.len && line.ptr[0] == ',' ? gz_str_from(line, 1) : line);
    gz_buf_char(&object, '}');
    gz_cursor_open(&c, gz_buf_str(&object), b->arena);
    while (gz_cursor_next(&c, &m, &ignored) == GZ_CURSOR_MEMBER) {
        struct gz_member text = m;

        text.raw = gz_arena_dup(b->arena, gz_member_text(&m, b->arena));
        take_label(&l, &text);
    }
    gz_buf_release(&object);
    if (b->people && gz_num_u64(l.population, &people) && people > 0 &&
        people < INT64_MAX)
        gz_people_add(b->people, (struct gz_people_row){ .name = value,
                                                         .parent = l.parent,
                                                         .population = (int64_t)people,
                                                         .from = l.population_on,
                                                         .source = l.population_source });
    return b->words->lang == GZ_LANG_ZH ? l.zh : l.en;
}

static void
read_labels(struct gz_book *b)
{
    size_t cap = 0;

    for (size_t i = 0; i < b->tallies; i++)
        for (size_t k = 0; k < b->tally[i]->label_count; k++) {
            const struct gz_label *l = &b->tally[i]->label[k];
            struct gz_str text = label_text(b, l->value, l->line);
            bool added;
            uint32_t n =
                gz_map_put(&b->label, label_key(b->arena, l->dim, l->value), &added);

            if (!added)
                continue;
            b->label_text = gz_arena_grow(b->arena, b->label_text, &cap, n + 1,
                                          sizeof *b->label_text);
            b->label_text[n] = text;
        }
}

// Who speaks for each period: the first tally that was asked for it or has rows of it.
// Tables without periods are those of the first tally.
static void
share_out(struct gz_book *b)
{
    size_t cap = 0;

    for (size_t i = 0; i < b->tallies; i++) {
        const struct gz_tally *t = b->tally[i];

        for (size_t r = 0; r <= t->row_count; r++) {
            bool added;
            uint32_t n = gz_map_put(
                &b->owner, r < t->row_count ? t->row[r].period : t->period, &added);

            if (!added)
                continue;
            b->owner_of =
                gz_arena_grow(b->arena, b->owner_of, &cap, n + 1, sizeof *b->owner_of);
            b->owner_of[n] = i;
        }
    }
}

static bool
has_period(const struct gz_book *b, struct gz_str period)
{
    return gz_map_get(&b->owner, period) != GZ_MAP_NONE;
}

static void
add_base(struct gz_book *b, const char *name, enum gz_period_kind kind, int32_t number)
{
    struct gz_base *base = &b->base[b->bases++];
    struct gz_buf text = { 0 };

    gz_period_format(kind, number, &text);
    base->name = name;
    base->period = gz_arena_dup(b->arena, gz_buf_str(&text));
    base->present = has_period(b, base->period);
    gz_buf_release(&text);
}

// Words apart by commas: previous, year, none. Nothing said: both, where there are rows.
static enum gz_err_kind
find_bases(struct gz_book *b, const char *compare, struct gz_err *err)
{
    enum gz_period_kind kind;
    int32_t number, year;
    bool previous = !compare, before = !compare;

    for (struct gz_str rest = gz_str_of(compare); rest.len;) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR(","));

        if (gz_str_is(cut.head, "previous"))
            previous = true;
        else if (gz_str_is(cut.head, "year"))
            before = true;
        else if (!gz_str_is(cut.head, "none"))
            return gz_err_set(err, GZ_ERR_USAGE,
                              _("--compare: '%s' is not a comparison, expected none, "
                                "previous, year or both with a comma"),
                              compare);
        rest = cut.tail;
    }
    if (!b->period.len || !gz_period_parse(b->period, &kind, &number) ||
        kind == GZ_PERIOD_ALL)
        return GZ_OK;
    year = gz_period_per_year(kind);
    if (previous)
        add_base(b, "previous", kind, number - 1);
    if (before && year > 1)
        add_base(b, "year", kind, number - year);
    return GZ_OK;
}

static enum gz_err_kind
fix_period(struct gz_book *b, const char *period, struct gz_err *err)
{
    enum gz_period_kind kind;
    int32_t number;
    struct gz_str asked = gz_str_of(period), said = b->tally[0]->period;

    if (period) {
        if (gz_str_is(asked, "all"))
            return GZ_OK;
        if (!gz_period_parse(asked, &kind, &number))
            return gz_err_set(err, GZ_ERR_USAGE,
                              _("--period: '%s' is not a period, expected 2026-03, "
                                "2026-Q1, 2026-W12, 2026 or all"),
                              period);
        if (!has_period(b, asked) && !gz_str_eq(asked, said))
            return gz_err_set(err, GZ_ERR_USAGE,
                              _("--period: no row of the input is of '%s'"), period);
        b->period = gz_arena_dup(b->arena, asked);
    } else if (said.len && gz_period_parse(said, &kind, &number) &&
               kind != GZ_PERIOD_ALL) {
        b->period = said;
    }
    return GZ_OK;
}

// Residents are those of the last day.
static void
find_last_day(struct gz_book *b)
{
    const struct gz_window *w = &b->scheme->period;
    enum gz_period_kind kind;
    int32_t number;
    char text[32];

    if (!b->period.len || !gz_period_parse(b->period, &kind, &number) || kind != w->kind)
        return;
    b->last_day = gz_arena_dup(
        b->arena,
        (struct gz_str){
            text, gz_time_format((struct gz_time){ .sec = gz_window_end(w, number) - 1,
                                                   .offset_min = GZ_NO_OFFSET,
                                                   .prec = GZ_PREC_DAY },
                                 text) });
}

enum gz_err_kind
gz_book_open(struct gz_book *b, const char *period, const char *compare,
             struct gz_err *err)
{
    const struct gz_tally *t = b->tally[0];

    b->scheme = gz_scheme_parse(b->arena, t->scheme, "tally_head", err);
    if (!b->scheme)
        return err->kind;
    b->plan = gz_plan_parse(b->arena, t->plan, "tally_head", b->scheme, b->schema, err);
    if (!b->plan)
        return err->kind;
    read_labels(b);
    share_out(b);
    if (fix_period(b, period, err) || find_bases(b, compare, err))
        return err->kind;
    find_last_day(b);
    return GZ_OK;
}

void
gz_book_close(struct gz_book *b)
{
    for (size_t i = 0; i < b->merged_count; i++)
        gz_cell_release(b->merged[i]);
    gz_map_release(&b->label);
    gz_map_release(&b->owner);
    gz_plan_release(b->plan);
    gz_scheme_release(b->scheme);
}

// ---- rows added up ----

// Cells that hold more than a number own memory; remember them.
static void
own(struct gz_book *b, struct gz_cell *cell)
{
    if (cell->type == GZ_CELL_NUMBER)
        return;
    b->merged = gz_arena_grow(b->arena, b->merged, &b->merged_cap, b->merged_count + 1,
                              sizeof(struct gz_cell *));
    b->merged[b->merged_count++] = cell;
}

static void
add_cell(struct gz_book *b, struct gz_cell *to, const struct gz_cell *from)
{
    struct gz_err ignored = { 0 }; // sums that fit their parts' limits fit here

    if (to->type == GZ_CELL_NUMBER && from->type != GZ_CELL_NUMBER) {
        to->type = from->type;
        if (from->type == GZ_CELL_DURATION) {
            to->durations = gz_mem_zalloc(1, sizeof *to->durations);
            gz_durations_merge(to->durations, from->durations);
        } else {
            to->distinct = gz_mem_zalloc(1, sizeof *to->distinct);
            gz_distinct_merge(to->distinct, from->distinct);
        }
        own(b, to);
        return;
    }
    gz_cell_merge(to, from, &ignored);
}

// The kept keys of a row, as one string and as an array in the arena.
static struct gz_str
joined_key(struct gz_book *b, const struct gz_row *r, unsigned keep, struct gz_buf *text,
           const struct gz_str **key, size_t *keys)
{
    struct gz_str *k = gz_arena_new(b->arena, struct gz_str, r->key_count + 1);

    *keys = 0;
    text->len = 0;
    for (size_t i = 0; i < r->key_count; i++)
        if (keep & (1U << i))
            k[(*keys)++] = r->key[i];
    if (keep & GZ_KEEP_PERIOD)
        k[(*keys)++] = r->period;
    for (size_t i = 0; i < *keys; i++) {
        gz_buf_u64(text, k[i].len);
        gz_buf_char(text, ':');
        gz_buf_add(text, k[i]);
    }
    *key = k;
    return gz_buf_str(text);
}

static int
group_order(const void *left, const void *right)
{
    const struct gz_group *a = left, *b = right;

    for (size_t i = 0; i < a->keys && i < b->keys; i++) {
        int c = gz_str_cmp(a->key[i], b->key[i]);

        if (c)
            return c;
    }
    return (a->keys > b->keys) - (a->keys < b->keys);
}

static bool
speaks_for(const struct gz_book *b, const struct gz_table *t, size_t tally,
           struct gz_str period)
{
    uint32_t n = gz_map_get(&b->owner, period);

    if (!t->periods || n == GZ_MAP_NONE)
        return tally == 0;
    return b->owner_of[n] == tally;
}

static void
add_row(struct gz_book *b, struct gz_group *g, const struct gz_table *t,
        const struct gz_tally *tally, const struct gz_row *r)
{
    for (size_t m = 0; m < t->measure_count; m++) {
        uint32_t n = gz_tally_measure(tally, t->measure[m].name);
        const struct gz_cell *cell = n == GZ_MAP_NONE ? NULL : gz_row_cell(r, n);

        if (cell)
            add_cell(b, &g->cell[m], cell);
    }
}

struct gz_groups
gz_book_group(struct gz_book *b, const struct gz_table *t, struct gz_str period,
              unsigned keep)
{
    struct gz_groups all = { .table = t };
    struct gz_map index = { 0 };
    struct gz_buf text = { 0 };
    size_t cap = 0;

    for (size_t i = 0; i < b->tallies; i++) {
        size_t first, end;

        gz_tally_table(b->tally[i], t->name, &first, &end);
        for (size_t r = first; r < end; r++) {
            const struct gz_row *row = &b->tally[i]->row[r];
            const struct gz_str *key;
            size_t keys;
            uint32_t n;
            bool added;

            if ((t->periods && period.len && !gz_str_eq(row->period, period)) ||
                !speaks_for(b, t, i, row->period))
                continue;
            n = gz_map_put(&index, joined_key(b, row, keep, &text, &key, &keys), &added);
            if (added) {
                all.group =
                    gz_arena_grow(b->arena, all.group, &cap, n + 1, sizeof *all.group);
                all.group[n] = (struct gz_group){ key, keys,
                                                  gz_arena_new(b->arena, struct gz_cell,
                                                               t->measure_count + 1) };
                all.count = n + 1;
            }
            add_row(b, &all.group[n], t, b->tally[i], row);
        }
    }
    if (all.count)
        qsort(all.group, all.count, sizeof *all.group, group_order);
    gz_map_release(&index);
    gz_buf_release(&text);
    return all;
}

static uint64_t tally_meta(const struct gz_tally *t, const char *table,
                           const struct gz_str *key, size_t keys, const char *measure);

uint64_t
gz_book_meta(const struct gz_book *b, const char *table, const struct gz_str *key,
             size_t keys, const char *measure)
{
    return tally_meta(b->tally[0], table, key, keys, measure);
}

gz_i128
gz_tally_number(const struct gz_tally *t, const struct gz_row *r, const char *measure)
{
    uint32_t n = gz_tally_measure(t, gz_str_of(measure));
    const struct gz_cell *c = n == GZ_MAP_NONE ? NULL : gz_row_cell(r, n);

    return c && c->type == GZ_CELL_NUMBER ? c->number.units / 1000000000 : 0;
}

// ---- what is known ----

static uint64_t
tally_meta(const struct gz_tally *t, const char *table, const struct gz_str *key,
           size_t keys, const char *measure)
{
    const struct gz_row *r =
        gz_tally_row(t, gz_str_of(table), (struct gz_str){ NULL, 0 }, key, keys);

    return r ? (uint64_t)gz_tally_number(t, r, measure) : 0;
}

static bool
has_field(const struct gz_tally *t, struct gz_str rec, struct gz_str field)
{
    struct gz_str key[] = { rec, field };

    return tally_meta(t, "_field", key, 2, "sources") ||
           tally_meta(t, "_field", key, 2, "present");
}

static struct gz_str
missing_field(const struct gz_tally *tally, const struct gz_table *t,
              const struct gz_measure *m)
{
    size_t first, end;

    gz_tally_table(tally, GZ_STR("_field"), &first, &end);
    for (size_t i = 0; i < m->needs_count && first < end; i++) {
        struct gz_cut cut = gz_str_cut(m->needs[i], GZ_STR("|"));
        struct gz_str name = cut.head;
        bool any = has_field(tally, t->rec, cut.head);

        while (cut.found && !any) {
            cut = gz_str_cut(cut.tail, GZ_STR("|"));
            any = has_field(tally, t->rec, cut.head);
        }
        if (!any)
            return name;
    }
    return (struct gz_str){ NULL, 0 };
}

struct gz_str
gz_book_missing_field(const struct gz_book *b, const struct gz_table *t,
                      const struct gz_measure *m)
{
    return missing_field(b->tally[0], t, m);
}

// How many sources have one of the fields, at least.
static uint64_t
sources_of(const struct gz_tally *t, struct gz_str rec, struct gz_str fields)
{
    uint64_t most = 0;
    struct gz_cut cut;

    do {
        struct gz_str key[2];
        uint64_t n;

        cut = gz_str_cut(fields, GZ_STR("|"));
        key[0] = rec;
        key[1] = cut.head;
        n = tally_meta(t, "_field", key, 2, "sources");
        most = n > most ? n : most;
        fields = cut.tail;
    } while (cut.found);
    return most;
}

bool
gz_book_is_uneven(const struct gz_book *b, const struct gz_table *t,
                  const struct gz_measure *m)
{
    const struct gz_tally *tally = b->tally[0];
    uint64_t all = 0;
    size_t first, end;

    // Sources of this kind: as many as have the field that most of them have.
    gz_tally_table(tally, GZ_STR("_field"), &first, &end);
    for (size_t r = first; r < end; r++)
        if (tally->row[r].key_count == 2 && gz_str_eq(tally->row[r].key[0], t->rec)) {
            uint64_t n = (uint64_t)gz_tally_number(tally, &tally->row[r], "sources");

            all = n > all ? n : all;
        }
    for (size_t i = 0; i < m->needs_count; i++) {
        uint64_t n = sources_of(tally, t->rec, m->needs[i]);

        if (n && n < all)
            return true;
    }
    return false;
}

static bool
knows_as_much(const struct gz_book *b, const struct gz_tally *then,
              const struct gz_table *t)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (missing_field(then, t, &t->measure[i]).len &&
            !missing_field(b->tally[0], t, &t->measure[i]).len)
            return false;
    return true;
}

bool
gz_book_base_is_like(const struct gz_book *b, size_t base, const struct gz_table *t)
{
    uint32_t n = gz_map_get(&b->owner, b->base[base].period);

    return n != GZ_MAP_NONE && knows_as_much(b, b->tally[b->owner_of[n]], t);
}

bool
gz_book_period_is_like(const struct gz_book *b, struct gz_str period,
                       const struct gz_table *t)
{
    uint32_t n = gz_map_get(&b->owner, period);

    return n == GZ_MAP_NONE || knows_as_much(b, b->tally[b->owner_of[n]], t);
}

bool
gz_book_overlaps(const struct gz_book *b, const struct gz_measure *m)
{
    struct gz_window w = gz_scheme_window(b->scheme, m->window);

    return w.from_day != 0;
}

// ---- captions ----

struct gz_str
gz_book_caption(const struct gz_book *b, struct gz_str zh, struct gz_str en,
                struct gz_str name)
{
    struct gz_str s = b->words->lang == GZ_LANG_ZH ? zh : en;

    return s.len ? s : gz_words_in(b->words, "name", name);
}

struct gz_str
gz_book_field(const struct gz_book *b, struct gz_str rec, struct gz_str field)
{
    const struct gz_kind *k = gz_schema_kind(b->schema, rec);
    const struct gz_field *f = k ? gz_kind_field(k, field) : NULL;

    if (!f)
        return gz_words_in(b->words, "name", field);
    return b->words->lang == GZ_LANG_ZH ? f->zh : f->en;
}

struct gz_str
gz_book_dim(const struct gz_book *b, const struct gz_dim *dim, struct gz_str rec)
{
    struct gz_buf key = { 0 };
    struct gz_str own;

    if (dim->zh.len || dim->en.len)
        return gz_book_caption(b, dim->zh, dim->en, dim->name);
    gz_buf_lit(&key, "name.");
    gz_buf_add(&key, dim->name);
    own = gz_words_find(b->words, gz_buf_str(&key));
    gz_buf_release(&key);
    if (own.len)
        return own;
    return dim->field_count ? gz_book_field(b, rec, dim->field[0]) : dim->name;
}

struct gz_str
gz_book_value(struct gz_book *b, const struct gz_dim *dim, struct gz_str rec,
              struct gz_str value)
{
    uint32_t n;
    struct gz_str text;
    struct gz_buf key = { 0 };

    if (!value.len)
        return gz_words_get(b->words, "value.absent");
    if (dim->which)
        return gz_book_field(b, rec, value);
    for (size_t i = 0; i < dim->case_count; i++)
        if (gz_str_eq(dim->cases[i].value, value))
            return gz_book_caption(b, dim->cases[i].zh, dim->cases[i].en, value);
    n = gz_map_get(&b->label, label_key(b->arena, dim->name, value));
    if (n != GZ_MAP_NONE && b->label_text[n].len)
        return b->label_text[n];
    gz_buf_lit(&key, "value.");
    gz_buf_add(&key, dim->field_count ? dim->field[0] : dim->name);
    gz_buf_char(&key, '.');
    gz_buf_add(&key, value);
    text = gz_words_find(b->words, gz_buf_str(&key));
    gz_buf_release(&key);
    return text.len ? text : value;
}

struct gz_str
gz_book_period(struct gz_book *b, struct gz_str period)
{
    static const char *const key[] = { "period.all",   "period.year", "period.quarter",
                                       "period.month", "period.week", "period.day" };
    enum gz_period_kind kind;
    int32_t number;
    struct gz_str year, part;

    if (!period.len)
        return gz_words_get(b->words, "period.none");
    if (!gz_period_parse(period, &kind, &number))
        return period;
    year = gz_str_first(period, 4);
    part = period.len > 5 ? gz_str_from(period, 5) : (struct gz_str){ NULL, 0 };
    while (part.len > 1 &&
           (part.ptr[0] == '0' || part.ptr[0] == 'Q' || part.ptr[0] == 'W'))
        part = gz_str_from(part, 1);
    if (kind == GZ_PERIOD_MONTH) {
        struct gz_str name = gz_words_in(b->words, "month", part);

        return gz_say(b->words, b->arena, "period.month", year, name);
    }
    return gz_say(b->words, b->arena, key[kind], year, part, period);
}

static int
str_order(const void *a, const void *b)
{
    const struct gz_str *x = a, *y = b;

    return gz_str_cmp(*x, *y);
}

// "2026-01..2026-03" is what a tally was asked for, not a period.
static bool
is_period(struct gz_str s)
{
    enum gz_period_kind kind;
    int32_t number;

    return gz_period_parse(s, &kind, &number) && kind != GZ_PERIOD_ALL;
}

const struct gz_str *
gz_book_periods(struct gz_book *b, size_t *count)
{
    struct gz_str *period = gz_arena_new(b->arena, struct gz_str, b->owner.count + 1);
    struct gz_groups rows = { 0 };

    *count = 0;
    for (size_t i = 0; i < b->plan->table_count && rows.count == 0; i++)
        if (b->plan->table[i].periods)
            rows = gz_book_group(b, &b->plan->table[i], (struct gz_str){ NULL, 0 },
                                 (unsigned)GZ_KEEP_PERIOD);
    for (size_t i = 0; i < rows.count; i++)
        if (is_period(rows.group[i].key[0]))
            period[(*count)++] = rows.group[i].key[0];
    if (*count)
        qsort(period, *count, sizeof *period, str_order);
    return period;
}

struct gz_dec
gz_group_number(const struct gz_group *g, size_t measure)
{
    const struct gz_cell *cell = &g->cell[measure];

    return cell->type == GZ_CELL_NUMBER ? cell->number : (struct gz_dec){ 0 };
}

int
gz_table_find(const struct gz_table *t, struct gz_str name)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (gz_str_eq(t->measure[i].name, name))
            return (int)i;
    return -1;
}
