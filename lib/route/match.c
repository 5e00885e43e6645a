// SPDX-License-Identifier: MIT
#include "route/match.h"

#include <stdlib.h>

#include "route/literal.h"
#include "route/prefilter.h"

struct rule {
    struct gz_str pattern; // folded
    bool regex;
    bool plain;                  // no negation undoes it
    bool always;                 // no literal is known
    struct gz_pattern *compiled; // of a regex, once it was needed
    bool broken;                 // it does not compile
    struct gz_str *word;         // of a keyword rule
    size_t words;
};

struct gz_ruleset {
    struct rule *rule;
    size_t count;
    struct gz_negation *negation; // words folded
    size_t negations;
    bool negates_before[256], negates_after[256]; // by last byte, by first byte
    struct gz_prefilter *prefilter;
    uint32_t *always;
    size_t n_always;
};

// ---- building ----

static struct gz_str
folded(struct gz_folder *f, struct gz_str s, bool keep_case, struct gz_arena *arena)
{
    struct gz_buf b = { 0 };
    struct gz_str r = keep_case ? gz_fold_pattern(f, s, &b) : gz_fold(f, s, &b);

    r = gz_arena_dup(arena, r);
    gz_buf_release(&b);
    return r;
}

static void
split_words(struct rule *r, struct gz_arena *arena)
{
    struct gz_cut cut = { .tail = r->pattern, .found = true };
    size_t cap = 0;

    while (cut.found) {
        struct gz_str word;

        cut = gz_str_cut(cut.tail, GZ_STR("|"));
        word = gz_str_trim(cut.head);
        if (word.len == 0)
            continue;
        r->word = gz_arena_grow(arena, r->word, &cap, r->words + 1, sizeof(*r->word));
        r->word[r->words++] = word;
    }
}

struct literals {
    struct gz_str *item;
    uint32_t *owner;
    size_t count, item_cap, owner_cap;
    struct gz_arena *arena;
};

static void
add_literals(struct literals *l, const struct gz_str *item, size_t count, uint32_t owner)
{
    l->item = gz_arena_grow(l->arena, l->item, &l->item_cap, l->count + count,
                            sizeof(*l->item));
    l->owner = gz_arena_grow(l->arena, l->owner, &l->owner_cap, l->count + count,
                             sizeof(*l->owner));
    for (size_t i = 0; i < count; i++) {
        l->item[l->count] = item[i];
        l->owner[l->count++] = owner;
    }
}

static void
prepare(struct gz_ruleset *rs, uint32_t i, struct literals *l)
{
    struct rule *r = &rs->rule[i];
    struct gz_literals found;

    if (!r->regex) {
        split_words(r, l->arena);
        add_literals(l, r->word, r->words, i);
        return;
    }
    found = gz_literals_extract(r->pattern, l->arena);
    r->always = found.count == 0;
    if (r->always)
        rs->always[rs->n_always++] = i;
    add_literals(l, found.item, found.count, i);
}

static enum gz_err_kind
compile(struct rule *r, struct gz_err *err)
{
    r->compiled = gz_pattern_new(r->pattern, GZ_PATTERN_NOCASE, err);
    r->broken = !r->compiled;
    return r->broken ? GZ_ERR_USAGE : GZ_OK;
}

static void
add_negation(struct gz_ruleset *rs, size_t i, struct gz_negation n,
             struct gz_folder *folder, struct gz_arena *arena)
{
    n.word = folded(folder, n.word, false, arena);
    rs->negation[i] = n;
    if (n.word.len && n.after)
        rs->negates_after[(unsigned char)n.word.ptr[0]] = true;
    else if (n.word.len)
        rs->negates_before[(unsigned char)n.word.ptr[n.word.len - 1]] = true;
}

struct gz_ruleset *
gz_ruleset_new(const struct gz_match_rule *rule, size_t count,
               const struct gz_negation *negation, size_t negations, bool compile_all,
               struct gz_folder *folder, struct gz_arena *arena, size_t *bad,
               struct gz_err *err)
{
    struct gz_ruleset *rs = gz_arena_new(arena, struct gz_ruleset, 1);
    struct literals l = { .arena = arena };

