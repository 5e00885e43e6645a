// SPDX-License-Identifier: MIT
// corpus: labelled texts, taken apart once into the terms that training counts.
#ifndef GZ_LEARN_CORPUS_H
#define GZ_LEARN_CORPUS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "route/features.h"
#include "route/fold.h"
#include "route/predict.h"

// A term is an n-gram that stands somewhere in the corpus, numbered in the order of
// first sight. Its hash tells the block it belongs to.
struct gz_term {
    uint32_t term;
    uint32_t times;
};

struct gz_example {
    struct gz_str title; // folded
    struct gz_str text;  // folded
    uint32_t label;      // number in labels
    size_t first;        // its terms are term[first .. first + count)
    size_t count;
};

// Owns its memory. Zero-initialise all but rules and max_terms.
struct gz_corpus {
    struct gz_gram_rules rules;
    uint64_t max_terms; // distinct n-grams; 0: GZ_CORPUS_TERMS
    struct gz_map labels;
    struct gz_example *example;
    size_t count;
    size_t cap;

    struct gz_term *term; // of all examples
    size_t terms;
    size_t term_cap;

    uint64_t *hash; // of each distinct term
    uint8_t *block;
    size_t distinct;
    size_t distinct_cap;

    uint32_t *slot; // number + 1 by hash, 0 for free
    size_t slots;
    uint32_t *mark; // of each distinct term: where it stands in the example at work

    struct gz_arena bytes;
    struct gz_view view;
    struct gz_folder *folder;
    struct gz_buf folded[2];
};

enum { GZ_CORPUS_TERMS = 64 * 1000 * 1000 };

// Take in one example. `label` is a path, levels apart by '/'. GZ_ERR_LIMIT when there
// are too many distinct n-grams.
enum gz_err_kind gz_corpus_add(struct gz_corpus *c, struct gz_str label,
                               struct gz_str title, struct gz_str text,
                               struct gz_err *err);
// The number of a hash, or UINT32_MAX.
uint32_t gz_corpus_term(const struct gz_corpus *c, uint64_t hash);

void gz_corpus_release(struct gz_corpus *c);

#endif
