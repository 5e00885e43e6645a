// SPDX-License-Identifier: MIT
#include "learn/evaluate.h"

#include <stdlib.h>

#include "base/mem.h"
#include "route/predict.h"

// splitmix64: the same shuffle on every machine.
static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

// The examples in a random order, numbered from 0 within their classes: turn[i] is the
// number of example i.
static uint32_t *
shuffle_turns(const struct gz_corpus *c, uint64_t seed)
{
    uint32_t *order = gz_mem_alloc(c->count, sizeof(*order));
    uint32_t *turn = gz_mem_alloc(c->count, sizeof(*turn));
    uint32_t *next = gz_mem_zalloc(c->labels.count, sizeof(*next));

    for (uint32_t i = 0; i < c->count; i++)
        order[i] = i;
    for (size_t i = c->count; i > 1; i--) {
        size_t j = (size_t)(next_random(&seed) % i);
        uint32_t swap = order[i - 1];

        order[i - 1] = order[j];
        order[j] = swap;
    }
    for (size_t i = 0; i < c->count; i++)
        turn[order[i]] = next[c->example[order[i]].label]++;
    free(order);
    free(next);
    return turn;
}

// Which fold each example is in; a held-out part is fold 0 of two. Every class is spread
// over the folds in proportion, and classes begin at different folds, so that the folds
// are of one size.
static uint32_t *
deal(const struct gz_corpus *c, const struct gz_evaluate_options *o)
{
    uint32_t *fold = shuffle_turns(c, o->seed);

    for (size_t i = 0; i < c->count; i++) {
        uint64_t turn = fold[i], part = o->holdout;

        if (part)
            fold[i] = (turn + 1) * part / 1000 == turn * part / 1000;
        else
            fold[i] = (uint32_t)((turn + c->example[i].label) % o->folds);
    }
    return fold;
}

// Ask about the texts of one fold, or about all when `fold` is NULL.
static void
ask(const struct gz_corpus *c, const struct gz_model *m, const uint32_t *fold,
    uint32_t out, double threshold, struct gz_score *score)
{
    struct gz_predictor *p = gz_predictor_new(m);

    for (size_t i = 0; i < c->count; i++) {
        const struct gz_example *e = &c->example[i];
        struct gz_guess guess = { 0 };
        struct gz_str said = { 0 };

        if (fold && fold[i] != out)
            continue;
        if (gz_predict(p, e->title, e->text, &guess, 1) && guess.probability >= threshold)
            said = gz_model_path(m, guess.class);
        gz_score_add(score, c->labels.keys[e->label], said, guess.probability);
    }
    gz_predictor_free(p);
}

static enum gz_err_kind
train_and_ask(const struct gz_corpus *c, const struct gz_train_options *t,
              const uint32_t *fold, uint32_t out, double threshold,
              struct gz_score *score, struct gz_err *err)
{
    uint32_t *pick = gz_mem_alloc(c->count, sizeof(*pick));
    struct gz_buf image = { 0 };
    struct gz_model *m = NULL;
    size_t picks = 0;

    for (uint32_t i = 0; i < c->count; i++)
        if (fold[i] != out)
            pick[picks++] = i;
    if (!gz_train(c, pick, picks, t, &image, err))
        m = gz_model_from(gz_buf_str(&image), "model", err);
    if (m)
        ask(c, m, fold, out, threshold, score);
    gz_model_close(m);
    gz_buf_release(&image);
    free(pick);
    return err->kind;
}

enum gz_err_kind
gz_evaluate(const struct gz_corpus *c, const struct gz_train_options *t,
            const struct gz_evaluate_options *o, struct gz_score *score,
            struct gz_err *err)
{
    uint32_t *fold;

    if (c->count == 0)
        return gz_train(c, NULL, 0, t, &(struct gz_buf){ 0 }, err);
    fold = deal(c, o);
    if (o->holdout)
        train_and_ask(c, t, fold, 0, o->threshold, score, err);
    for (uint32_t i = 0; !o->holdout && i < o->folds && !err->kind; i++)
        train_and_ask(c, t, fold, i, o->threshold, score, err);
    free(fold);
    return err->kind;
}

void
gz_evaluate_model(const struct gz_corpus *c, const struct gz_model *m, double threshold,
                  struct gz_score *score)
{
    ask(c, m, NULL, 0, threshold, score);
}
