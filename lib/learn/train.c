// SPDX-License-Identifier: MIT
#include "learn/train.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "learn/calibrate.h"
#include "route/model.h"

// Beyond this many examples times classes one fold is calibration enough.
enum { CALIBRATION_WORK = 4 * 1000 * 1000 };

struct trainer {
    const struct gz_corpus *c;
    const uint32_t *pick;
    size_t picks;
    const struct gz_train_options *o;
    struct gz_arena arena;
    struct gz_str *label; // sorted; with examples enough
    uint32_t *size;       // examples of each
    size_t labels;
    uint32_t levels; // of the deepest label; 1 in a flat model
    uint32_t *rank;  // of each label of the corpus, or UINT32_MAX
    struct gz_tree tree;
    uint32_t *row; // scratch of the fits

    struct gz_model_head head;
    struct gz_model_node *node;
    struct gz_model_class *class;
    struct gz_buf names;
    struct gz_buf parts; // bitmaps and rows; offsets count from its start at first
};

struct gz_train_options
gz_train_defaults(void)
{
    return (struct gz_train_options){
        .fit = { .cost = 2,
                 .base = 0.15,
                 .min_df = 2,
                 .balance = 1,
                 .precision = 0.1,
                 .max_bytes = 56 * 1024 * 1024 },
        .min_examples = 2,
        .folds = 4,
        .form = GZ_TREE_LEVELS,
    };
}

struct gz_gram_rules
gz_train_grams(void)
{
    return (struct gz_gram_rules){ .han_max = 2, .word_max = 2 };
}

// ---- labels ----

struct counted {
    struct gz_str label;
    uint32_t number; // in the corpus
    uint32_t size;
};

static int
by_label(const void *a, const void *b)
{
    return gz_str_cmp(((const struct counted *)a)->label,
                      ((const struct counted *)b)->label);
}

static enum gz_err_kind
sort_labels(struct trainer *t, struct gz_err *err)
{
    size_t all = t->c->labels.count;
    struct counted *list = gz_arena_new(&t->arena, struct counted, all + 1);

    t->label = gz_arena_new(&t->arena, struct gz_str, all + 1);
    t->size = gz_arena_new(&t->arena, uint32_t, all + 1);
    t->rank = gz_arena_new(&t->arena, uint32_t, all + 1);
    for (uint32_t i = 0; i < all; i++)
        list[i] = (struct counted){ t->c->labels.keys[i], i, 0 };
    for (size_t i = 0; i < t->picks; i++)
        list[t->c->example[t->pick[i]].label].size++;
    qsort(list, all, sizeof(*list), by_label);
    for (size_t i = 0; i < all; i++) {
        t->rank[list[i].number] = UINT32_MAX;
        if (list[i].size < t->o->min_examples || list[i].size == 0)
            continue;
        t->rank[list[i].number] = (uint32_t)t->labels;
        t->label[t->labels] = list[i].label;
        t->size[t->labels++] = list[i].size;
    }
    if (t->labels < 2)
        return gz_err_set(
            err, GZ_ERR_USAGE,
            _("nothing to tell apart: %zu labels with %lu examples or more, "
              "expected two at least"),
            t->labels, (unsigned long)t->o->min_examples);
    if (t->labels > 50000)
        return gz_err_set(err, GZ_ERR_LIMIT, _("%zu labels, expected at most 50000"),
                          t->labels);
    return GZ_OK;
}

static uint32_t
count_levels(const struct trainer *t)
{
    uint32_t most = 1;

    for (size_t i = 0; i < t->labels && t->o->form == GZ_TREE_LEVELS; i++) {
        uint32_t n = 1;

        for (size_t j = 0; j < t->label[i].len; j++)
            n += t->label[i].ptr[j] == '/';
        most = n > most ? n : most;
    }
    return most;
}

// ---- one node ----

// The examples below a fork, and which branch each belongs to.
struct below {
    uint32_t *pick;
    uint32_t *class;
    size_t count;
};

static struct below
examples_below(const struct trainer *t, const struct gz_fork *f)
{
    struct below b = { gz_mem_alloc(t->picks + 1, sizeof(uint32_t)),
                       gz_mem_alloc(t->picks + 1, sizeof(uint32_t)), 0 };
    uint32_t *branch_of = gz_mem_alloc(t->labels, sizeof(*branch_of));

    for (uint32_t k = 0; k < f->count; k++)
        for (uint32_t i = t->tree.branch[f->first + k].first;
             i < t->tree.branch[f->first + k].end; i++)
            branch_of[i] = k;
    for (size_t i = 0; i < t->picks; i++) {
        uint32_t rank = t->rank[t->c->example[t->pick[i]].label];

        if (rank == UINT32_MAX || rank < f->label_first || rank >= f->label_end)
            continue;
        b.pick[b.count] = t->pick[i];
        b.class[b.count++] = branch_of[rank];
    }
    free(branch_of);
    return b;
}

