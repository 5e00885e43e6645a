// SPDX-License-Identifier: MIT
// train: a whole model, from some or all examples of a corpus.
#ifndef GZ_LEARN_TRAIN_H
#define GZ_LEARN_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "learn/corpus.h"
#include "learn/fit.h"
#include "learn/tree.h"

struct gz_train_options {
    struct gz_fit_options fit; // max_bytes is shared out between the classifiers
    uint32_t min_examples;     // labels with fewer are left out
    uint32_t folds;            // of the calibration; under 2: none is made
    enum gz_tree_form form;
};

// What cross-validation over messages of several kinds found best.
struct gz_train_options gz_train_defaults(void);
struct gz_gram_rules gz_train_grams(void);

// Learn from `pick[0 .. picks)` and append the sealed image of the model to `image`,
// which must be empty. The same corpus, pick and options give the same bytes.
// GZ_ERR_USAGE when fewer than two labels have examples enough.
enum gz_err_kind gz_train(const struct gz_corpus *c, const uint32_t *pick, size_t picks,
                          const struct gz_train_options *o, struct gz_buf *image,
                          struct gz_err *err);

#endif
