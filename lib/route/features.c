// SPDX-License-Identifier: MIT
#include "route/features.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/utf8.h"

enum { WHOLE_MAX = 16 };

static const uint64_t break_id = ' ', digits_id = '0';

// ---- symbols ----

// What one code point counts as.
static enum gz_symbol_kind
kind_of(uint32_t c)
{
    if (c >= 0x4E00 && c <= 0x9FFF)
        return GZ_SYMBOL_HAN;
    if (c < 0x80) {
        if (c >= '0' && c <= '9')
            return GZ_SYMBOL_DIGITS;
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? GZ_SYMBOL_WORD : GZ_SYMBOL_BREAK;
    }
    if ((c >= 0x3040 && c <= 0x30FF && c != 0x30FB) || (c >= 0xAC00 && c <= 0xD7A3) ||
        gz_utf8_is_han(c))
        return GZ_SYMBOL_HAN;
    // Latin with marks, Greek, Cyrillic, Arabic, Indic ... up to the general punctuation.
    if (c >= 0xC0 && c < 0x2000 && c != 0xD7 && c != 0xF7)
        return GZ_SYMBOL_WORD;
    return GZ_SYMBOL_BREAK;
}

// There is room: gz_symbols_read() sees to that.
static inline void
add(struct gz_symbols *s, enum gz_symbol_kind kind, uint64_t id, size_t start, size_t end)
{
    s->item[s->count++] = (struct gz_symbol){ id, (uint32_t)start, (uint32_t)end, kind };
}

// No symbol is shorter than a byte.
static void
make_room(struct gz_symbols *s, size_t bytes)
{
    size_t most = bytes < GZ_SYMBOLS_MAX ? bytes : GZ_SYMBOLS_MAX;

    if (s->cap > most)
        return;
    s->cap = most + 1;
    s->item = gz_mem_realloc(s->item, s->cap, sizeof(*s->item));
}

// A run of characters that most Han text is made of: three bytes each, from U+4E00 on.
static size_t
read_han(struct gz_symbols *s, struct gz_str text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.ptr;

    while (at < text.len && s->count < GZ_SYMBOLS_MAX) {
        uint32_t c;

        if (p[at] < 0xE4 || p[at] > 0xE9)
            break;
        c = (uint32_t)(p[at] & 0x0F) << 12 | (uint32_t)(p[at + 1] & 0x3F) << 6 |
            (uint32_t)(p[at + 2] & 0x3F);
        if (c < 0x4E00)
            break;
        add(s, GZ_SYMBOL_HAN, c, at, at + 3);
        at += 3;
    }
    return at;
}

// Characters that follow the letters standing for a place in texts made anonymous.
static bool
is_place_word(uint32_t c)
{
    return c == 0x5E02 || c == 0x53BF || c == 0x533A || c == 0x9547 || c == 0x4E61 ||
           c == 0x8857; // 市 县 区 镇 乡 街
}

// A word: letters, then digits that all count as one ("d12" is "d0").
static void
read_word(struct gz_symbols *s, struct gz_str text, size_t *at)
{
    char folded[64];
    size_t start = *at, len = 0, letters = 0, after;
    bool digits = false;

    while (*at < text.len) {
        size_t next = *at;
        enum gz_symbol_kind kind = kind_of(gz_utf8_next(text, &next));

        if (kind == GZ_SYMBOL_DIGITS) {
            if (!digits && len < sizeof(folded))
                folded[len++] = '0';
            digits = true;
        } else if (kind == GZ_SYMBOL_WORD && !digits) {
            for (size_t i = *at; i < next && len < sizeof(folded); i++)
                folded[len++] = text.ptr[i];
            letters++;
        } else {
            break;
        }
        *at = next;
    }
    after = *at;
    if (letters <= 2 && is_place_word(gz_utf8_next(text, &after)))
        return;
    add(s, GZ_SYMBOL_WORD,
        gz_hash_fixed((struct gz_str){ folded, len }) | (uint64_t)1 << 63, start, *at);
}

