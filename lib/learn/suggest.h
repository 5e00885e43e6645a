// SPDX-License-Identifier: MIT
// suggest: what a model learned, as keyword rules that people can read and edit.
#ifndef GZ_LEARN_SUGGEST_H
#define GZ_LEARN_SUGGEST_H

#include <stdint.h>

#include "base/buf.h"
#include "learn/corpus.h"
#include "route/model.h"

struct gz_suggest_options {
    uint32_t words;   // for a class, at most
    uint32_t percent; // of the texts that hold the word must have the label
    uint32_t texts;   // must hold the word, at least
};

struct gz_suggest_options gz_suggest_defaults(void);

// Append a sheet of the form of rules.csv of a pack (gz-pack(5)): words of two or more
// Han characters, or whole words of other scripts, that the model weighs for a class and
// that the corpus confirms. `m` was trained on `c`. The category is the label. A rule's
// weight is 3, 2 or 1 for words of which 98, 90 or fewer in a hundred texts are right.
void gz_suggest(struct gz_corpus *c, const struct gz_model *m,
                const struct gz_suggest_options *o, struct gz_buf *out);

#endif
