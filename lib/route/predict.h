// SPDX-License-Identifier: MIT
// predict: what a model says of a title and a text, how sure it is, and why.
#ifndef GZ_ROUTE_PREDICT_H
#define GZ_ROUTE_PREDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pattern.h"
#include "base/str.h"
#include "route/features.h"
#include "route/model.h"

// A record is seen as two blocks of n-grams, each brought to length 1 on its own: the
// whole (title and text), and the head, which is the title or, where there is none, the
// first GZ_HEAD_SYMBOLS symbols of the text. People say at once what it is about.
enum gz_block { GZ_BLOCK_WHOLE, GZ_BLOCK_HEAD, GZ_BLOCKS };
enum { GZ_HEAD_SYMBOLS = 30 };

// One n-gram of a record, in the order in which they stand.
struct gz_seen {
    uint64_t hash;
    uint32_t first; // symbol
    uint16_t count; // symbols
    uint8_t block;
    bool in_title;
};

// A record taken apart. Owns its memory; zero-initialise.
struct gz_view {
    struct gz_symbols title;
    struct gz_symbols text;
    struct gz_seen *seen;
    size_t count;
    size_t cap;
};

// Take a record apart; title and text are folded (route/fold.h) and may be empty.
void gz_view_read(struct gz_view *v, const struct gz_gram_rules *rules,
                  struct gz_str title, struct gz_str text);
void gz_view_release(struct gz_view *v);

// Weight of `count` times the same n-gram: 16 * (1 + ln count), at most that of 63.
uint32_t gz_view_times(uint32_t count);

// What a block weighs in a margin, beside 1 for the whole.
double gz_block_weight(enum gz_block block);

// Scratch memory of one thread, for one model.
struct gz_predictor;
struct gz_predictor *gz_predictor_new(const struct gz_model *m);
void gz_predictor_free(struct gz_predictor *p);

struct gz_guess {
    uint32_t class;     // a leaf
    double probability; // calibrated; the guesses of a text sum to at most 1
};

// The most probable paths, best first; ties go to the path that stands first in the
// model. At most `max`. None when the record holds nothing that the model knows.
size_t gz_predict(struct gz_predictor *p, struct gz_str title, struct gz_str text,
                  struct gz_guess *out, size_t max);

// What spoke most for `class` in the record of the last gz_predict(): spans that do not
// overlap, strongest first.
struct gz_reason {
    bool in_title;
    struct gz_span span; // bytes of the folded title or text
    double share;        // of all that spoke for the class
};
size_t gz_predict_explain(struct gz_predictor *p, uint32_t class, struct gz_reason *out,
                          size_t max);

#endif