    rs->rule = gz_arena_new(arena, struct rule, count + 1);
    rs->always = gz_arena_new(arena, uint32_t, count + 1);
    rs->negation = gz_arena_new(arena, struct gz_negation, negations + 1);
    rs->count = count;
    rs->negations = negations;
    for (size_t i = 0; i < negations; i++)
        add_negation(rs, i, negation[i], folder, arena);
    for (size_t i = 0; i < count; i++) {
        struct rule *r = &rs->rule[i];

        r->regex = rule[i].regex;
        r->plain = rule[i].plain;
        r->pattern = folded(folder, rule[i].pattern, r->regex, arena);
        prepare(rs, (uint32_t)i, &l);
        if (compile_all && r->regex && compile(r, err)) {
            *bad = i;
            gz_ruleset_free(rs);
            return NULL;
        }
    }
    rs->prefilter = gz_prefilter_new(l.item, l.owner, l.count, arena);
    return rs;
}

void
gz_ruleset_free(struct gz_ruleset *rs)
{
    for (size_t i = 0; rs && i < rs->count; i++) {
        gz_pattern_free(rs->rule[i].compiled);
        rs->rule[i].compiled = NULL;
    }
}

bool
gz_ruleset_always(const struct gz_ruleset *rs, size_t rule)
{
    return rs->rule[rule].always;
}

struct gz_scan *
gz_scan_new(const struct gz_ruleset *rs, struct gz_arena *arena)
{
    struct gz_scan *s = gz_arena_new(arena, struct gz_scan, 1);

    s->words = (rs->count + 63) / 64;
    s->matched = gz_arena_new(arena, uint64_t, s->words + 1);
    s->undecided = gz_arena_new(arena, uint64_t, s->words + 1);
    s->candidate = gz_arena_new(arena, uint64_t, s->words + 1);
    s->span = gz_arena_new(arena, struct gz_span, rs->count + 1);
    return s;
}

// ---- judging ----

static bool
negated(const struct gz_ruleset *rs, struct gz_str text, size_t start, size_t end)
{
    struct gz_str before = gz_str_first(text, start), after = gz_str_from(text, end);

    // One look at the bytes around nearly always says no.
    if (!(start && rs->negates_before[(unsigned char)text.ptr[start - 1]]) &&
        !(after.len && rs->negates_after[(unsigned char)after.ptr[0]]))
        return false;
    for (size_t i = 0; i < rs->negations; i++)
        if (rs->negation[i].after ? gz_str_starts(after, rs->negation[i].word)
                                  : gz_str_ends(before, rs->negation[i].word))
            return true;
    return false;
}

static inline void
set_bit(uint64_t *set, size_t bit)
{
    set[bit / 64] |= (uint64_t)1 << (bit % 64);
}

// Leftmost wins, then the longest.
static void
take(struct gz_scan *s, size_t rule, size_t start, size_t end)
{
    struct gz_span *at = &s->span[rule];

    if (gz_scan_has(s, rule) &&
        (at->start < start || (at->start == start && at->end >= end)))
        return;
    *at = (struct gz_span){ start, end };
    set_bit(s->matched, rule);
}

static void
on_literal(void *ctx, const struct gz_prefilter_hit *h)
{
    struct gz_scan *s = ctx;
    bool undone = negated(s->rules, s->text, h->start, h->end);

    for (size_t i = 0; i < h->owners; i++)
        if (s->rules->rule[h->owner[i]].regex)
            set_bit(s->candidate, h->owner[i]);
        else if (!undone || s->rules->rule[h->owner[i]].plain)
            take(s, h->owner[i], h->start, h->end);
}

static enum gz_match
next_regex(struct gz_ruleset *rs, struct rule *r, struct gz_matcher *m,
           struct gz_str text, size_t from, struct gz_span *at)
{
    struct gz_err err = { 0 };
    enum gz_match result;

