// SPDX-License-Identifier: MIT
// score: how often a model was right, by class, and how often it was as sure as it said.
#ifndef GZ_LEARN_SCORE_H
#define GZ_LEARN_SCORE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"

enum { GZ_SCORE_BINS = 10 };

struct gz_score_class {
    uint64_t given; // texts that have this label
    uint64_t said;  // texts that were given it
    uint64_t right; // both
};

// Zero-initialise; owns its memory.
struct gz_score {
    struct gz_map label;
    struct gz_score_class *class; // of each label
    size_t class_cap;
    struct gz_map pair; // "number of given" NUL "number of said", for the confusion
    uint64_t *pairs;
    size_t pair_cap;
    struct {
        uint64_t n;
        uint64_t right;
        uint64_t sure; // sum of probabilities, steps of 1/10000
    } bin[GZ_SCORE_BINS];
    uint64_t n;
    uint64_t right;
    uint64_t none; // nothing was said
};

// One text: its label, what was said (empty: nothing), and how sure that was.
void gz_score_add(struct gz_score *s, struct gz_str given, struct gz_str said,
                  double probability);
void gz_score_release(struct gz_score *s);

double gz_score_accuracy(const struct gz_score *s);

// The mean of the F1 of all classes that occur among the labels.
double gz_score_macro_f1(const struct gz_score *s);

// The mean distance between how sure it was and how often it was right.
double gz_score_miscalibration(const struct gz_score *s);

// A summary for people, some lines of text.
void gz_score_summary(const struct gz_score *s, struct gz_buf *out);

// Rows of a tally (record kinds tally_head, tally, tally_end), so that evaluations can be
// merged and reported as any other count. `how` says how it was measured.
void gz_score_tally(const struct gz_score *s, struct gz_str how, struct gz_buf *out);

#endif