// Train on all folds but one, and take the margins of that one.
static enum gz_err_kind
hold_out(struct trainer *t, const struct below *b, uint32_t classes,
         const struct gz_fit_options *o, const uint32_t *fold, uint32_t out,
         double *margin, uint32_t *class, size_t *held, struct gz_err *err)
{
    struct below rest = { gz_mem_alloc(b->count, sizeof(uint32_t)),
                          gz_mem_alloc(b->count, sizeof(uint32_t)), 0 };
    struct gz_fit f;

    for (size_t i = 0; i < b->count; i++) {
        if (fold[i] == out)
            continue;
        rest.pick[rest.count] = b->pick[i];
        rest.class[rest.count++] = b->class[i];
    }
    if (!gz_fit_train(&f, t->c, rest.pick, rest.class, rest.count, classes, o, t->row,
                      err))
        for (size_t i = 0; i < b->count; i++) {
            if (fold[i] != out)
                continue;
            gz_fit_margins(&f, t->c, b->pick[i], margin + *held * classes);
            class[(*held)++] = b->class[i];
        }
    gz_fit_release(&f);
    free(rest.pick);
    free(rest.class);
    return err->kind;
}

static enum gz_err_kind
calibrate_node(struct trainer *t, const struct below *b, uint32_t classes,
               const struct gz_fit_options *o, double *heat, double *shift,
               struct gz_err *err)
{
    uint32_t folds = t->o->folds, rounds = folds;
    uint32_t *fold = gz_mem_zalloc(b->count, sizeof(*fold));
    uint32_t *next = gz_mem_zalloc(classes, sizeof(*next));
    uint32_t *class = gz_mem_zalloc(b->count, sizeof(*class));
    double *margin;
    size_t held = 0;

    if (b->count * classes > CALIBRATION_WORK)
        rounds = 1;
    margin = gz_mem_zalloc(b->count / (rounds == 1 ? 2 : 1) + classes,
                           classes * sizeof(double));
    // The examples of a class go to the folds by turns, so that all have some.
    for (size_t i = 0; folds > 1 && i < b->count; i++)
        fold[i] = (b->class[i] + next[b->class[i]]++) % folds;
    for (uint32_t i = 0; folds > 1 && i < rounds && !err->kind; i++)
        hold_out(t, b, classes, o, fold, i, margin, class, &held, err);
    if (!err->kind)
        gz_calibrate(margin, class, held, classes, heat, shift);
    free(fold);
    free(next);
    free(class);
    free(margin);
    return err->kind;
}

// ---- the image ----

static void
align(struct gz_buf *b)
{
    while (b->len % 8)
        gz_buf_char(b, 0);
}

static void
put(struct gz_buf *b, const void *bytes, size_t len)
{
    gz_buf_add(b, (struct gz_str){ bytes, len });
}

static void
put_index(struct trainer *t, struct gz_model_node *n, const struct gz_fit *f)
{
    size_t slots = (size_t)1 << (f->bits - 5);
    struct gz_model_slot *slot = gz_mem_zalloc(slots, sizeof(*slot));
    uint32_t rows = 0;

    for (uint32_t i = 0; i < f->rows; i++) {
        uint64_t bit = t->c->hash[f->term[i]] & (((uint64_t)1 << f->bits) - 1);

        slot[bit / 32].set |= (uint32_t)1 << (bit % 32);
    }
    for (size_t i = 0; i < slots; i++) {
        slot[i].before = rows;
        rows += (uint32_t)__builtin_popcountll(slot[i].set);
    }
    align(&t->parts);
    n->index = t->parts.len;
    put(&t->parts, slot, slots * sizeof(*slot));
    free(slot);
}

static void
put_rows(struct trainer *t, struct gz_model_node *n, const struct gz_fit *f)
{
    char *row;

    align(&t->parts);
    n->row = t->parts.len;
    n->rows = f->rows;
    n->bits = f->bits;
    n->stride = 4 + (f->classes + 7) / 8 * 8;
    row = gz_buf_need(&t->parts, (size_t)n->rows * n->stride);
    memset(row, 0, (size_t)n->rows * n->stride);
    t->parts.len += (size_t)n->rows * n->stride;
    for (uint32_t i = 0; i < f->rows; i++, row += n->stride) {
        uint16_t mark = (uint16_t)(t->c->hash[f->term[i]] >> 32);

        memcpy(row, &mark, 2);
        memcpy(row + 2, &f->gain[i], 2);
        for (uint32_t k = 0; k < f->classes; k++)
            row[4 + k] = (char)f->weight[(size_t)k * f->rows + i];
    }
}

