// SPDX-License-Identifier: MIT
// From a plan to what runs: fields to slots, equal conditions and moments to one.
#include "base/mem.h"
#include "base/tr.h"
#include "tally/counter.h"

// One kind is compiled at a time.
struct compiling {
    struct gz_counter *c;
    struct gz_cond_setup setup;
    struct gz_err *err;
    bool failed;
};

// The array behind `*items` in the arena, with room for one more, zeroed.
static void *
room(struct gz_counter *c, void *items, size_t *cap, size_t count, size_t size)
{
    return gz_arena_grow(c->arena, items, cap, count + 1, size);
}

static int
slot_of(struct compiling *k, struct gz_str field)
{
    int slot = gz_cond_slot(&k->setup, field, NULL, k->err);

    k->failed = k->failed || slot < 0;
    return slot;
}

// Equal conditions of one kind are judged once a record. -1: it always holds.
static int
cond_of(struct compiling *k, const gz_json *json)
{
    struct gz_counter *c = k->c;
    const struct gz_cond *cond;
    struct gz_buf name = { 0 };
    bool added;
    uint32_t at;

    if (!json || k->failed)
        return -1;
    gz_buf_add(&name, k->setup.kind->name);
    gz_json_compact(gz_json_raw(json), &name);
    at = gz_map_put(&c->cond_index, gz_buf_str(&name), &added);
    gz_buf_release(&name);
    if (!added)
        return c->cond[at].always ? -1 : (int)at;
    cond = gz_cond_compile(&k->setup, json, k->err);
    k->failed = !cond;
    c->cond = room(c, c->cond, &c->cond_cap, c->cond_count, sizeof(*c->cond));
    c->cond[c->cond_count] = (struct gz_c_cond){ .cond = cond };
    c->cond[c->cond_count].must = cond ? gz_cond_must(cond) : 0;
    c->cond[c->cond_count++].always = cond && gz_cond_constant(cond) == GZ_COND_ALWAYS;
    return c->cond[at].always ? -1 : (int)at;
}

static int
moment_at(struct compiling *k, struct gz_str at, struct gz_str or_at,
          struct gz_str window)
{
    struct gz_counter *c = k->c;
    struct gz_c_moment one = { .or_at = -1, .window_name = window, .first = true };

    if (!at.len)
        return GZ_C_NO_MOMENT;
    one.field = at;
    one.at = slot_of(k, at);
    if (or_at.len)
        one.or_at = slot_of(k, or_at);
    for (size_t i = 0; i < c->moment_count; i++) {
        const struct gz_c_moment *o = &c->moment[i];

        if (o->at == one.at && o->or_at == one.or_at && gz_str_eq(o->window_name, window))
            return (int)i;
        one.first = one.first && !gz_str_eq(o->field, one.field);
    }
    one.window = gz_scheme_window(c->scheme, window);
    one.window.memo = gz_arena_new(c->arena, struct gz_window_memo, GZ_WINDOW_MEMO);
    c->moment = room(c, c->moment, &c->moment_cap, c->moment_count, sizeof(*c->moment));
    c->moment[c->moment_count] = one;
    return (int)c->moment_count++;
}

static bool
same_dim(const struct gz_dim *a, const struct gz_dim *b)
{
    if (a->field_count != b->field_count || a->part != b->part || a->level != b->level ||
        a->which != b->which || a->multi != b->multi || a->exclusion != b->exclusion ||
        a->counts != b->counts || a->cases != b->cases)
        return false;
    for (size_t i = 0; i < a->field_count; i++)
        if (!gz_str_eq(a->field[i], b->field[i]))
            return false;
    return true;
}

static int
dim_of(struct compiling *k, const struct gz_dim *dim)
{
    struct gz_counter *c = k->c;
    struct gz_c_dim *d;

    for (size_t i = 0; i < dim->field_count; i++)
        slot_of(k, dim->field[i]); // noted for every kind, though slots are shared
    for (size_t i = 0; i < c->dim_count; i++)
        if (same_dim(c->dim[i].dim, dim))
            return (int)i;
    c->dim = room(c, c->dim, &c->dim_cap, c->dim_count, sizeof(*c->dim));
    d = &c->dim[c->dim_count];
    *d = (struct gz_c_dim){ .dim = dim };
    d->slot = gz_arena_new(c->arena, int, dim->field_count);
    d->field_id = gz_arena_new(c->arena, uint32_t, dim->field_count);
    for (size_t i = 0; i < dim->field_count; i++)
        d->slot[i] = slot_of(k, dim->field[i]);
    d->case_cond = gz_arena_new(c->arena, int, dim->case_count);
    for (size_t i = 0; i < dim->case_count; i++)
        d->case_cond[i] = cond_of(k, dim->cases[i].when);
    gz_counter_intern_fields(c, d);
    return (int)c->dim_count++;
}

