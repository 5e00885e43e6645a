// SPDX-License-Identifier: MIT
// match: which of many rules match a text: prefilter first, PCRE2 as the judge.
#ifndef GZ_ROUTE_MATCH_H
#define GZ_ROUTE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/pattern.h"
#include "base/str.h"
#include "route/fold.h"

// What a rule looks for. A keyword rule is words apart by '|', found anywhere; a regex
// rule is PCRE2, caseless. Both are folded before use.
struct gz_match_rule {
    struct gz_str pattern;
    bool regex;
    bool plain; // a keyword rule whose words count even where a negation touches them
};

// Words that undo a match which they touch: before it ("不是") or after it ("已解决").
struct gz_negation {
    struct gz_str word;
    bool after;
};

struct gz_ruleset;

// Literals are taken from the patterns here; patterns are compiled when they are first
// needed, unless `compile` is set: then a bad one is a fault, *bad its rule, and the
// column in `err` is within the pattern. NULL on a fault. Keeps `rule` and `negation`.
struct gz_ruleset *gz_ruleset_new(const struct gz_match_rule *rule, size_t count,
                                  const struct gz_negation *negation, size_t negations,
                                  bool compile, struct gz_folder *folder,
                                  struct gz_arena *arena, size_t *bad,
                                  struct gz_err *err);

// Frees what the arena does not: the compiled patterns.
void gz_ruleset_free(struct gz_ruleset *rs);

// Must every text be tried against this rule, since no literal is known for it?
bool gz_ruleset_always(const struct gz_ruleset *rs, size_t rule);

// The state of one scan; one for each text that is looked at, reused from record to
// record. Lives in the arena of gz_scan_new().
struct gz_scan {
    uint64_t *matched; // a bit for each rule
    uint64_t *undecided;
    struct gz_span *span; // of the leftmost match, in bytes of the folded text
    size_t words;         // of the bit sets
    bool any_undecided;
    // While it runs.
    uint64_t *candidate;
    const struct gz_ruleset *rules;
    struct gz_str text;
};

struct gz_scan *gz_scan_new(const struct gz_ruleset *rs, struct gz_arena *arena);

// Find every rule that matches `text`, which is folded. The result is that of trying
// each rule on its own; a rule that ran into PCRE2's limits is marked undecided. A rule
// whose pattern cannot be compiled is undecided too.
void gz_scan_text(struct gz_scan *scan, struct gz_ruleset *rs, struct gz_matcher *m,
                  struct gz_str text);

static inline bool
gz_scan_has(const struct gz_scan *s, size_t rule)
{
    return s->matched[rule / 64] >> (rule % 64) & 1;
}

// The next match of one rule from byte `from` on that no negation touches, without the
// prefilter: for the few rules that have to look past a first match.
enum gz_match gz_ruleset_next(struct gz_ruleset *rs, size_t rule, struct gz_matcher *m,
                              struct gz_str text, size_t from, struct gz_span *at);

// The same by trying every rule on its own: the independent answer for tests.
void gz_scan_text_naive(struct gz_scan *scan, struct gz_ruleset *rs, struct gz_matcher *m,
                        struct gz_str text);

#endif
