// SPDX-License-Identifier: MIT
#include "learn/fit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "learn/svm.h"
#include "route/model.h"
#include "route/predict.h"

// Each row has this many bits in the index: so many n-grams that were never seen miss it.
enum { SPARSE = 8, MIN_BITS = 10, MAX_BITS = 26 };

// ---- which terms, and what they are worth ----

// The classes in which each term stands: for term t, postings [first[t], first[t + 1]).
struct postings {
    size_t *first;
    uint32_t *class;
};

static struct postings
make_postings(const struct gz_corpus *c, const uint32_t *pick, const uint32_t *class,
              size_t picks)
{
    struct postings p = { gz_mem_zalloc(c->distinct + 2, sizeof(size_t)), NULL };

    for (size_t i = 0; i < picks; i++) {
        const struct gz_example *e = &c->example[pick[i]];

        for (size_t j = 0; j < e->count; j++)
            p.first[c->term[e->first + j].term + 2]++;
    }
    for (size_t t = 0; t < c->distinct; t++)
        p.first[t + 2] += p.first[t + 1];
    p.class = gz_mem_alloc(p.first[c->distinct + 1] + 1, sizeof(*p.class));
    for (size_t i = 0; i < picks; i++) {
        const struct gz_example *e = &c->example[pick[i]];

        for (size_t j = 0; j < e->count; j++)
            p.class[p.first[c->term[e->first + j].term + 1]++] = class[i];
    }
    return p;
}

// 1 - entropy of the term's classes, in shares of the most there can be. Every class is
// given a little of every term, so that a term seen twice proves less than one seen
// often.
static double
concentration(const uint32_t *in, size_t df, const uint32_t *size, uint32_t classes,
              uint32_t *count)
{
    const double little = 0.002;
    double all = little * classes, entropy = 0;
    uint32_t met = 0;

    for (size_t i = 0; i < df; i++)
        count[in[i]]++;
    for (size_t i = 0; i < df; i++)
        all += 1.0 / size[in[i]];
    for (size_t i = 0; i < df; i++) {
        uint32_t k = in[i];
        double share;

        if (count[k] == 0)
            continue;
        share = ((double)count[k] / size[k] + little) / all;
        entropy -= share * log(share);
        count[k] = 0;
        met++;
    }
    if (met < classes)
        entropy -= (classes - met) * (little / all) * log(little / all);
    return 1 - entropy / log(classes);
}

struct candidate {
    uint32_t term;
    uint32_t df;
    uint64_t bit;
    double gain;
};

static int
by_worth(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    double wx = x->gain * sqrt(x->df), wy = y->gain * sqrt(y->df);

    if (wx > wy || wx < wy)
        return wx > wy ? -1 : 1;
    return x->term < y->term ? -1 : x->term > y->term;
}

static int
by_bit(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->bit != y->bit)
        return x->bit < y->bit ? -1 : 1;
    return by_worth(a, b);
}

static size_t
find_candidates(struct candidate *to, const struct gz_corpus *c, const struct postings *p,
                const uint32_t *size, uint32_t classes, size_t picks,
                const struct gz_fit_options *o)
{
    uint32_t *count = gz_mem_zalloc(classes, sizeof(*count));
    size_t n = 0;

    for (size_t t = 0; t < c->distinct; t++) {
        size_t df = p->first[t + 1] - p->first[t];
        double idf, gain;

        if (df < o->min_df)
            continue;
        idf = 1 + log((1 + (double)picks) / (1 + (double)df));
        gain = idf * (o->base +
                      concentration(p->class + p->first[t], df, size, classes, count));
        to[n++] = (struct candidate){ (uint32_t)t, (uint32_t)df, 0, gain };
    }
    free(count);
    return n;
}

static uint16_t
gain_steps(double gain)
{
    double steps = gain * GZ_MODEL_GAIN + 0.5;

    return steps < 1 ? 1 : steps > 65535 ? 65535 : (uint16_t)steps;
}