// A value is gain * times in steps of 1/128 there, of another size here: only their
// proportions count, since each block is brought to length 1.
static void
put_classes(struct trainer *t, const struct gz_fork *fork, const struct gz_fit *f,
            const double *shift)
{
    for (uint32_t k = 0; k < fork->count; k++) {
        const struct gz_branch *b = &t->tree.branch[fork->first + k];
        struct gz_model_class *m = &t->class[fork->first + k];

        *m = (struct gz_model_class){ .scale = f->scale[k],
                                      .bias = f->bias[k],
                                      .shift = shift[k],
                                      .name = (uint32_t)t->names.len,
                                      .name_len = (uint32_t)b->path.len,
                                      .node = b->node };
        for (uint32_t i = b->first; i < b->end; i++)
            m->examples += t->size[i];
        t->head.leaves += b->node == UINT32_MAX;
        gz_buf_add(&t->names, b->path);
    }
}

static enum gz_err_kind
train_node(struct trainer *t, size_t number, struct gz_err *err)
{
    const struct gz_fork *fork = &t->tree.fork[number];
    struct gz_model_node *n = &t->node[number];
    struct gz_fit_options o = t->o->fit;
    struct below b = examples_below(t, fork);
    double *shift = gz_mem_zalloc(fork->count, sizeof(*shift));
    struct gz_fit f = { 0 };

    // Every level has the same share, and a node of it by the examples it learns from.
    o.max_bytes /= t->levels;
    o.max_bytes = (uint64_t)((double)o.max_bytes * (double)b.count / (double)t->picks);
    n->class_first = fork->first;
    n->class_count = fork->count;
    if (!calibrate_node(t, &b, fork->count, &o, &n->heat, shift, err) &&
        !gz_fit_train(&f, t->c, b.pick, b.class, b.count, fork->count, &o, t->row, err)) {
        put_index(t, n, &f);
        put_rows(t, n, &f);
        put_classes(t, fork, &f, shift);
    }
    gz_fit_release(&f);
    free(b.pick);
    free(b.class);
    free(shift);
    return err->kind;
}

static void
put_image(struct trainer *t, struct gz_buf *image)
{
    uint64_t at;

    align(&t->names);
    t->head.names = (uint32_t)t->names.len;
    at = sizeof(t->head) + t->tree.forks * sizeof(*t->node) +
         t->tree.branches * sizeof(*t->class) + t->names.len;
    for (size_t i = 0; i < t->tree.forks; i++) {
        t->node[i].index += at;
        t->node[i].row += at;
    }
    put(image, &t->head, sizeof(t->head));
    put(image, t->node, t->tree.forks * sizeof(*t->node));
    put(image, t->class, t->tree.branches * sizeof(*t->class));
    put(image, t->names.ptr, t->names.len);
    put(image, t->parts.ptr, t->parts.len);
    align(image);
    gz_model_seal(image);
}

enum gz_err_kind
gz_train(const struct gz_corpus *c, const uint32_t *pick, size_t picks,
         const struct gz_train_options *o, struct gz_buf *image, struct gz_err *err)
{
    struct trainer t = { .c = c, .pick = pick, .picks = picks, .o = o };

    if (sort_labels(&t, err)) {
        gz_arena_free(&t.arena);
        return err->kind;
    }
    t.levels = count_levels(&t);
    gz_tree_make(&t.tree, t.label, t.labels, o->form, &t.arena);
    t.head = (struct gz_model_head){ .version = GZ_MODEL_VERSION,
                                     .nodes = (uint32_t)t.tree.forks,
                                     .classes = (uint32_t)t.tree.branches,
                                     .rules = c->rules,
                                     .folded = gz_fold_has_opencc() };
    memcpy(t.head.magic, GZ_MODEL_MAGIC, sizeof(t.head.magic));
    for (size_t i = 0; i < t.labels; i++)
        t.head.examples += t.size[i];
    t.node = gz_arena_new(&t.arena, struct gz_model_node, t.tree.forks);
    t.class = gz_arena_new(&t.arena, struct gz_model_class, t.tree.branches);
    t.row = gz_mem_zalloc(c->distinct + 1, sizeof(*t.row));
    for (size_t i = 0; i < t.tree.forks && !err->kind; i++)
        train_node(&t, i, err);
    if (!err->kind)
        put_image(&t, image);
    free(t.row);
    gz_buf_release(&t.names);
    gz_buf_release(&t.parts);
    gz_arena_free(&t.arena);
    return err->kind;
}
