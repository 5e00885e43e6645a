// SPDX-License-Identifier: MIT
// The order of a tally's lines, and writing them.
#include "tally/order.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "io/json.h"
#include "record/writer.h"

enum { UNKNOWN_LIMIT = 1000 }; // of a list that the plan does not name

// ---- order ----

static size_t
table_rank(const struct gz_tally *t, struct gz_str name)
{
    if (name.len && name.ptr[0] == '_')
        return t->table_count + 1;
    for (size_t i = 0; i < t->table_count; i++)
        if (gz_str_eq(t->table[i], name))
            return i;
    return t->table_count;
}

static int
compare_keys(const struct gz_str *a, size_t an, const struct gz_str *b, size_t bn)
{
    for (size_t i = 0; i < an && i < bn; i++) {
        int c = gz_str_cmp(a[i], b[i]);

        if (c)
            return c;
    }
    return (an > bn) - (an < bn);
}

int
gz_row_compare(const struct gz_row *a, const struct gz_row *b)
{
    int c;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if ((c = gz_str_cmp(a->table, b->table)) || (c = gz_str_cmp(a->period, b->period)))
        return c;
    return compare_keys(a->key, a->key_count, b->key, b->key_count);
}

static int
by_row(const void *a, const void *b)
{
    return gz_row_compare(a, b);
}

static int
by_label(const void *a, const void *b)
{
    const struct gz_label *x = a, *y = b;
    int c = gz_str_cmp(x->dim, y->dim);

    if (c || (c = gz_str_cmp(x->value, y->value)))
        return c;
    return gz_str_cmp(x->line, y->line);
}

static int
by_listed(const void *a, const void *b)
{
    const struct gz_listed *x = a, *y = b;
    int c = gz_str_cmp(x->list, y->list);

    if (c || (c = gz_str_cmp(x->period, y->period)) ||
        (c = compare_keys(x->order, x->order_count, y->order, y->order_count)) ||
        (c = compare_keys(x->value, x->column_count, y->value, y->column_count)))
        return c;
    return compare_keys(x->column, x->column_count, y->column, y->column_count);
}

bool
gz_row_is_zero(struct gz_row *r)
{
    struct gz_buf scrap = { 0 };
    bool zero = true;

    for (size_t i = 0; zero && i < r->cell_count; i++)
        zero = r->cell[i].type == GZ_CELL_NUMBER ? r->cell[i].number.units == 0
                                                 : !gz_cell_write(&r->cell[i], &scrap);
    gz_buf_release(&scrap);
    return zero;
}

static void
drop_zero_rows(struct gz_tally *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->row_count; i++) {
        if (gz_row_is_zero(&t->row[i])) {
            gz_row_release(&t->row[i]);
        } else {
            t->row[kept++] = t->row[i];
        }
    }
    t->row_count = kept;
}

// ---- what the plan says about order and limits ----

static const gz_json *
named(const gz_json *array, struct gz_str name)
{
    for (size_t i = 0; i < gz_json_count(array); i++)
        if (gz_str_eq(gz_json_string(gz_json_get(gz_json_at(array, i), "name")), name))
            return gz_json_at(array, i);
    return NULL;
}

static void
read_tables(struct gz_tally *t, const gz_json *tables)
{
    size_t n = tables ? gz_json_count(tables) : 0;
    struct gz_str *table = gz_arena_new(&t->arena, struct gz_str, n);

    for (size_t i = 0; i < n; i++)
        table[i] = gz_arena_dup(
            &t->arena, gz_json_string(gz_json_get(gz_json_at(tables, i), "name")));
    t->table = table;
    t->table_count = n;
}

// How many records a list has in all: measure "n" of table "_list".
static uint64_t
listed_total(const struct gz_tally *t, const struct gz_listed *l)
{
    const struct gz_row *r = gz_tally_row(t, GZ_STR("_list"), l->period, &l->list, 1);
    const struct gz_cell *c = r ? gz_row_cell(r, gz_tally_measure(t, GZ_STR("n"))) : NULL;
    struct gz_dec n = { 0 };

    if (c && c->type == GZ_CELL_NUMBER)
        n = c->number;
    for (int i = 0; i < GZ_DEC_PLACES; i++)
        n.units /= 10;
    return (uint64_t)n.units;
}

// Keep the first records of each list and period.
static void
cut_lists(struct gz_tally *t, const gz_json *lists)
{
    size_t kept = 0, run = 0;

    for (size_t i = 0; i < t->listed_count; i++) {
        struct gz_listed *l = &t->listed[i];
        const gz_json *list = lists ? named(lists, l->list) : NULL;
        int64_t limit = gz_json_int(gz_json_get(list, "limit"), UNKNOWN_LIMIT);
        bool same = kept && gz_str_eq(t->listed[kept - 1].list, l->list) &&
                    gz_str_eq(t->listed[kept - 1].period, l->period);

        run = same ? run + 1 : 1;
        if ((int64_t)run > limit)
            continue;
        l->n = listed_total(t, l);
        t->listed[kept++] = *l;
    }
    t->listed_count = kept;
}