    if (r->broken || (!r->compiled && compile(r, &err)))
        return GZ_MATCH_LIMIT;
    while (from <= text.len) {
        result = gz_pattern_match(r->compiled, m, text, from, at, 1);
        if (result != GZ_MATCH_YES || !negated(rs, text, at->start, at->end))
            return result;
        // Go on after this one, by at least a character.
        from = at->end > at->start ? at->end : at->end + 1;
        while (from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80)
            from++;
    }
    return GZ_MATCH_NO;
}

static enum gz_match
next_word(const struct gz_ruleset *rs, const struct rule *r, struct gz_str text,
          size_t from, struct gz_span *at)
{
    *at = (struct gz_span){ SIZE_MAX, 0 };
    for (size_t w = 0; w < r->words; w++) {
        struct gz_str word = r->word[w];

        for (size_t i = from; i <= text.len;) {
            size_t found = gz_str_find(gz_str_from(text, i), word);

            if (found == (size_t)-1 || i + found > at->start)
                break;
            i += found;
            if (r->plain || !negated(rs, text, i, i + word.len)) {
                if (i < at->start || i + word.len > at->end)
                    *at = (struct gz_span){ i, i + word.len };
                break;
            }
            i++;
        }
    }
    return at->start == SIZE_MAX ? GZ_MATCH_NO : GZ_MATCH_YES;
}

enum gz_match
gz_ruleset_next(struct gz_ruleset *rs, size_t rule, struct gz_matcher *m,
                struct gz_str text, size_t from, struct gz_span *at)
{
    struct rule *r = &rs->rule[rule];

    return r->regex ? next_regex(rs, r, m, text, from, at)
                    : next_word(rs, r, text, from, at);
}

static void
judge(struct gz_scan *s, struct gz_ruleset *rs, size_t i, struct gz_matcher *m)
{
    struct gz_span at;
    enum gz_match result = next_regex(rs, &rs->rule[i], m, s->text, 0, &at);

    if (result == GZ_MATCH_YES) {
        take(s, i, at.start, at.end);
    } else if (result == GZ_MATCH_LIMIT) {
        set_bit(s->undecided, i);
        s->any_undecided = true;
    }
}

static void
begin(struct gz_scan *s, const struct gz_ruleset *rs, struct gz_str text)
{
    for (size_t i = 0; i < s->words; i++)
        s->matched[i] = s->candidate[i] = 0;
    if (s->any_undecided)
        for (size_t i = 0; i < s->words; i++)
            s->undecided[i] = 0;
    s->any_undecided = false;
    s->rules = rs;
    s->text = text;
}

void
gz_scan_text(struct gz_scan *s, struct gz_ruleset *rs, struct gz_matcher *m,
             struct gz_str text)
{
    begin(s, rs, text);
    if (text.len == 0)
        return;
    gz_prefilter_scan(rs->prefilter, text, on_literal, s);
    for (size_t i = 0; i < rs->n_always; i++)
        set_bit(s->candidate, rs->always[i]);
    for (size_t w = 0; w < s->words; w++)
        for (uint64_t bits = s->candidate[w]; bits; bits &= bits - 1)
            judge(s, rs, w * 64 + (size_t)__builtin_ctzll(bits), m);
}

static void
naive_words(struct gz_scan *s, const struct gz_ruleset *rs, size_t i)
{
    const struct rule *r = &rs->rule[i];

    for (size_t w = 0; w < r->words; w++)
        for (size_t at = 0; at + r->word[w].len <= s->text.len; at++)
            if (memcmp(s->text.ptr + at, r->word[w].ptr, r->word[w].len) == 0 &&
                (r->plain || !negated(rs, s->text, at, at + r->word[w].len)))
                take(s, i, at, at + r->word[w].len);
}

void
gz_scan_text_naive(struct gz_scan *s, struct gz_ruleset *rs, struct gz_matcher *m,
                   struct gz_str text)
{
    begin(s, rs, text);
    if (text.len == 0)
        return;
    for (size_t i = 0; i < rs->count; i++)
        if (rs->rule[i].regex)
            judge(s, rs, i, m);
        else
            naive_words(s, rs, i);
}
