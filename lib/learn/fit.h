// SPDX-License-Identifier: MIT
// fit: one classifier, learned from some examples of a corpus.
#ifndef GZ_LEARN_FIT_H
#define GZ_LEARN_FIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "learn/corpus.h"

struct gz_fit_options {
    double cost;        // C of the SVC
    double base;        // of the gain: see gz_fit below
    uint32_t min_df;    // a term in fewer examples is left out
    double balance;     // a class costs (mean size / its size) to this power more
    double precision;   // at which the SVC stops
    uint64_t max_bytes; // of the rows of one classifier
};

// Terms become rows, in the order of the bits of their hashes. A term's gain is
// idf * (base + concentration): idf = 1 + ln((1 + n) / (1 + df)); concentration is 1 for
// a term of one class only and 0 for one that is spread evenly over all.
struct gz_fit {
    uint32_t classes;
    uint32_t bits;
    uint32_t rows;
    uint32_t *term; // of each row
    uint16_t *gain; // steps of 1 / GZ_MODEL_GAIN
    int8_t *weight; // classes x rows, class by class
    double *scale;  // of each class
    double *bias;
    uint32_t *row; // of each term of the corpus: number + 1, or 0; scratch of the caller
};

// Learn from `pick[0 .. picks)`, examples whose classes are class[i] < classes. `row`
// has room for each term of the corpus and is all 0; gz_fit_release() clears it again.
enum gz_err_kind gz_fit_train(struct gz_fit *f, const struct gz_corpus *c,
                              const uint32_t *pick, const uint32_t *class, size_t picks,
                              uint32_t classes, const struct gz_fit_options *o,
                              uint32_t *row, struct gz_err *err);
void gz_fit_release(struct gz_fit *f);

// The margins of an example: classes of them.
void gz_fit_margins(const struct gz_fit *f, const struct gz_corpus *c, uint32_t example,
                    double *margin);

#endif
