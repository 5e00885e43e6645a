// SPDX-License-Identifier: MIT
#include "tally/store.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/tr.h"
#include "io/json.h"
#include "record/writer.h"
#include "tally/order.h"

// Members of the five kinds, by the number they have in the keyset.
enum {
    M_REC,
    M_ID,
    M_TABLE,
    M_KEY,
    M_PERIOD,
    M_M,
    M_V,
    M_PLAN,
    M_SCHEME,
    M_AS_OF,
    M_ROWS,
    M_DIM,
    M_VALUE,
    M_LIST,
    M_ORDER,
    M_COLUMNS,
    M_VALUES,
    M_COUNT,
};

void
gz_store_init(struct gz_store *s, uint64_t max_rows, uint64_t memory)
{
    static const char *const names[M_COUNT] = {
        "rec",   "id",   "table",  "key",     "period", "m",
        "v",     "plan", "scheme", "as_of",   "rows",   "dim",
        "value", "list", "order",  "columns", "values",
    };

    *s = (struct gz_store){ .max_rows = max_rows, .memory = memory };
    gz_keyset_init(&s->keys, &s->setup);
    for (size_t i = 0; i < M_COUNT; i++)
        gz_keyset_add(&s->keys, gz_str_of(names[i]));
}

void
gz_row_release(struct gz_row *r)
{
    for (size_t k = 0; k < r->cell_count; k++)
        gz_cell_release(&r->cell[k]);
    free(r->cell);
}

static void
release_tally(struct gz_tally *t)
{
    for (size_t i = 0; i < t->row_count; i++)
        gz_row_release(&t->row[i]);
    free(t->row);
    free(t->run);
    free(t->label);
    free(t->listed);
    gz_map_release(&t->measure);
    gz_map_release(&t->index);
    gz_map_release(&t->label_index);
    gz_arena_free(&t->rows);
    gz_arena_free(&t->arena);
    free(t);
}

void
gz_store_release(struct gz_store *s)
{
    for (size_t i = 0; i < s->count; i++)
        release_tally(s->tally[i]);
    for (size_t i = 0; i < s->files; i++)
        close(s->file[i]);
    free(s->file);
    free(s->tally);
    gz_map_release(&s->index);
    gz_arena_free(&s->setup);
    gz_arena_free(&s->scratch);
    gz_buf_release(&s->name);
    *s = (struct gz_store){ 0 };
}

bool
gz_store_takes(struct gz_str rec)
{
    return gz_str_is(rec, "tally") || gz_str_is(rec, "tally_head") ||
           gz_str_is(rec, "tally_end") || gz_str_is(rec, "label") ||
           gz_str_is(rec, "listed");
}

char *
gz_tally_id(struct gz_str plan, struct gz_str scheme, struct gz_str period,
            struct gz_str as_of, char out[17])
{
    struct gz_buf all = { 0 };

    gz_buf_add(&all, plan);
    gz_buf_char(&all, '\n');
    gz_buf_add(&all, scheme);
    gz_buf_char(&all, '\n');
    gz_buf_add(&all, period);
    gz_buf_char(&all, '\n');
    gz_buf_add(&all, as_of);
    gz_hash_hex(gz_hash_fixed(gz_buf_str(&all)), out);
    gz_buf_release(&all);
    return out;
}

// ---- finding and making ----

// The array behind `*items`, with room for one more.
static void *
room(void *items, size_t *cap, size_t count, size_t size)
{
    if (count < *cap)
        return items;
    *cap = *cap ? *cap * 2 : 8;
    return gz_mem_realloc(items, *cap, size);
}

struct gz_tally *
gz_store_tally(struct gz_store *s, struct gz_str id)
{
    bool added;
    uint32_t at = gz_map_put(&s->index, id, &added);

    if (added) {
        s->tally = room(s->tally, &s->cap, s->count, sizeof(struct gz_tally *));
        s->tally[s->count] = gz_mem_zalloc(1, sizeof(struct gz_tally));
        // A copy: the map goes when the store is sorted.
        s->tally[s->count]->id =
            gz_arena_dup(&s->tally[s->count]->arena, s->index.keys[at]);
        s->tally[s->count]->max_rows = s->max_rows;
        s->count++;
    }
    return s->tally[at];
}

static void
put_part(struct gz_buf *b, struct gz_str part)
{
    uint32_t len = (uint32_t)part.len;

    gz_buf_add(b, (struct gz_str){ (const char *)&len, sizeof(len) });
    gz_buf_add(b, part);
}

