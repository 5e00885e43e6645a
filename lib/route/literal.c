// SPDX-License-Identifier: MIT
#include "route/literal.h"

#include <stdint.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "route/rate.h"

// A pattern is read once, left to right. For each piece two things are kept: the finite
// set of strings that it matches, while it has one (`exact`), and the best set of which
// one must occur (`need`). Concatenation multiplies exact sets; whatever is not exact
// ends the run and makes the run so far a candidate for `need`.
enum {
    MAX_SET = 160,
    SMALL_SET = 8,
    MAX_LITERAL = 96,
    MAX_DEPTH = 60,
    MAX_BYTES = 64 * 1024
};

struct set {
    struct gz_str *item;
    size_t count;
};

struct piece {
    bool exact;
    struct set all;  // when exact: everything it matches, "" among it perhaps
    struct set need; // count 0: nothing is known to be needed
};

struct parser {
    struct gz_str s;
    size_t at;
    int depth;
    bool lost; // something that this parser does not understand: no set at all
    struct gz_arena *arena;
};

static double
set_rate(struct set s)
{
    double sum = 0;

    for (size_t i = 0; i < s.count; i++)
        sum += s.item[i].len ? gz_gram_rate(s.item[i].ptr, s.item[i].len) : 1e9;
    return sum;
}

// ---- sets ----

static struct set
set_one(struct parser *p, struct gz_str s)
{
    struct set r = { gz_arena_new(p->arena, struct gz_str, 1), 1 };

    r.item[0] = s;
    return r;
}

static bool
set_has(struct set s, struct gz_str x)
{
    for (size_t i = 0; i < s.count; i++)
        if (gz_str_eq(s.item[i], x))
            return true;
    return false;
}

// A bit for each byte that stands in a word, as six of its bits tell.
static uint64_t
bytes_in(struct gz_str s)
{
    uint64_t set = 0;

    for (size_t i = 0; i < s.len; i++)
        set |= (uint64_t)1 << ((unsigned char)s.ptr[i] & 63);
    return set;
}

// The set without those that hold another one: a shorter one is met wherever a longer
// one is. Empty if "" is in it.
static struct set
set_reduce(struct parser *p, struct set s)
{
    struct set r = { gz_arena_new(p->arena, struct gz_str, s.count + 1), 0 };
    uint64_t *has = gz_arena_new(p->arena, uint64_t, s.count + 1);

    for (size_t i = 0; i < s.count; i++)
        has[i] = bytes_in(s.item[i]);
    for (size_t i = 0; i < s.count; i++) {
        bool keep = true;

        if (s.item[i].len == 0)
            return (struct set){ 0 };
        for (size_t j = 0; j < s.count && keep; j++) {
            // Most words are told apart by their bytes; the first of equal ones stays.
            if ((has[j] & ~has[i]) != 0 || s.item[j].len > s.item[i].len)
                continue;
            keep = s.item[j].len == s.item[i].len
                       ? j >= i || !gz_str_eq(s.item[j], s.item[i])
                       : gz_str_find(s.item[i], s.item[j]) == (size_t)-1;
        }
        if (keep)
            r.item[r.count++] = s.item[i];
    }
    return r;
}

// To reduce a large set is dear, and needed once at the end; here it is enough that
// something is needed at all.
static struct set
set_usable(struct parser *p, struct set s)
{
    if (s.count <= SMALL_SET)
        return set_reduce(p, s);
    return set_has(s, GZ_STR("")) ? (struct set){ 0 } : s;
}

static struct set
set_better(struct parser *p, struct set a, struct set b)
{
    b = set_usable(p, b);
    if (b.count == 0)
        return a;
    return a.count == 0 || set_rate(b) < set_rate(a) ? b : a;
}

// All of `a` followed by all of `b`; false when that would be too many or too long.
static bool
set_cross(struct parser *p, struct set a, struct set b, struct set *out)
{
    struct set r;

    if (a.count * b.count > MAX_SET)
        return false;
    r = (struct set){ gz_arena_new(p->arena, struct gz_str, a.count * b.count + 1), 0 };
    for (size_t i = 0; i < a.count; i++)
        for (size_t j = 0; j < b.count; j++) {
            struct gz_str x = a.item[i], y = b.item[j];
            char *to;

            if (x.len + y.len > MAX_LITERAL)
                return false;
            to = gz_arena_alloc(p->arena, x.len + y.len + 1, 1, 1);
            if (x.len)
                memcpy(to, x.ptr, x.len);
            if (y.len)
                memcpy(to + x.len, y.ptr, y.len);
            r.item[r.count++] = (struct gz_str){ to, x.len + y.len };
        }
    *out = r;
    return true;
}

