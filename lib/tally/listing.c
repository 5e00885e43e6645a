// SPDX-License-Identifier: MIT
// The first records of a list, in its order.
#include <stdlib.h>

#include "base/mem.h"
#include "tally/counter.h"

struct comparing {
    size_t parts;
};

static int
by_parts(const void *a, const void *b, void *ctx)
{
    const struct gz_c_entry *x = a, *y = b;
    size_t parts = ((struct comparing *)ctx)->parts;

    for (size_t i = 0; i < parts; i++) {
        int c = gz_str_cmp(x->part[i], y->part[i]);

        if (c)
            return c;
    }
    return 0;
}

static size_t
parts_of(const struct gz_c_list *l)
{
    return l->list->order_count + 1 + l->list->column_count;
}

static void
cut(struct gz_c_list *l)
{
    struct comparing ctx = { parts_of(l) };

    if (l->count)
        qsort_r(l->entry, l->count, sizeof(*l->entry), by_parts, &ctx);
    while (l->count > l->list->limit)
        free(l->entry[--l->count].part);
}

// One block: the views, then their bytes.
static struct gz_c_entry
keep(const struct gz_str *part, size_t parts)
{
    struct gz_c_entry e;
    size_t bytes = 0;
    char *at;

    for (size_t i = 0; i < parts; i++)
        bytes = gz_mem_add(bytes, part[i].len);
    e.part = gz_mem_alloc(gz_mem_add(gz_mem_mul(parts, sizeof(*part)), bytes), 1);
    at = (char *)(e.part + parts);
    for (size_t i = 0; i < parts; i++) {
        e.part[i] = (struct gz_str){ at, part[i].len };
        if (part[i].len)
            memcpy(at, part[i].ptr, part[i].len);
        at += part[i].len;
    }
    return e;
}

static struct gz_str
value_of(struct gz_counter *c, int dim)
{
    return gz_counter_text(c, &c->dim[dim]);
}

void
gz_counter_list(struct gz_counter *c, struct gz_c_list *l)
{
    size_t order = l->list->order_count, parts = parts_of(l);
    struct gz_str *part;

    if (!gz_counter_holds(c, l->cond) || !gz_counter_is_asked(c, l->moment))
        return;
    l->n++;
    part = gz_arena_new(&c->slots.record, struct gz_str, parts);
    for (size_t i = 0; i < order; i++)
        part[i] = value_of(c, l->order[i]);
    part[order] = gz_slot_text(&c->slots, l->id_slot);
    for (size_t i = 0; i < l->list->column_count; i++)
        part[order + 1 + i] = value_of(c, l->column[i]);
    if (l->count == l->cap) {
        cut(l);
        if (l->count > l->cap / 2 || l->cap == 0) {
            l->cap = l->cap ? l->cap * 2 : 16;
            l->entry = gz_mem_realloc(l->entry, l->cap, sizeof(*l->entry));
        }
    }
    l->entry[l->count++] = keep(part, parts);
}

enum gz_err_kind
gz_counter_finish_list(struct gz_counter *c, struct gz_c_list *l, struct gz_err *err)
{
    struct gz_tally *t = gz_store_tally(c->store, c->id);
    size_t order = l->list->order_count + 1;
    struct gz_str *column = gz_arena_new(c->arena, struct gz_str, l->list->column_count);

    if (l->n && gz_counter_note(c, "_list", &l->list->name, 1, "n", l->n, err))
        return err->kind;
    for (size_t i = 0; i < l->list->column_count; i++)
        column[i] = l->list->column[i].name;
    cut(l);
    for (size_t i = 0; i < l->count; i++) {
        struct gz_listed one = {
            .list = l->list->name,
            .order = l->entry[i].part,
            .order_count = order,
            .column = column,
            .value = l->entry[i].part + order,
            .column_count = l->list->column_count,
        };

        gz_tally_list(t, &one);
    }
    return GZ_OK;
}

void
gz_counter_free_list(struct gz_c_list *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->entry[i].part);
    free(l->entry);
    l->entry = NULL;
    l->count = 0;
}