static void
read_digits(struct gz_symbols *s, struct gz_str text, size_t *at)
{
    size_t start = *at;

    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9')
        ++*at;
    add(s, GZ_SYMBOL_DIGITS, digits_id, start, *at);
}

// Breaks are one, and none stands between two words that only blanks part.
static void
read_break(struct gz_symbols *s, struct gz_str text, size_t *at)
{
    size_t start = *at, next = *at;
    bool blank = true;
    enum gz_symbol_kind kind = GZ_SYMBOL_BREAK;

    while (*at < text.len) {
        kind = kind_of(gz_utf8_next(text, &next));
        if (kind != GZ_SYMBOL_BREAK)
            break;
        blank = blank && text.ptr[*at] == ' ';
        *at = next;
    }
    if (s->count == 0 || *at >= text.len)
        return;
    if (blank && kind == GZ_SYMBOL_WORD && s->item[s->count - 1].kind == GZ_SYMBOL_WORD)
        return;
    if (s->item[s->count - 1].kind != GZ_SYMBOL_BREAK)
        add(s, GZ_SYMBOL_BREAK, break_id, start, *at);
}

void
gz_symbols_read(struct gz_symbols *s, struct gz_str text)
{
    size_t at = 0;

    text = gz_str_first(text, UINT32_MAX);
    s->count = 0;
    make_room(s, text.len);
    while ((at = read_han(s, text, at)) < text.len && s->count < GZ_SYMBOLS_MAX) {
        size_t next = at;
        uint32_t c = gz_utf8_next(text, &next);

        switch (kind_of(c)) {
        case GZ_SYMBOL_HAN:
            add(s, GZ_SYMBOL_HAN, c, at, next);
            at = next;
            break;
        case GZ_SYMBOL_WORD:
            read_word(s, text, &at);
            break;
        case GZ_SYMBOL_DIGITS:
            read_digits(s, text, &at);
            break;
        case GZ_SYMBOL_BREAK:
            read_break(s, text, &at);
            break;
        }
    }
}

void
gz_symbols_release(struct gz_symbols *s)
{
    free(s->item);
    *s = (struct gz_symbols){ 0 };
}

// ---- n-grams ----

size_t
gz_grams_at(const struct gz_symbols *s, size_t at, const struct gz_gram_rules *rules,
            enum gz_gram_part part, struct gz_gram *out)
{
    const struct gz_symbol *y = s->item + at;
    size_t left = s->count - at, max = rules->han_max, found = 0, words = 0;
    uint64_t h = (uint64_t)part;

    if (rules->word_max > max)
        max = rules->word_max;
    if (max > left)
        max = left;
    for (size_t n = 0; n < max; n++) {
        h = gz_gram_step(h, y[n].id);
        words += y[n].kind == GZ_SYMBOL_WORD;
        // A run of words is no longer than word_max, and words are not mixed into the
        // longer n-grams of Han, which would hardly ever come twice.
        if (n + 1 > (words == n + 1 ? rules->word_max : rules->han_max) ||
            (words && n >= 2 && words <= n))
            break;
        // A break says where a phrase begins or ends; alone it says nothing.
        if (y[n].kind == GZ_SYMBOL_BREAK && y[0].kind == GZ_SYMBOL_BREAK)
            continue;
        out[found++] =
            (struct gz_gram){ gz_gram_finish(h), (uint32_t)at, (uint32_t)n + 1 };
    }
    return found;
}

uint64_t
gz_gram_whole(const struct gz_symbols *s)
{
    uint64_t h = GZ_GRAM_WHOLE;

    if (s->count == 0 || s->count > WHOLE_MAX)
        return 0;
    for (size_t i = 0; i < s->count; i++)
        h = gz_gram_step(h, s->item[i].id);
    return gz_gram_finish(h);
}
