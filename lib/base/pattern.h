// SPDX-License-Identifier: MIT
// pattern: one PCRE2 pattern over UTF-8, with limits. The only user of PCRE2.
#ifndef GZ_BASE_PATTERN_H
#define GZ_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct gz_pattern; // compiled once, matched by any number of matchers
struct gz_matcher; // scratch memory and limits; one for each thread

enum gz_pattern_flags {
    GZ_PATTERN_NOCASE = 1 << 0,
    GZ_PATTERN_ANCHORED = 1 << 1, // must match from the start to the end of the subject
};

enum gz_match {
    GZ_MATCH_NO,
    GZ_MATCH_YES,
    GZ_MATCH_LIMIT, // undecided: the pattern ran into its limit on this subject
};

struct gz_span {
    size_t start; // bytes
    size_t end;
};

// Compile for UTF-8 with Unicode properties. NULL on a bad pattern; `err` then has the
// column of the fault within `source`. JIT code is made when it first matches.
struct gz_pattern *gz_pattern_new(struct gz_str source, unsigned flags,
                                  struct gz_err *err);
void gz_pattern_free(struct gz_pattern *p);

struct gz_matcher *gz_matcher_new(void);
void gz_matcher_free(struct gz_matcher *m);

// Search `subject`, valid UTF-8, from byte `from`. groups[0] is the whole match, then
// capture groups; those that took no part have start == end == (size_t)-1. At most
// `max` are filled (max may be 0).
enum gz_match gz_pattern_match(struct gz_pattern *p, struct gz_matcher *m,
                               struct gz_str subject, size_t from, struct gz_span *groups,
                               size_t max);

// What the search costs: the least match limit of PCRE2 that it does not run into,
// counted without JIT; the limit itself (GZ_PATTERN_LIMIT) when it runs into that. It is
// the same on every machine, as times are not.
enum { GZ_PATTERN_LIMIT = 100000 };
uint32_t gz_pattern_cost(struct gz_pattern *p, struct gz_matcher *m,
                         struct gz_str subject);

#endif
