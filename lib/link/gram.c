// SPDX-License-Identifier: MIT
#include "link/gram.h"

#include <stdbool.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "pack/sheet.h"

enum { BREAK = 0, UNITS_MAX = 512, WORD_MAX = 8, SLOTS = 8192, DIGITS_MAX = 5 };

enum mark { PLAIN, STOP, MATTER };

// A word is stored under the hash of its units; `starts` tells quickly that no word
// begins with these two units.
struct gz_gram_words {
    uint64_t key[SLOTS];
    uint8_t mark[SLOTS];
    uint8_t starts[8192];
    size_t count;
};

struct unit {
    uint32_t code; // BREAK where neighbours do not touch
    uint32_t at;   // byte offset and length in the text
    uint32_t len;
    uint32_t word; // number of the matter word it belongs to, 0 for none
};

static inline uint32_t
mix(uint64_t h)
{
    h ^= h >> 29;
    h *= 0xbf58476d1ce4e5b9u;
    h ^= h >> 32;
    return (uint32_t)h;
}

// ---- units ----

static inline uint32_t
fold(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0;
    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    return c;
}

static inline bool
is_word_char(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0xc0 && c < 0x2000);
}

// Read a run of letters and digits that begins with `c`. Long numbers are identities of
// somebody or something and would only tell records apart.
static uint32_t
read_word(struct gz_str s, size_t *at, uint32_t c)
{
    uint64_t h = 0x9e3779b97f4a7c15u;
    size_t digits = 0, length = 0;

    for (;;) {
        size_t next = *at;

        h = (h ^ c) * 0x100000001b3u;
        digits += c >= '0' && c <= '9';
        length++;
        c = fold(gz_utf8_next(s, &next));
        if (!is_word_char(c))
            break;
        *at = next;
    }
    if (digits == length && digits > DIGITS_MAX)
        return BREAK;
    return mix(h) | 0x80000000u;
}

// The character at `at` if it is one of U+4E00 to U+9FFF, which nearly all are, else 0.
static inline uint32_t
common_han(struct gz_str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    uint32_t c;

    if (s.len - at < 3 || p[0] < 0xe4 || p[0] > 0xe9)
        return 0;
    c = (uint32_t)(p[0] & 15) << 12 | (uint32_t)(p[1] & 63) << 6 | (p[2] & 63u);
    return c >= 0x4e00 ? c : 0;
}

static size_t
read_units(struct gz_str s, struct unit *unit, size_t max)
{
    size_t n = 0, at = 0;

    while (n < max && at < s.len) {
        size_t from = at;
        uint32_t c = common_han(s, at), code = BREAK;

        if (c) {
            unit[n++] = (struct unit){ c, (uint32_t)at, 3, 0 };
            at += 3;
            continue;
        }
        c = fold(gz_utf8_next(s, &at));
        if (is_word_char(c))
            code = read_word(s, &at, c);
        else if (gz_utf8_is_han(c))
            code = c;
        else if (c <= ' ' || c == 0x3000)
            continue; // blanks do not part words of a phrase
        if (code == BREAK && (n == 0 || unit[n - 1].code == BREAK))
            continue;
        unit[n++] = (struct unit){ code, (uint32_t)from, (uint32_t)(at - from), 0 };
    }
    return n;
}

// ---- words ----

static inline size_t
start_of(uint32_t a, uint32_t b)
{
    return mix((uint64_t)a << 32 | b) & 8191;
}

static inline uint64_t
extend(uint64_t h, uint32_t code)
{
    return (h ^ code) * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
}

static size_t
slot_of(const struct gz_gram_words *w, uint64_t key)
{
    size_t at = mix(key) & (SLOTS - 1);

    while (w->key[at] && w->key[at] != key)
        at = (at + 1) & (SLOTS - 1);
    return at;
}

static enum gz_err_kind
add_word(struct gz_gram_words *w, const struct gz_sheet *sheet,
         const struct gz_sheet_row *row, struct gz_err *err)
{
    struct unit unit[WORD_MAX + 1];
    struct gz_str word = gz_sheet_cell(row, gz_sheet_column(sheet, "word"));
    struct gz_str kind = gz_sheet_cell(row, gz_sheet_column(sheet, "kind"));
    size_t n = read_units(word, unit, WORD_MAX + 1);
    uint64_t key = 0;
    size_t at;

    if (n == 0 || n > WORD_MAX)
        return gz_sheet_fault(sheet, row, gz_sheet_column(sheet, "word"), err,
                              _("a word of 1 to %d characters was expected, not '%.*s'"),
                              WORD_MAX, GZ_STR_ARG(word));
    if (!gz_str_is(kind, "stop") && !gz_str_is(kind, "matter"))
        return gz_sheet_fault(sheet, row, gz_sheet_column(sheet, "kind"), err,
                              _("'stop' or 'matter' was expected, not '%.*s'"),
                              GZ_STR_ARG(kind));
    if (++w->count > SLOTS / 2)
        return gz_sheet_fault(sheet, row, -1, err, _("at most %d words"), SLOTS / 2);
    for (size_t i = 0; i < n; i++)
        key = extend(key, unit[i].code);
    at = slot_of(w, key);
    w->key[at] = key;
    w->mark[at] = gz_str_is(kind, "stop") ? STOP : MATTER;
    w->starts[n == 1 ? start_of(unit[0].code, 0) : start_of(unit[0].code, unit[1].code)] =
        1;
    return GZ_OK;
}