static void
compile_measure(struct compiling *k, const struct gz_measure *m, struct gz_c_measure *out)
{
    *out = (struct gz_c_measure){ .kind = m->kind, .name = m->name };
    out->cond = cond_of(k, m->where);
    if (m->field[0].len)
        out->slot = slot_of(k, m->field[0]);
    if (m->field[1].len)
        out->slot2 = slot_of(k, m->field[1]);
}

// Measures with one moment stand together; those that cannot be told are left out.
static void
compile_measures(struct compiling *k, struct gz_c_table *t)
{
    struct gz_counter *c = k->c;
    size_t n = t->table->measure_count;
    int *moment = gz_arena_new(c->arena, int, n);
    bool *done = gz_arena_new(c->arena, bool, n);

    t->measure = gz_arena_new(c->arena, struct gz_c_measure, n);
    t->group = gz_arena_new(c->arena, struct gz_c_group, n);
    for (size_t i = 0; i < n; i++) {
        const struct gz_measure *m = &t->table->measure[i];

        moment[i] = moment_at(k, m->at, m->or_at, m->window);
        done[i] = m->needs_as_of && c->as_of == INT64_MIN;
    }
    for (size_t i = 0; i < n; i++) {
        struct gz_c_group *g = &t->group[t->group_count];

        if (done[i])
            continue;
        *g = (struct gz_c_group){ moment[i], (uint32_t)t->measure_count, 0 };
        for (size_t j = i; j < n; j++) {
            if (done[j] || moment[j] != moment[i])
                continue;
            compile_measure(k, &t->table->measure[j], &t->measure[t->measure_count++]);
            done[j] = true;
        }
        g->end = (uint32_t)t->measure_count;
        t->group_count++;
    }
}

static void
compile_table(struct compiling *k, const struct gz_table *table, struct gz_c_table *t)
{
    struct gz_counter *c = k->c;

    *t = (struct gz_c_table){ .table = table, .multi = -1 };
    t->cond = cond_of(k, table->where);
    t->dim = gz_arena_new(c->arena, int, table->dim_count);
    t->dim_count = table->dim_count;
    for (size_t i = 0; i < t->dim_count; i++) {
        t->dim[i] = dim_of(k, &table->dim[i]);
        if (table->dim[i].multi)
            t->multi = (int)i;
    }
    compile_measures(k, t);
}

static void
compile_list(struct compiling *k, const struct gz_list *list, struct gz_c_list *l)
{
    struct gz_counter *c = k->c;

    *l = (struct gz_c_list){ .list = list, .cond = cond_of(k, list->where) };
    l->order = gz_arena_new(c->arena, int, list->order_count);
    l->column = gz_arena_new(c->arena, int, list->column_count);
    l->id_slot = slot_of(k, list->id);
    l->moment = moment_at(k, list->at, (struct gz_str){ NULL, 0 }, list->window);
    for (size_t i = 0; i < list->order_count; i++)
        l->order[i] = dim_of(k, &list->order[i]);
    for (size_t i = 0; i < list->column_count; i++)
        l->column[i] = dim_of(k, &list->column[i]);
}

// The filter over the whole plan. Of a kind that lacks a field of it, nothing passes: the
// test of an absent field does not hold.
static int
compile_where(struct compiling *k)
{
    struct gz_cond_setup trial = k->setup;
    struct gz_err first = { 0 };
    struct gz_json_doc *doc;
    int number;

    if (!k->c->plan->where)
        return -1;
    if (gz_cond_compile(&trial, k->c->plan->where, &first))
        return cond_of(k, k->c->plan->where);
    if (!k->c->where_err.kind)
        k->c->where_err = first;
    k->c->where_failed++;
    doc = gz_json_parse(GZ_STR("{\"any\":[]}"), "never", k->err);
    number = cond_of(k, gz_json_root(doc));
    gz_json_free(doc);
    return number;
}

static void
compile_fields(struct compiling *k, struct gz_c_kind *kind)
{
    struct gz_counter *c = k->c;
    size_t n = k->setup.field_count;

    kind->field = k->setup.field;
    kind->field_count = n;
    kind->field_slot = gz_arena_new(c->arena, int, n);
    kind->present = gz_arena_new(c->arena, uint64_t, n);
    kind->sources = gz_arena_new(c->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++)
        kind->field_slot[i] = gz_slots_add(&c->slots, kind->field[i]);
}