// Choose the rows: as many as the size allows, one a bit of the index, in its order.
static void
choose_rows(struct gz_fit *f, const struct gz_corpus *c, struct candidate *list, size_t n,
            const struct gz_fit_options *o)
{
    // Beside a row, the index takes two to four bytes for it.
    size_t room = o->max_bytes / (4 + (f->classes + 7) / 8 * 8 + 4);

    if (n > room) {
        qsort(list, n, sizeof(*list), by_worth);
        n = room;
    }
    f->bits = MIN_BITS;
    while (f->bits < MAX_BITS && (size_t)1 << f->bits < n * SPARSE)
        f->bits++;
    for (size_t i = 0; i < n; i++)
        list[i].bit = c->hash[list[i].term] & (((uint64_t)1 << f->bits) - 1);
    qsort(list, n, sizeof(*list), by_bit);
    f->term = gz_mem_alloc(n + 1, sizeof(*f->term));
    f->gain = gz_mem_alloc(n + 1, sizeof(*f->gain));
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && list[i].bit == list[i - 1].bit)
            continue;
        f->term[f->rows] = list[i].term;
        f->gain[f->rows] = gain_steps(list[i].gain);
        f->row[list[i].term] = ++f->rows;
    }
}

static void
find_rows(struct gz_fit *f, const struct gz_corpus *c, const uint32_t *pick,
          const uint32_t *class, size_t picks, const uint32_t *size,
          const struct gz_fit_options *o)
{
    struct postings p = make_postings(c, pick, class, picks);
    struct candidate *list = gz_mem_alloc(c->distinct + 1, sizeof(*list));
    size_t n = find_candidates(list, c, &p, size, f->classes, picks, o);

    choose_rows(f, c, list, n, o);
    free(list);
    free(p.first);
    free(p.class);
}

// ---- vectors ----

static int
by_column(const void *a, const void *b)
{
    const struct gz_svm_cell *x = a, *y = b;

    return x->column < y->column ? -1 : x->column > y->column;
}

// The example as a vector: each block brought to its weight; then the bias. Returns the
// cells used, the end mark among them.
static size_t
make_vector(const struct gz_fit *f, const struct gz_corpus *c, const struct gz_example *e,
            struct gz_svm_cell *cell)
{
    double squares[GZ_BLOCKS] = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < e->count; i++) {
        const struct gz_term *t = &c->term[e->first + i];
        uint32_t row = f->row[t->term];
        double x;

        if (!row)
            continue;
        x = (double)gz_view_times(t->times) * f->gain[row - 1];
        squares[c->block[t->term]] += x * x;
        cell[n++] = (struct gz_svm_cell){ (int)row, x };
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t block = c->block[f->term[cell[i].column - 1]];

        cell[i].value *= gz_block_weight((enum gz_block)block) / sqrt(squares[block]);
    }
    qsort(cell, n, sizeof(*cell), by_column);
    cell[n++] = (struct gz_svm_cell){ (int)f->rows + 1, 1 };
    cell[n++] = (struct gz_svm_cell){ -1, 0 };
    return n;
}

// ---- training ----

// Steps of 1/127 of the largest weight.
static void
quantise(struct gz_fit *f, uint32_t class, const double *weight)
{
    int8_t *to = f->weight + (size_t) class * f->rows;
    double top = 0;

    for (uint32_t i = 0; i < f->rows; i++)
        top = fabs(weight[i]) > top ? fabs(weight[i]) : top;
    f->scale[class] = top / 127;
    for (uint32_t i = 0; top > 0 && i < f->rows; i++)
        to[i] = (int8_t)lround(weight[i] / f->scale[class]);
    f->bias[class] = weight[f->rows];
}

static double
cost_of(uint32_t size, size_t picks, uint32_t classes, double balance)
{
    double ratio = size ? pow((double)picks / classes / size, balance) : 1;

    return ratio < 0.2 ? 0.2 : ratio > 10 ? 10 : ratio;
}