struct gz_gram_words *
gz_gram_words_load(const char *path, struct gz_arena *arena, struct gz_err *err)
{
    struct gz_gram_words *w = gz_arena_new(arena, struct gz_gram_words, 1);
    struct gz_sheet *sheet = path ? gz_sheet_load(path, arena, err)
                                  : gz_sheet_builtin("link/words.csv", arena, err);

    if (!sheet)
        return NULL;
    for (size_t i = 0; i < sheet->rows; i++)
        if (add_word(w, sheet, &sheet->row[i], err))
            return NULL;
    return w;
}

// The longest word that begins at unit i; 0 if none does.
static size_t
match(const struct gz_gram_words *w, const struct unit *unit, size_t n, size_t i,
      uint8_t *mark)
{
    bool one = w->starts[start_of(unit[i].code, 0)] != 0;
    bool more = i + 1 < n && w->starts[start_of(unit[i].code, unit[i + 1].code)] != 0;
    size_t best = 0;
    uint64_t key = 0;

    if (!one && !more)
        return 0;
    for (size_t k = 0; k < WORD_MAX && i + k < n && unit[i + k].code != BREAK; k++) {
        size_t at;

        key = extend(key, unit[i + k].code);
        at = slot_of(w, key);
        if (w->key[at]) {
            best = k + 1;
            *mark = w->mark[at];
        }
        if (!more)
            break;
    }
    return best;
}

// Blank out stop phrases and number the matter words.
static void
mark_words(const struct gz_gram_words *w, struct unit *unit, size_t n)
{
    uint32_t number = 0;

    for (size_t i = 0; i < n;) {
        uint8_t mark = PLAIN;
        size_t len = unit[i].code == BREAK ? 0 : match(w, unit, n, i, &mark);

        if (mark == MATTER)
            number++;
        for (size_t k = 0; k < len; k++) {
            if (mark == STOP)
                unit[i + k].code = BREAK;
            else
                unit[i + k].word = number;
        }
        i += len ? len : 1;
    }
}

// ---- grams ----

// The gram of units a and b, or of the word b alone; 0 for none.
static inline uint32_t
gram_of(const struct unit *a, const struct unit *b)
{
    uint32_t matter = b->word ? GZ_GRAM_MATTER : 0;

    if (b->code == BREAK)
        return 0;
    if (b->word && b->code >= 0x80000000u)
        return (mix(b->code) & ~0xc0000000u) | GZ_GRAM_MATTER;
    if (!a || a->code == BREAK || a->word != b->word)
        return 0;
    return (mix((uint64_t)a->code << 32 | b->code) & ~0xc0000000u) | matter;
}

void
gz_grams_clear(struct gz_grams *g)
{
    g->count = 0;
    g->fill++;
}

static inline void
put(struct gz_grams *g, uint32_t gram)
{
    uint32_t at = (gram ^ gram >> 30) & 1023;

    while (g->seen[at] == g->fill) {
        if (g->seen_id[at] == (gram & GZ_GRAM_ID)) {
            g->gram[g->seen_at[at]] |= gram & GZ_GRAM_TITLE;
            return;
        }
        at = (at + 1) & 1023;
    }
    if (g->count == GZ_GRAM_MAX)
        return;
    g->seen[at] = g->fill;
    g->seen_id[at] = gram & GZ_GRAM_ID;
    g->seen_at[at] = (uint16_t)g->count;
    g->gram[g->count++] = gram;
}

void
gz_grams_add(struct gz_grams *g, const struct gz_gram_words *words, struct gz_str text,
             size_t units, uint32_t title)
{
    struct unit unit[UNITS_MAX];
    size_t n = read_units(text, unit, units < UNITS_MAX ? units : UNITS_MAX);

    mark_words(words, unit, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t gram = gram_of(i ? &unit[i - 1] : NULL, &unit[i]);

        if (gram)
            put(g, gram | title);
    }
}

void
gz_grams_walk(const struct gz_gram_words *words, struct gz_str text, size_t units,
              void (*each)(void *ctx, struct gz_str unit, uint32_t gram), void *ctx)
{
    struct unit unit[UNITS_MAX];
    size_t n = read_units(text, unit, units < UNITS_MAX ? units : UNITS_MAX);

    mark_words(words, unit, n);
    for (size_t i = 0; i < n; i++)
        each(ctx, (struct gz_str){ text.ptr + unit[i].at, unit[i].len },
             gram_of(i ? &unit[i - 1] : NULL, &unit[i]));
}
