// SPDX-License-Identifier: MIT
// evaluate: train on a part of a corpus and ask about the rest.
#ifndef GZ_LEARN_EVALUATE_H
#define GZ_LEARN_EVALUATE_H

#include <stdint.h>

#include "base/err.h"
#include "learn/corpus.h"
#include "learn/score.h"
#include "learn/train.h"

struct gz_evaluate_options {
    uint32_t folds;   // every text is asked about once, by a model trained on the others
    uint32_t holdout; // instead of folds: so many in a thousand are held out, once
    uint64_t seed;    // of the shuffle; each class is dealt out to the folds by turns
    double threshold; // under this probability nothing is said
};

enum gz_err_kind gz_evaluate(const struct gz_corpus *c, const struct gz_train_options *t,
                             const struct gz_evaluate_options *o, struct gz_score *score,
                             struct gz_err *err);

// Ask a finished model about all of the corpus.
void gz_evaluate_model(const struct gz_corpus *c, const struct gz_model *m,
                       double threshold, struct gz_score *score);

#endif