static enum gz_err_kind
train_classes(struct gz_fit *f, struct gz_svm_problem *p, const uint32_t *class,
              const uint32_t *size, double balance, struct gz_err *err)
{
    double *weight = gz_mem_zalloc(p->columns, sizeof(*weight));

    for (uint32_t k = 0; k < f->classes && !err->kind; k++) {
        for (size_t i = 0; i < p->count; i++)
            p->side[i] = class[i] == k ? 1 : -1;
        p->positive = cost_of(size[k], p->count, f->classes, balance);
        if (!gz_svm_train(p, weight, err))
            quantise(f, k, weight);
    }
    free(weight);
    return err->kind;
}

static enum gz_err_kind
train_vectors(struct gz_fit *f, const struct gz_corpus *c, const uint32_t *pick,
              const uint32_t *class, size_t picks, const uint32_t *size,
              const struct gz_fit_options *o, struct gz_err *err)
{
    struct gz_svm_problem p = { .count = picks,
                                .columns = (size_t)f->rows + 1,
                                .cost = o->cost,
                                .precision = o->precision };
    struct gz_svm_cell *cells;
    size_t most = 0, at = 0;

    for (size_t i = 0; i < picks; i++)
        most += c->example[pick[i]].count + 2;
    cells = gz_mem_alloc(most, sizeof(*cells));
    p.vector = gz_mem_alloc(picks, sizeof(*p.vector));
    p.side = gz_mem_alloc(picks, sizeof(*p.side));
    for (size_t i = 0; i < picks; i++) {
        p.vector[i] = cells + at;
        at += make_vector(f, c, &c->example[pick[i]], cells + at);
    }
    train_classes(f, &p, class, size, o->balance, err);
    free(cells);
    free(p.vector);
    free(p.side);
    return err->kind;
}

enum gz_err_kind
gz_fit_train(struct gz_fit *f, const struct gz_corpus *c, const uint32_t *pick,
             const uint32_t *class, size_t picks, uint32_t classes,
             const struct gz_fit_options *o, uint32_t *row, struct gz_err *err)
{
    uint32_t *size = gz_mem_zalloc(classes, sizeof(*size));

    *f = (struct gz_fit){ .classes = classes, .row = row };
    for (size_t i = 0; i < picks; i++)
        size[class[i]]++;
    find_rows(f, c, pick, class, picks, size, o);
    f->weight = gz_mem_zalloc((size_t)classes * f->rows + 1, 1);
    f->scale = gz_mem_zalloc(classes, sizeof(*f->scale));
    f->bias = gz_mem_zalloc(classes, sizeof(*f->bias));
    train_vectors(f, c, pick, class, picks, size, o, err);
    free(size);
    return err->kind;
}

void
gz_fit_release(struct gz_fit *f)
{
    for (uint32_t i = 0; i < f->rows; i++)
        f->row[f->term[i]] = 0;
    free(f->term);
    free(f->gain);
    free(f->weight);
    free(f->scale);
    free(f->bias);
    *f = (struct gz_fit){ 0 };
}

void
gz_fit_margins(const struct gz_fit *f, const struct gz_corpus *c, uint32_t example,
               double *margin)
{
    const struct gz_example *e = &c->example[example];
    double squares[GZ_BLOCKS] = { 0 };

    for (size_t i = 0; i < e->count; i++) {
        const struct gz_term *t = &c->term[e->first + i];
        uint32_t row = f->row[t->term];
        double x = row ? (double)gz_view_times(t->times) * f->gain[row - 1] : 0;

        squares[c->block[t->term]] += x * x;
    }
    for (uint32_t k = 0; k < f->classes; k++)
        margin[k] = f->bias[k];
    for (size_t i = 0; i < e->count; i++) {
        const struct gz_term *t = &c->term[e->first + i];
        uint8_t block = c->block[t->term];
        uint32_t row = f->row[t->term];
        double x;

        if (!row)
            continue;
        x = (double)gz_view_times(t->times) * f->gain[row - 1] *
            gz_block_weight((enum gz_block)block) / sqrt(squares[block]);
        for (uint32_t k = 0; k < f->classes; k++)
            margin[k] += x * f->weight[(size_t)k * f->rows + row - 1] * f->scale[k];
    }
}