static bool
set_union(struct parser *p, struct set a, struct set b, struct set *out)
{
    struct set r;

    if (a.count + b.count > MAX_SET)
        return false;
    r = (struct set){ gz_arena_new(p->arena, struct gz_str, a.count + b.count + 1), 0 };
    for (size_t i = 0; i < a.count; i++)
        r.item[r.count++] = a.item[i];
    for (size_t i = 0; i < b.count; i++)
        if (!set_has(r, b.item[i]))
            r.item[r.count++] = b.item[i];
    *out = r;
    return true;
}

// ---- pieces ----

static struct piece
anything(void)
{
    return (struct piece){ 0 };
}

static struct piece
nothing_wide(struct parser *p)
{
    return (struct piece){ .exact = true, .all = set_one(p, GZ_STR("")) };
}

static struct piece
lost(struct parser *p)
{
    p->lost = true;
    p->at = p->s.len;
    return anything();
}

// What one of the piece's strings must be, whether it is exact or not.
static struct set
needed(struct parser *p, struct piece x)
{
    return x.exact ? set_usable(p, x.all) : x.need;
}

// One character as a caseless pattern means it. Letters outside ASCII may have another
// case, so they are not literals; Han and its punctuation have none.
static struct piece
character(struct parser *p, uint32_t c)
{
    struct gz_buf b = { 0 };
    struct piece r;

    if (c >= 'A' && c <= 'Z')
        c += 'a' - 'A';
    if (c >= 0x80 && !(c >= 0x2E80 && c <= 0xA4CF) && !(c >= 0xAC00 && c <= 0xD7A3) &&
        !(c >= 0xF900 && c <= 0xFAFF) && !(c >= 0xFF01 && c <= 0xFF20))
        return anything();
    if (c == 0)
        return anything();
    gz_utf8_put(&b, c);
    r = (struct piece){ .exact = true,
                        .all = set_one(p, gz_arena_dup(p->arena, gz_buf_str(&b))) };
    gz_buf_release(&b);
    return r;
}

// ---- reading ----

static bool
at_end(const struct parser *p)
{
    return p->at >= p->s.len;
}

static char
peek(const struct parser *p)
{
    return at_end(p) ? '\0' : p->s.ptr[p->at];
}

static bool
looking_at(const struct parser *p, const char *word)
{
    return gz_str_starts(gz_str_from(p->s, p->at), gz_str_of(word));
}

static bool
accept(struct parser *p, const char *word)
{
    if (!looking_at(p, word))
        return false;
    p->at += strlen(word);
    return true;
}

static bool
skip_past(struct parser *p, char end)
{
    while (!at_end(p) && peek(p) != end)
        p->at++;
    if (at_end(p))
        return false;
    p->at++;
    return true;
}

static int
hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

// After "\x".
static struct piece
hex_escape(struct parser *p)
{
    uint32_t c = 0;
    bool braces = accept(p, "{");

    for (int n = 0; (braces ? n < 6 : n < 2) && hex_digit(peek(p)) >= 0; n++)
        c = c * 16 + (uint32_t)hex_digit(p->s.ptr[p->at++]);
    if (braces && !accept(p, "}"))
        return lost(p);
    return c > 0x10FFFF ? lost(p) : character(p, c);
}