static bool
compile_kind(struct gz_counter *c, struct gz_c_kind *kind, struct gz_err *err)
{
    struct compiling k = { .c = c, .err = err };
    const struct gz_plan *p = c->plan;

    k.setup = (struct gz_cond_setup){ .arena = c->arena,
                                      .slots = &c->slots,
                                      .kind = kind->kind,
                                      .scheme = c->scheme,
                                      .doc = p->doc };
    kind->where = compile_where(&k);
    kind->table = gz_arena_new(c->arena, struct gz_c_table, p->table_count);
    kind->list = gz_arena_new(c->arena, struct gz_c_list, p->list_count);
    for (size_t i = 0; i < p->table_count && !k.failed; i++)
        if (gz_str_eq(p->table[i].rec, kind->kind->name))
            compile_table(&k, &p->table[i], &kind->table[kind->table_count++]);
    for (size_t i = 0; i < p->list_count && !k.failed; i++)
        if (gz_str_eq(p->list[i].rec, kind->kind->name) &&
            (!p->list[i].needs_as_of || c->as_of != INT64_MIN))
            compile_list(&k, &p->list[i], &kind->list[kind->list_count++]);
    compile_fields(&k, kind);
    return !k.failed;
}

static bool
lists_counts(const struct gz_plan *p)
{
    for (size_t i = 0; i < p->list_count; i++)
        for (size_t k = 0; k < p->list[i].column_count; k++)
            if (p->list[i].column[k].counts)
                return true;
    return false;
}

// What the scheme's rates are made of, where a list shows which of it holds.
static bool
compile_terms(struct gz_counter *c, struct gz_err *err)
{
    struct gz_cond_setup s = { .arena = c->arena,
                               .slots = &c->slots,
                               .kind = gz_schema_kind(c->schema, GZ_STR("petition")),
                               .scheme = c->scheme };
    size_t n = 0;

    if (!lists_counts(c->plan))
        return true;
    for (size_t i = 0; i < c->scheme->rate_count; i++)
        n += c->scheme->rate[i].num_count + c->scheme->rate[i].den_count;
    c->term = gz_arena_new(c->arena, struct gz_c_term, n + 1);
    for (size_t i = 0; i < c->scheme->rate_count; i++) {
        const struct gz_rate *r = &c->scheme->rate[i];

        for (size_t k = 0; k < r->num_count + r->den_count; k++) {
            struct gz_str name =
                k < r->num_count ? r->num[k].measure : r->den[k - r->num_count].measure;
            const gz_json *cond = gz_scheme_condition(c->scheme, name, &s.doc);
            bool there = !cond;

            for (size_t j = 0; j < c->term_count && !there; j++)
                there = gz_str_eq(c->term[j].name, name);
            if (there)
                continue;
            c->term[c->term_count].name = name;
            c->term[c->term_count].cond = gz_cond_compile(&s, cond, err);
            if (!c->term[c->term_count++].cond)
                return false;
        }
    }
    return true;
}

static bool
compile_exclusions(struct gz_counter *c, struct gz_err *err)
{
    struct gz_cond_setup s = { .arena = c->arena,
                               .slots = &c->slots,
                               .kind = gz_schema_kind(c->schema, GZ_STR("petition")),
                               .scheme = c->scheme,
                               .doc = c->scheme->doc };
    size_t n = c->scheme->exclusion_count;

    c->exclusion = gz_arena_new(c->arena, const struct gz_cond *, n);
    for (size_t i = 0; i < n; i++)
        if (!(c->exclusion[i] = gz_cond_compile(&s, c->scheme->exclusion[i].when, err)))
            return false;
    return true;
}

static void
add_kind(struct gz_counter *c, struct gz_str rec)
{
    for (size_t i = 0; i < c->kind_count; i++)
        if (gz_str_eq(c->kind[i].kind->name, rec))
            return;
    c->kind[c->kind_count++].kind = gz_schema_kind(c->schema, rec);
}

bool
gz_counter_compile(struct gz_counter *c, struct gz_err *err)
{
    const struct gz_plan *p = c->plan;

    c->kind = gz_arena_new(c->arena, struct gz_c_kind, p->table_count + p->list_count);
    for (size_t i = 0; i < p->table_count; i++)
        add_kind(c, p->table[i].rec);
    for (size_t i = 0; i < p->list_count; i++)
        add_kind(c, p->list[i].rec);
    if (!compile_terms(c, err) || !compile_exclusions(c, err))
        return false;
    for (size_t i = 0; i < c->kind_count; i++)
        if (!compile_kind(c, &c->kind[i], err))
            return false;
    if (c->where_failed && c->where_failed == c->kind_count) {
        *err = c->where_err;
        return false;
    }
    return true;
}
