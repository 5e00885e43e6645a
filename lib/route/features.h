// SPDX-License-Identifier: MIT
// features: what the model sees of a text: symbols, and the n-grams made of them.
#ifndef GZ_ROUTE_FEATURES_H
#define GZ_ROUTE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

// A text becomes a row of symbols: a Han character (kana and hangul too) is one, a word
// in any other script is one, a run of digits is one that stands for all digits, and
// whatever lies between (punctuation, or blanks beside Han) is one break. Place names of
// a letter and a number ("A7" before 县) are left out: they name a place, not a matter.
enum gz_symbol_kind { GZ_SYMBOL_HAN, GZ_SYMBOL_WORD, GZ_SYMBOL_DIGITS, GZ_SYMBOL_BREAK };

struct gz_symbol {
    uint64_t id;    // the same for the same symbol in every text
    uint32_t start; // bytes in the folded text
    uint32_t end;
    enum gz_symbol_kind kind;
};

// Only the first GZ_SYMBOLS_MAX symbols of a text are seen, so that no text can take
// more than a bounded time. Owns its memory; zero-initialise.
enum { GZ_SYMBOLS_MAX = 16384 };
struct gz_symbols {
    struct gz_symbol *item;
    size_t count;
    size_t cap;
};

// Read `text`, valid UTF-8 already folded (route/fold.h), into `s`, emptied first.
void gz_symbols_read(struct gz_symbols *s, struct gz_str text);
void gz_symbols_release(struct gz_symbols *s);

// Which n-grams a model uses. Stored in the model: prediction must do as training did.
struct gz_gram_rules {
    uint32_t han_max;  // symbols of an n-gram: 1 to GZ_GRAM_MAX
    uint32_t word_max; // the same where all of them are words
};
enum { GZ_GRAM_MAX = 5 };

// Title and text are told apart; n-grams of the title count for the text as well.
enum gz_gram_part { GZ_GRAM_TEXT = 1, GZ_GRAM_TITLE = 2, GZ_GRAM_WHOLE = 3 };

struct gz_gram {
    uint64_t hash;  // of the part and the symbols; the same on every machine
    uint32_t first; // symbol it starts with
    uint32_t count; // symbols
};

// The hash of an n-gram: begin with its part, take a step for each symbol, finish.
// Arithmetic on 64 bits only, so that it is one on every machine.
static inline uint64_t
gz_gram_step(uint64_t h, uint64_t id)
{
    h = (h << 7 | h >> 57) ^ id;
    return h * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint64_t
gz_gram_finish(uint64_t h)
{
    h ^= h >> 31;
    h *= UINT64_C(0xD6E8FEB86659FD93);
    return h ^ h >> 32;
}

// The n-grams that start at symbol `at`, shortest first. Returns how many were put at
// `out`, which has room for GZ_GRAM_MAX.
size_t gz_grams_at(const struct gz_symbols *s, size_t at,
                   const struct gz_gram_rules *rules, enum gz_gram_part part,
                   struct gz_gram *out);

// The hash of a short text as a whole (GZ_GRAM_WHOLE), for fields that hold a term of a
// list rather than prose; 0 when it has no symbol or more than 16.
uint64_t gz_gram_whole(const struct gz_symbols *s);

#endif