static void
name_row(struct gz_buf *name, struct gz_str table, struct gz_str period,
         const struct gz_str *key, size_t key_count)
{
    put_part(name, table);
    put_part(name, period);
    for (size_t i = 0; i < key_count; i++)
        put_part(name, key[i]);
}

// What a row takes: in the array that grows by doubling and is copied to be sorted, in
// the index, and its strings in both.
static uint64_t
size_of_row(size_t name, size_t key_count)
{
    return 3 * sizeof(struct gz_row) + 4 * sizeof(struct gz_str) + 2 * (uint64_t)name +
           key_count * sizeof(struct gz_str);
}

static struct gz_row *
append_row(struct gz_tally *t, struct gz_str name, struct gz_str table,
           struct gz_str period, const struct gz_str *key, size_t key_count)
{
    struct gz_str *own = gz_arena_new(&t->rows, struct gz_str, key_count);

    t->row = room(t->row, &t->row_cap, t->row_count, sizeof(*t->row));
    for (size_t i = 0; i < key_count; i++)
        own[i] = gz_arena_dup(&t->rows, key[i]);
    t->row[t->row_count] = (struct gz_row){ .table = gz_arena_dup(&t->rows, table),
                                            .period = gz_arena_dup(&t->rows, period),
                                            .key = own,
                                            .key_count = key_count };
    t->held += size_of_row(name.len, key_count);
    return &t->row[t->row_count++];
}

struct gz_row *
gz_tally_new_row(struct gz_tally *t, struct gz_str table, struct gz_str period,
                 const struct gz_str *key, size_t key_count)
{
    struct gz_buf name = { 0 };
    struct gz_row *row;

    name_row(&name, table, period, key, key_count);
    gz_map_put(&t->index, gz_buf_str(&name), NULL);
    row = append_row(t, gz_buf_str(&name), table, period, key, key_count);
    gz_buf_release(&name);
    return row;
}

// Make room for one more row where there is a bound.
static bool
may_grow(struct gz_store *s, struct gz_err *err)
{
    if (s->max_rows && s->rows >= s->max_rows) {
        gz_err_set(err, GZ_ERR_LIMIT,
                   _("more than %llu rows; --max-rows raises the limit"),
                   (unsigned long long)s->max_rows);
        return false;
    }
    return true;
}

struct gz_row *
gz_store_row(struct gz_store *s, struct gz_tally *t, struct gz_str table,
             struct gz_str period, const struct gz_str *key, size_t key_count,
             struct gz_err *err)
{
    uint32_t at;

    s->held += t->held - t->counted;
    t->counted = t->held;
    // Cells grow, too: this is looked at for every row, not only for new ones.
    if (s->memory && s->held - s->floor > s->memory && gz_store_spill(s, err))
        return NULL;
    s->name.len = 0;
    name_row(&s->name, table, period, key, key_count);
    at = gz_map_get(&t->index, gz_buf_str(&s->name));
    if (at != GZ_MAP_NONE)
        return &t->row[at];
    if (!may_grow(s, err))
        return NULL;
    gz_map_put(&t->index, gz_buf_str(&s->name), NULL);
    s->rows++;
    return append_row(t, gz_buf_str(&s->name), table, period, key, key_count);
}

static struct gz_cell *
cell_of(struct gz_tally *t, struct gz_row *r, uint32_t measure)
{
    for (size_t i = 0; i < r->cell_count; i++)
        if (r->cell[i].measure == measure)
            return &r->cell[i];
    r->cell = room(r->cell, &r->cell_cap, r->cell_count, sizeof(*r->cell));
    r->cell[r->cell_count] = (struct gz_cell){ .measure = measure };
    t->held += 2 * sizeof(*r->cell);
    return &r->cell[r->cell_count++];
}

enum gz_err_kind
gz_tally_merge_cell(struct gz_tally *t, struct gz_row *r, struct gz_str measure,
                    const struct gz_cell *from, struct gz_err *err)
{
    struct gz_cell *c = cell_of(t, r, gz_map_put(&t->measure, measure, NULL));
    uint64_t before = gz_cell_held(c);

    gz_cell_merge(c, from, err);
    t->held += gz_cell_held(c) - before;
    return err->kind;
}

void
gz_tally_add(struct gz_tally *t, struct gz_row *r, const char *measure, uint64_t n)
{
    struct gz_cell more = { .number.units = (gz_i128)n };
    struct gz_err ignored = { 0 };

    for (int i = 0; i < GZ_DEC_PLACES; i++)
        more.number.units *= 10;
    gz_tally_merge_cell(t, r, gz_str_of(measure), &more, &ignored);
}