static void
sort_tally(struct gz_tally *t)
{
    struct gz_err err = { 0 };
    struct gz_json_doc *doc = t->has_head ? gz_json_parse(t->plan, "plan", &err) : NULL;
    const gz_json *plan = doc ? gz_json_root(doc) : NULL;

    read_tables(t, gz_json_get(plan, "tables"));
    drop_zero_rows(t);
    for (size_t i = 0; i < t->row_count; i++)
        t->row[i].rank = table_rank(t, t->row[i].table);
    if (t->row_count)
        qsort(t->row, t->row_count, sizeof(*t->row), by_row);
    if (t->label_count)
        qsort(t->label, t->label_count, sizeof(*t->label), by_label);
    if (t->listed_count)
        qsort(t->listed, t->listed_count, sizeof(*t->listed), by_listed);
    cut_lists(t, gz_json_get(plan, "lists"));
    gz_json_free(doc);
}

static int
by_id(const void *a, const void *b)
{
    return gz_str_cmp((*(struct gz_tally *const *)a)->id,
                      (*(struct gz_tally *const *)b)->id);
}

// A tally without rows is dropped when there is another with rows.
static void
keep_some(struct gz_store *s)
{
    bool any = false;

    s->kept = 0;
    for (size_t i = 0; i < s->count; i++)
        any = any || s->tally[i]->row_count || s->tally[i]->runs;
    for (size_t i = 0; i < s->count; i++) {
        struct gz_tally *t = s->tally[i];

        if (!any || t->row_count || t->runs || !gz_tally_complete(t)) {
            s->tally[i] = s->tally[s->kept];
            s->tally[s->kept++] = t;
        }
    }
}

enum gz_err_kind
gz_store_sort(struct gz_store *s, struct gz_err *err)
{
    if (s->files && gz_store_spill(s, err))
        return err->kind;
    for (size_t i = 0; i < s->count; i++)
        sort_tally(s->tally[i]);
    if (s->count)
        qsort(s->tally, s->count, sizeof(struct gz_tally *), by_id);
    keep_some(s);
    return GZ_OK;
}

// ---- asking for rows ----

void
gz_tally_table(const struct gz_tally *t, struct gz_str table, size_t *first, size_t *end)
{
    size_t i = 0;

    while (i < t->row_count && !gz_str_eq(t->row[i].table, table))
        i++;
    *first = i;
    while (i < t->row_count && gz_str_eq(t->row[i].table, table))
        i++;
    *end = i;
}

