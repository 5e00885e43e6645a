// SPDX-License-Identifier: MIT
#include "route/never.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

// What one piece of a pattern says about the character that it takes.
enum piece {
    OPEN,     // nothing: a class, a group, an end of alternatives
    WORD,     // exactly one, a letter, a digit or a Han character
    OTHER,    // exactly one, no such
    LINE_END, // "\n": '$' may stand before it
    ANCHOR_START,
    ANCHOR_END,
    BOUNDARY,
    NO_BOUNDARY
};

struct reader {
    struct gz_str s;
    size_t at;
};

// A character class: passed over. True where it can hold nothing, as [^\s\S].
static bool
read_class(struct reader *r)
{
    static const char *const empty[] = { "[^\\s\\S]", "[^\\S\\s]", "[^\\w\\W]",
                                         "[^\\W\\w]", "[^\\d\\D]", "[^\\D\\d]" };
    size_t start = r->at;

    r->at++;
    if (r->at < r->s.len && r->s.ptr[r->at] == '^')
        r->at++;
    if (r->at < r->s.len && r->s.ptr[r->at] == ']') // one that stands first is itself
        r->at++;
    while (r->at < r->s.len && r->s.ptr[r->at] != ']') {
        struct gz_str left = gz_str_from(r->s, r->at);

        if (gz_str_starts(left, GZ_STR("[:"))) {
            size_t end = gz_str_find(left, GZ_STR(":]"));

            r->at += end == (size_t)-1 ? 1 : end + 1;
        } else if (*left.ptr == '\\') {
            r->at++;
        }
        r->at++;
    }
    r->at = r->at < r->s.len ? r->at + 1 : r->s.len;
    for (size_t i = 0; i < GZ_COUNT(empty); i++)
        if (gz_str_is((struct gz_str){ r->s.ptr + start, r->at - start }, empty[i]))
            return true;
    return false;
}

static enum piece
literal(uint32_t c)
{
    bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                c == '_' || gz_utf8_is_han(c);

    // Of other scripts only PCRE2 knows.
    return c == '\n' ? LINE_END : word ? WORD : c < 0x80 ? OTHER : OPEN;
}

static enum piece
read_escape(struct reader *r)
{
    char c = r->at + 1 < r->s.len ? r->s.ptr[r->at + 1] : 0;

    r->at += r->at + 1 < r->s.len ? 2 : 1;
    switch (c) {
    case 'A':
        return ANCHOR_START;
    case 'z':
    case 'Z':
        return ANCHOR_END;
    case 'b':
        return BOUNDARY;
    case 'B':
        return NO_BOUNDARY;
    default:
        // Of the rest only an escaped mark is surely one character.
        return strchr(".^$|()[]{}*+?/-", c) && c ? OTHER : OPEN;
    }
}

static enum piece
read_piece(struct reader *r, bool *empty)
{
    char c = r->s.ptr[r->at];

    *empty = false;
    if (c == '\\')
        return read_escape(r);
    if (c == '[') {
        *empty = read_class(r);
        return OPEN;
    }
    if (gz_str_starts(gz_str_from(r->s, r->at), GZ_STR("(?!)"))) {
        *empty = true;
        r->at += 4;
        return OPEN;
    }
    if (c == '^' || c == '$') {
        r->at++;
        return c == '^' ? ANCHOR_START : ANCHOR_END;
    }
    if (strchr(".()|*+?{}", c)) {
        r->at++;
        return OPEN;
    }
    return literal(gz_utf8_next(r->s, &r->at));
}

// A quantifier may make the piece before it none at all; of what is not plain enough,
// nothing is said.
static bool
is_quantified(const struct reader *r)
{
    return r->at < r->s.len && r->s.ptr[r->at] && strchr("*+?{", r->s.ptr[r->at]);
}

static bool
is_character(enum piece p)
{
    return p == WORD || p == OTHER || p == LINE_END;
}

static const char *
clash(enum piece before, enum piece at, enum piece after)
{
    bool sides = is_character(before) && is_character(after);

    if (at == ANCHOR_START && is_character(before))
        return _("'^' after a character can never match");
    if (at == ANCHOR_END && (after == WORD || after == OTHER))
        return _("'$' before a character can never match");
    if (at == BOUNDARY && sides && (before == WORD) == (after == WORD))
        return _("'\\b' between these two characters can never match");
    if (at == NO_BOUNDARY && sides && (before == WORD) != (after == WORD))
        return _("'\\B' between these two characters can never match");
    return NULL;
}

// Whatever changes what anchors, marks or blanks mean is beyond this; so are parts that a
// match can do without.
static bool
is_beyond(struct gz_str s)
{
    static const char *const signs[] = { "|",   "(?#", "\\Q", "(*", "(?m",  "(?x", "(?i",
                                         "(?s", "(?^", "(?(", ")?", "(?<!", ")*",  "){" };

    for (size_t i = 0; i < GZ_COUNT(signs); i++)
        if (gz_str_find(s, gz_str_of(signs[i])) != (size_t)-1)
            return true;
    for (size_t at = 0, found;; at += found + 3) {
        found = gz_str_find(gz_str_from(s, at), GZ_STR("(?!"));
        if (found == (size_t)-1)
            return false;
        if (!gz_str_starts(gz_str_from(s, at + found), GZ_STR("(?!)")))
            return true;
    }
}

const char *
gz_pattern_never(struct gz_str pattern, size_t *column)
{
    struct reader r = { pattern, 0 };
    enum piece before = OPEN, at = OPEN;
    size_t where = 0;

    if (pattern.len == 0 || is_beyond(pattern))
        return NULL;
    while (r.at < pattern.len) {
        size_t start = r.at;
        bool empty, quantified;
        enum piece piece = read_piece(&r, &empty);
        const char *why;

        quantified = is_quantified(&r);
        if (quantified)
            piece = OPEN;
        why = empty && !quantified ? _("holds nothing and can never match")
                                   : clash(before, at, piece);
        if (why) {
            *column = gz_utf8_count(gz_str_first(pattern, empty ? start : where)) + 1;
            return why;
        }
        before = at;
        at = piece;
        where = start;
    }
    if (clash(before, at, OPEN)) {
        *column = gz_utf8_count(gz_str_first(pattern, where)) + 1;
        return clash(before, at, OPEN);
    }
    return NULL;
}