// The rest of an escape, after the backslash and `c`.
static struct piece
escape(struct parser *p)
{
    char c = peek(p);

    if (at_end(p))
        return lost(p);
    p->at++;
    switch (c) {
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'h':
    case 'H':
    case 'v':
    case 'V':
    case 'R':
    case 'X':
    case 'N':
        return c == 'N' && peek(p) == '{' ? lost(p) : anything();
    case 'b':
    case 'B':
    case 'A':
    case 'z':
    case 'Z':
    case 'G':
    case 'K':
        return nothing_wide(p);
    case 'n':
        return character(p, '\n');
    case 'r':
        return character(p, '\r');
    case 't':
        return character(p, '\t');
    case 'x':
        return hex_escape(p);
    case 'p':
    case 'P':
        if (accept(p, "{"))
            return skip_past(p, '}') ? anything() : lost(p);
        p->at++;
        return anything();
    case 'Q': {
        size_t end = gz_str_find(gz_str_from(p->s, p->at), GZ_STR("\\E"));
        struct gz_str text = gz_str_first(gz_str_from(p->s, p->at), end);
        struct set all = set_one(p, GZ_STR(""));

        // A quantifier after \E binds to the last character only.
        p->at = end == (size_t)-1 ? p->s.len : p->at + end + 2;
        if (!at_end(p) && strchr("?*+{", peek(p)))
            return lost(p);
        for (size_t i = 0; i < text.len;) {
            struct piece ch = character(p, gz_utf8_next(text, &i));

            if (!ch.exact || !set_cross(p, all, ch.all, &all))
                return anything();
        }
        return (struct piece){ .exact = true, .all = all };
    }
    default:
        if ((unsigned char)c < 0x80 && !(c >= 'a' && c <= 'z') &&
            !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
            return character(p, (unsigned char)c);
        return lost(p); // back references, octal, \c, \g, \k and what may come
    }
}

// After '['. Small sets of plain characters are exact; the rest only has its end found.
static struct piece class(struct parser *p)
{
    bool negated = accept(p, "^"), plain = !negated, first = true;
    struct set all = { 0 };

    for (;; first = false) {
        uint32_t c;

        if (at_end(p))
            return lost(p);
        if (peek(p) == ']' && !first)
            break;
        if (looking_at(p, "[:") || looking_at(p, "[.") || looking_at(p, "[=")) {
            size_t end = gz_str_find(gz_str_from(p->s, p->at), GZ_STR("]"));

            if (end == (size_t)-1 || end < 3 ||
                p->s.ptr[p->at + end - 1] != p->s.ptr[p->at + 1])
                return lost(p); // a '[' that is itself, or a class not understood
            p->at += end + 1;
            plain = false;
            continue;
        }
        if (accept(p, "\\")) {
            char e = peek(p);

            if (at_end(p) || e == 'Q' || e == 'E')
                return lost(p);
            if (e == 'p' || e == 'P' || e == 'x' || e == 'o' || e == 'N') {
                p->at++;
                if (accept(p, "{") && !skip_past(p, '}'))
                    return lost(p);
                plain = false;
                continue;
            }
            plain = plain && !(hex_digit(e) >= 0) && !(e >= 'a' && e <= 'z') &&
                    !(e >= 'A' && e <= 'Z') && !(e >= '0' && e <= '9');
        }
        c = gz_utf8_next(p->s, &p->at);
        if (peek(p) == '-' && !looking_at(p, "-]"))
            plain = false;
        if (plain) {
            struct piece ch = character(p, c);

            plain = ch.exact && all.count < 12 && set_union(p, all, ch.all, &all);
        }
    }
    p->at++;
    return plain ? (struct piece){ .exact = true, .all = all } : anything();
}

static struct piece alternation(struct parser *p);

// Inline options after "(?": those that change how the rest is read are not understood.
static bool
plain_options(struct parser *p)
{
    while (!at_end(p) && strchr("imsUJ-", peek(p)))
        p->at++;
    return peek(p) == ')' || peek(p) == ':';
}

static struct piece
inside(struct parser *p)
{
    struct piece r = alternation(p);

    if (!accept(p, ")"))
        return lost(p);
    return r;
}

// A look-around: it takes no room, so the run goes on around it; what a positive one
// needs must stand in the text all the same.
static struct piece
look(struct parser *p, bool positive)
{
    struct piece x = inside(p);
    struct piece r = nothing_wide(p);

    if (positive && !p->lost)
        r.need = needed(p, x);
    return r;
}

// After '('.
static struct piece
group(struct parser *p)
{
    if (peek(p) == '*')
        return lost(p); // verbs and alphabetic assertions
    if (!accept(p, "?"))
        return inside(p);
    if (accept(p, "#"))
        return skip_past(p, ')') ? nothing_wide(p) : lost(p);
    if (accept(p, ":") || accept(p, ">") || accept(p, "|"))
        return inside(p);
    if (accept(p, "=") || accept(p, "<="))
        return look(p, true);
    if (accept(p, "!") || accept(p, "<!"))
        return look(p, false);
    if (accept(p, "P<") || accept(p, "<"))
        return skip_past(p, '>') ? inside(p) : lost(p);
    if (accept(p, "'"))
        return skip_past(p, '\'') ? inside(p) : lost(p);
    if (!at_end(p) && strchr("imsUJ-", peek(p)) && plain_options(p)) {
        if (accept(p, ")"))
            return nothing_wide(p);
        p->at++;
        return inside(p);
    }
    return lost(p); // conditions, recursion, call-outs, (?x), and what may come
}

static struct piece
atom(struct parser *p)
{
    if (accept(p, "\\"))
        return escape(p);
    if (accept(p, "["))
        return class(p);
    if (accept(p, "(")) {
        struct piece r;

        if (++p->depth > MAX_DEPTH)
            return lost(p);
        r = group(p);
        p->depth--;
        return r;
    }
    if (accept(p, "."))
        return anything();
    if (peek(p) == '{')
        return lost(p); // a quantifier to some versions of PCRE2, itself to others
    if (accept(p, "^") || accept(p, "$"))
        return nothing_wide(p);
    return character(p, gz_utf8_next(p->s, &p->at));
}

// {n}, {n,}, {n,m}; anything else in braces is itself. Returns whether it was one.
static bool
braces(struct parser *p, unsigned *min, unsigned *max)
{
    size_t at = p->at + 1;
    unsigned n[2] = { 0, 0 };
    bool digits[2] = { false, false }, comma = false;

    for (; at < p->s.len; at++) {
        char c = p->s.ptr[at];

        if (c >= '0' && c <= '9' && n[comma] < 100000) {
            n[comma] = n[comma] * 10 + (unsigned)(c - '0');
            digits[comma] = true;
        } else if (c == ',' && !comma && digits[0]) {
            comma = true;
        } else {
            break;
        }
    }
    if (at >= p->s.len || p->s.ptr[at] != '}' || !digits[0])
        return false;
    p->at = at + 1;
    *min = n[0];
    *max = !comma ? n[0] : digits[1] ? n[1] : 100000;
    return true;
}

static bool
quantifier(struct parser *p, unsigned *min, unsigned *max)
{
    *min = *max = 1;
    switch (peek(p)) {
    case '?':
        *min = 0;
        p->at++;
        break;
    case '*':
        *min = 0;
        *max = 100000;
        p->at++;
        break;
    case '+':
        *max = 100000;
        p->at++;
        break;
    case '{':
        if (!braces(p, min, max))
            return false;
        break;
    default:
        return false;
    }
    if (peek(p) == '+' || peek(p) == '?')
        p->at++; // possessive, lazy
    return true;
}

struct run {
    struct set current; // what the characters just before must be
    struct set best;
    bool exact; // the run began where the sequence began and was never broken
};

static void
flush(struct parser *p, struct run *r)
{
    r->best = set_better(p, r->best, r->current);
    r->current = set_one(p, GZ_STR(""));
    r->exact = false;
}

static void
append(struct parser *p, struct run *r, struct piece x)
{
    struct set joined;

    if (x.need.count)
        r->best = set_better(p, r->best, x.need);
    if (!x.exact) {
        flush(p, r);
    } else if (set_cross(p, r->current, x.all, &joined)) {
        r->current = joined;
    } else {
        flush(p, r);
        r->current = x.all;
    }
}

static struct piece
sequence(struct parser *p)
{
    struct run r = { set_one(p, GZ_STR("")), { 0 }, true };

    while (!at_end(p) && peek(p) != '|' && peek(p) != ')' && !p->lost) {
        struct piece x = atom(p);
        unsigned min, max;
        bool quantified = quantifier(p, &min, &max);

        // After a comment or \K, what a quantifier binds to is not obvious.
        if (quantified && x.exact && x.all.count == 1 && x.all.item[0].len == 0)
            x = lost(p);

        if (quantified && min == 0 && max <= 1 && x.exact && !x.need.count) {
            struct set either;

            if (set_union(p, x.all, set_one(p, GZ_STR("")), &either))
                x.all = either;
            else
                x = anything();
        } else if (quantified && min == 0) {
            x = anything();
        }
        append(p, &r, x);
        if (quantified && min > 0 && max != 1)
            flush(p, &r); // the first copy follows directly; after it anything may
    }
    if (r.exact)
        return (struct piece){ true, r.current, r.best };
    flush(p, &r);
    return (struct piece){ false, { 0 }, r.best };
}

static struct piece
alternation(struct parser *p)
{
    struct piece r = sequence(p);

    while (!p->lost && accept(p, "|")) {
        struct piece x = sequence(p);
        struct set a = needed(p, r), b = needed(p, x), need = { 0 };

        if (a.count && b.count && !set_union(p, a, b, &need))
            need = (struct set){ 0 };
        if (!(r.exact && x.exact && set_union(p, r.all, x.all, &r.all)))
            r.exact = false;
        // What only a look-ahead of one branch needs is not needed by the whole.
        r.need = r.exact ? (struct set){ 0 } : need;
    }
    return r;
}

// Items at the very start that only set limits and modes: (*UTF), (*LIMIT_MATCH=10).
static void
start_items(struct parser *p)
{
    while (looking_at(p, "(*UTF)") || looking_at(p, "(*UCP)") ||
           looking_at(p, "(*LIMIT_") || looking_at(p, "(*NO_"))
        if (!skip_past(p, ')'))
            return;
}

struct gz_literals
gz_literals_extract(struct gz_str pattern, struct gz_arena *arena)
{
    struct parser p = { .s = pattern, .arena = arena };
    struct piece x;
    struct set best;

    if (pattern.len > MAX_BYTES)
        return (struct gz_literals){ 0 };
    start_items(&p);
    x = alternation(&p);
    if (p.lost || !at_end(&p))
        return (struct gz_literals){ 0 };
    best = set_reduce(&p, x.exact ? set_better(&p, x.need, x.all) : x.need);
    return (struct gz_literals){ best.item, best.count };
}