const struct gz_row *
gz_tally_row(const struct gz_tally *t, struct gz_str table, struct gz_str period,
             const struct gz_str *key, size_t key_count)
{
    struct gz_row want = {
        .table = table,
        .period = period,
        .key = key,
        .key_count = key_count,
        .rank = table_rank(t, table),
    };
    size_t from = 0, to = t->row_count;

    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int c = gz_row_compare(&t->row[mid], &want);

        if (c == 0)
            return &t->row[mid];
        if (c < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

enum gz_err_kind
gz_tally_each(struct gz_tally *t, struct gz_str table, bool whole, gz_each_row *each,
              void *ctx, struct gz_err *err)
{
    struct gz_run *run = gz_mem_alloc(t->runs + 1, sizeof(*run));
    size_t runs = 0, first, end;

    for (size_t i = 0; i < t->runs; i++)
        if (gz_str_eq(t->run[i].table, table))
            run[runs++] = t->run[i];
    if (runs)
        gz_runs_merge(t, run, runs, whole, each, ctx, err);
    free(run);
    gz_tally_table(t, table, &first, &end);
    for (; first < end && !err->kind; first++)
        each(ctx, &t->row[first], (struct gz_str){ NULL, 0 }, err);
    return err->kind;
}

// ---- writing ----

static void
write_head(const struct gz_tally *t, struct gz_buf *out)
{
    gz_write_begin(out, "tally_head");
    gz_write_u64(out, "v", 1);
    gz_write_text(out, "id", t->id);
    gz_buf_lit(out, ",\"plan\":");
    gz_buf_add(out, t->plan);
    gz_buf_lit(out, ",\"scheme\":");
    gz_buf_add(out, t->scheme);
    gz_write_text(out, "period", t->period);
    gz_write_text(out, "as_of", t->as_of);
    gz_write_end(out);
}

static int
by_name(const void *a, const void *b, void *tally)
{
    const struct gz_map *names = &((struct gz_tally *)tally)->measure;

    return gz_str_cmp(names->keys[((const struct gz_cell *)a)->measure],
                      names->keys[((const struct gz_cell *)b)->measure]);
}

void
gz_row_write(struct gz_tally *t, struct gz_row *r, struct gz_buf *out)
{
    bool any = false;

    gz_write_begin(out, "tally");
    gz_write_text(out, "id", t->id);
    gz_write_text(out, "table", r->table);
    gz_buf_lit(out, ",\"key\":[");
    for (size_t i = 0; i < r->key_count; i++) {
        if (i)
            gz_buf_char(out, ',');
        gz_write_string(out, r->key[i]);
    }
    gz_buf_char(out, ']');
    gz_write_text(out, "period", r->period);
    gz_buf_lit(out, ",\"m\":");
    // The order in which names came depends on the split; their bytes do not.
    if (r->cell_count)
        qsort_r(r->cell, r->cell_count, sizeof(*r->cell), by_name, t);
    for (size_t i = 0; i < r->cell_count; i++) {
        size_t before = out->len;

        gz_buf_char(out, any ? ',' : '{');
        gz_write_string(out, t->measure.keys[r->cell[i].measure]);
        gz_buf_char(out, ':');
        if (gz_cell_write(&r->cell[i], out))
            any = true;
        else
            out->len = before;
    }
    gz_buf_char(out, '}');
    gz_write_end(out);
}

static void
write_listed(const struct gz_tally *t, const struct gz_listed *l, struct gz_buf *out)
{
    gz_write_begin(out, "listed");
    gz_write_text(out, "id", t->id);
    gz_write_text(out, "list", l->list);
    gz_write_text(out, "period", l->period);
    gz_write_u64(out, "n", l->n);
    gz_write_list(out, "order", l->order, l->order_count);
    gz_write_list(out, "columns", l->column, l->column_count);
    gz_write_list(out, "values", l->value, l->column_count);
    gz_write_end(out);
}

static void
write_label(const struct gz_tally *t, const struct gz_label *l, struct gz_buf *out)
{
    gz_write_begin(out, "label");
    gz_write_text(out, "id", t->id);
    gz_buf_add(out, l->line);
    gz_write_end(out);
}

struct writing {
    struct gz_tally *tally;
    struct gz_buf *out;
    enum gz_err_kind (*flush)(void *ctx, struct gz_err *err);
    void *ctx;
    uint64_t rows;
};

static enum gz_err_kind
put_row(void *ctx, struct gz_row *row, struct gz_str line, struct gz_err *err)
{
    struct writing *w = ctx;
    uint64_t most = w->tally->max_rows;

    if (most && w->rows == most)
        return gz_err_set(err, GZ_ERR_LIMIT,
                          _("more than %llu rows; --max-rows raises the limit"),
                          (unsigned long long)most);
    w->rows++;
    if (line.len)
        gz_buf_add(w->out, line);
    else
        gz_row_write(w->tally, row, w->out);
    return w->flush(w->ctx, err);
}

// Tables that have runs, before the others: those whose names begin with '_'.
static enum gz_err_kind
write_rows(struct writing *w, struct gz_err *err)
{
    struct gz_tally *t = w->tally;
    size_t count = 0;
    struct gz_row *table = gz_mem_zalloc(t->runs + 1, sizeof(*table));

    for (size_t i = 0; i < t->runs; i++) {
        size_t k = 0;

        while (k < count && !gz_str_eq(table[k].table, t->run[i].table))
            k++;
        if (k == count)
            table[count++] = (struct gz_row){ .table = t->run[i].table,
                                              .rank = table_rank(t, t->run[i].table) };
    }
    qsort(table, count, sizeof(*table), by_row);
    for (size_t i = 0; i < count && !err->kind; i++)
        gz_tally_each(t, table[i].table, false, put_row, w, err);
    free(table);
    for (size_t i = 0; i < t->row_count && !err->kind; i++)
        put_row(w, &t->row[i], (struct gz_str){ NULL, 0 }, err);
    return err->kind;
}

enum gz_err_kind
gz_tally_write(struct gz_tally *t, struct gz_buf *out,
               enum gz_err_kind (*flush)(void *ctx, struct gz_err *err), void *ctx,
               struct gz_err *err)
{
    struct writing w = { t, out, flush, ctx, 0 };

    if (t->has_head)
        write_head(t, out);
    if (write_rows(&w, err))
        return err->kind;
    for (size_t i = 0; i < t->label_count; i++) {
        write_label(t, &t->label[i], out);
        if (flush(ctx, err))
            return err->kind;
    }
    for (size_t i = 0; i < t->listed_count; i++) {
        write_listed(t, &t->listed[i], out);
        if (flush(ctx, err))
            return err->kind;
    }
    if (gz_tally_complete(t)) {
        gz_write_begin(out, "tally_end");
        gz_write_text(out, "id", t->id);
        gz_write_u64(out, "rows", w.rows + t->label_count + t->listed_count);
        gz_write_end(out);
    }
    return flush(ctx, err);
}
