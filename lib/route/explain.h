// SPDX-License-Identifier: MIT
// explain: why it was decided so: the strings of `evidence` and `alternatives`.
#ifndef GZ_ROUTE_EXPLAIN_H
#define GZ_ROUTE_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "route/decide.h"
#include "route/predict.h"

enum { GZ_GUESSES = 4 };

// What explanations are made of. Zero-initialise; gz_explain_release() at the end.
struct gz_explainer {
    const struct gz_pack *pack;
    const struct gz_model *model;   // NULL without one
    struct gz_predictor *predictor; // the same
    bool learned_names;             // categories are written as the model learned them
    struct gz_arena *arena;         // of the record
    const struct gz_decision *decision;
    struct gz_guess guess[GZ_GUESSES]; // of the model on this record, best first
    size_t guesses;
    struct gz_buf scratch;
};

void gz_explain_release(struct gz_explainer *x);

// Fill both lists for the record that was decided last; their strings live in the arena.
void gz_explain(struct gz_explainer *x, const struct gz_facts *facts,
                const struct gz_findings *found, struct gz_names *evidence,
                struct gz_names *alternatives);

// Is the category that is written the label of the model as it was learned?
bool gz_explain_learned_name(const struct gz_explainer *x);

// A probability in steps of 1/10000, and as text with four places.
int32_t gz_share_steps(double p);
void gz_share_put(struct gz_buf *b, int32_t steps);

#endif