static const struct gz_str *
dup_list(struct gz_arena *a, const struct gz_str *from, size_t count)
{
    struct gz_str *to = gz_arena_new(a, struct gz_str, count);

    for (size_t i = 0; i < count; i++)
        to[i] = gz_arena_dup(a, from[i]);
    return to;
}

void
gz_tally_list(struct gz_tally *t, const struct gz_listed *l)
{
    struct gz_arena *a = &t->arena;

    t->listed = room(t->listed, &t->listed_cap, t->listed_count, sizeof(*t->listed));
    t->listed[t->listed_count++] = (struct gz_listed){
        .list = gz_arena_dup(a, l->list),
        .period = gz_arena_dup(a, l->period),
        .order = dup_list(a, l->order, l->order_count),
        .order_count = l->order_count,
        .column = dup_list(a, l->column, l->column_count),
        .value = dup_list(a, l->value, l->column_count),
        .column_count = l->column_count,
    };
}

void
gz_tally_label(struct gz_tally *t, struct gz_str dim, struct gz_str value,
               struct gz_str line)
{
    bool added;
    uint32_t at = gz_map_put(&t->label_index, line, &added);

    if (!added)
        return;
    t->label = room(t->label, &t->label_cap, t->label_count, sizeof(*t->label));
    t->label[t->label_count++] = (struct gz_label){
        gz_arena_dup(&t->arena, dim),
        gz_arena_dup(&t->arena, value),
        t->label_index.keys[at],
    };
}

// ---- reading lines ----

static enum gz_err_kind
bad_line(struct gz_err *err, const char *what)
{
    gz_err_code(err, "tally");
    return gz_err_data(err, what);
}

static enum gz_err_kind
read_head(struct gz_store *s, struct gz_tally *t, const struct gz_member *m,
          struct gz_err *err)
{
    struct gz_str period = gz_member_text(&m[M_PERIOD], &s->scratch);
    struct gz_str as_of = gz_member_text(&m[M_AS_OF], &s->scratch);
    struct gz_str version = gz_member_text(&m[M_V], &s->scratch);
    char id[17];

    if (!gz_str_is(version, "1")) {
        gz_err_code(err, "version");
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("tally of version '" GZ_STR_FMT "': this program reads 1"),
                          GZ_STR_ARG(gz_str_first(version, 20)));
    }
    if (m[M_PLAN].type != GZ_VALUE_OBJECT || m[M_SCHEME].type != GZ_VALUE_OBJECT)
        return bad_line(err, N_("a tally's head has no plan or no scheme"));
    gz_tally_id(m[M_PLAN].raw, m[M_SCHEME].raw, period, as_of, id);
    if (!gz_str_is(t->id, id))
        return bad_line(err, N_("the id of a tally's head does not fit its plan"));
    t->heads++;
    if (t->has_head)
        return GZ_OK;
    t->has_head = true;
    t->plan = gz_arena_dup(&t->arena, m[M_PLAN].raw);
    t->scheme = gz_arena_dup(&t->arena, m[M_SCHEME].raw);
    t->period = gz_arena_dup(&t->arena, period);
    t->as_of = gz_arena_dup(&t->arena, as_of);
    return GZ_OK;
}

struct cells {
    struct gz_tally *tally;
    struct gz_row *row;
    struct gz_err *err;
};

static void
each_cell(void *ctx, const struct gz_member *m)
{
    struct cells *c = ctx;
    struct gz_cell got = { 0 };

    if (c->err->kind || gz_cell_read(&got, m, c->err))
        return;
    gz_tally_merge_cell(c->tally, c->row, m->key, &got, c->err);
    gz_cell_release(&got);
}

enum gz_err_kind
gz_tally_read_cells(struct gz_tally *t, struct gz_row *r, const struct gz_member *m,
                    struct gz_arena *arena, struct gz_err *err)
{
    struct cells c = { t, r, err };

    gz_member_each(m, arena, each_cell, &c);
    return err->kind;
}

static enum gz_err_kind
read_row(struct gz_store *s, struct gz_tally *t, const struct gz_member *m,
         struct gz_err *err)
{
    struct gz_str table = gz_member_text(&m[M_TABLE], &s->scratch);
    struct gz_str period = gz_member_text(&m[M_PERIOD], &s->scratch);
    size_t key_count;
    struct gz_str *key;
    struct gz_row *row;

    if (!table.len || m[M_KEY].type != GZ_VALUE_ARRAY || m[M_M].type != GZ_VALUE_OBJECT)
        return bad_line(err, N_("a tally's row has no table, key or measures"));
    key = gz_member_list(&m[M_KEY], &s->scratch, &key_count);
    row = gz_store_row(s, t, table, period, key, key_count, err);
    if (!row)
        return err->kind;
    gz_tally_read_cells(t, row, &m[M_M], &s->scratch, err);
    t->rows_read += !err->kind; // a row that was read in part leaves the tally open
    return err->kind;
}

static enum gz_err_kind
read_listed(struct gz_store *s, struct gz_tally *t, const struct gz_member *m,
            struct gz_err *err)
{
    struct gz_listed l = { .list = gz_member_text(&m[M_LIST], &s->scratch),
                           .period = gz_member_text(&m[M_PERIOD], &s->scratch) };
    size_t values;

    l.order = gz_member_list(&m[M_ORDER], &s->scratch, &l.order_count);
    l.column = gz_member_list(&m[M_COLUMNS], &s->scratch, &l.column_count);
    l.value = gz_member_list(&m[M_VALUES], &s->scratch, &values);
    if (!l.list.len || values != l.column_count)
        return bad_line(err, N_("a list's columns and values differ in number"));
    gz_tally_list(t, &l);
    t->rows_read++;
    return GZ_OK;
}

// The members after rec and id as they stand, so that what a label has is kept.
static enum gz_err_kind
read_label(struct gz_store *s, struct gz_tally *t, struct gz_str line,
           const struct gz_member *m, struct gz_err *err)
{
    struct gz_str dim = gz_member_text(&m[M_DIM], &s->scratch);
    struct gz_str value = gz_member_text(&m[M_VALUE], &s->scratch);
    struct gz_buf rest = { 0 };
    struct gz_cursor c;
    struct gz_member one;

    if (!dim.len || !value.len)
        return bad_line(err, N_("a label has no dim or no value"));
    gz_cursor_open(&c, line, &s->scratch);
    while (gz_cursor_next(&c, &one, err) == GZ_CURSOR_MEMBER) {
        if (gz_str_is(one.key, "rec") || gz_str_is(one.key, "id"))
            continue;
        gz_buf_char(&rest, ',');
        gz_write_string(&rest, one.key);
        gz_buf_char(&rest, ':');
        gz_buf_add(&rest, one.raw);
    }
    gz_tally_label(t, dim, value, gz_buf_str(&rest));
    gz_buf_release(&rest);
    t->rows_read++;
    return GZ_OK;
}

enum gz_err_kind
gz_store_read(struct gz_store *s, struct gz_str line, struct gz_err *err)
{
    struct gz_member m[M_COUNT];
    struct gz_str rec, id;
    struct gz_tally *t;

    gz_arena_reset(&s->scratch);
    if (!gz_keyset_read(&s->keys, line, &s->scratch, m, err))
        return err->kind;
    rec = gz_member_text(&m[M_REC], &s->scratch);
    id = gz_member_text(&m[M_ID], &s->scratch);
    if (id.len != 16)
        return bad_line(err, N_("a line of a tally has no id of 16 digits"));
    if (s->count >= GZ_STORE_TALLIES && gz_map_get(&s->index, id) == GZ_MAP_NONE)
        return gz_err_set(
            err, GZ_ERR_LIMIT,
            _("more than %d different tallies in one stream: merge fewer at a time"),
            GZ_STORE_TALLIES);
    t = gz_store_tally(s, id);
    if (gz_str_is(rec, "tally"))
        return read_row(s, t, m, err);
    if (gz_str_is(rec, "tally_head"))
        return read_head(s, t, m, err);
    if (gz_str_is(rec, "listed"))
        return read_listed(s, t, m, err);
    if (gz_str_is(rec, "label"))
        return read_label(s, t, line, m, err);
    if (gz_str_is(rec, "tally_end")) {
        uint64_t rows;

        if (!gz_num_u64(gz_member_text(&m[M_ROWS], &s->scratch), &rows))
            return bad_line(err, N_("a tally's end does not say how many rows"));
        t->ends++;
        t->rows_said += rows;
        return GZ_OK;
    }
    return bad_line(err, N_("not a line of a tally"));
}

// ---- asking ----

bool
gz_tally_complete(const struct gz_tally *t)
{
    return t->has_head && t->heads == t->ends && t->rows_read == t->rows_said;
}

uint32_t
gz_tally_measure(const struct gz_tally *t, struct gz_str name)
{
    return gz_map_get(&t->measure, name);
}

const struct gz_cell *
gz_row_cell(const struct gz_row *r, uint32_t measure)
{
    for (size_t i = 0; i < r->cell_count; i++)
        if (r->cell[i].measure == measure)
            return &r->cell[i];
    return NULL;
}
