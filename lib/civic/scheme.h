// SPDX-License-Identifier: MIT
// scheme: an assessment scheme (考核口径): what is counted, in which windows, and how
// rates, scores and ranks are made of the counts. gz-scheme(5) is its manual.
#ifndef GZ_CIVIC_SCHEME_H
#define GZ_CIVIC_SCHEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "base/str.h"
#include "civic/period.h"
#include "io/json.h"

// A count and what it weighs: 0.9 x basic.
struct gz_term {
    struct gz_str measure;
    struct gz_dec weight;
};

// Sum of `num` over sum of `den`. gz-report alone divides.
struct gz_rate {
    struct gz_str name; // "solve_rate"
    struct gz_str zh;
    struct gz_str en;
    const struct gz_term *num;
    size_t num_count;
    const struct gz_term *den;
    size_t den_count;
};

// One part of the composite score; the weight is of the rate as a fraction of 1.
struct gz_score_part {
    struct gz_str rate;
    struct gz_dec weight;
};

enum gz_rounding { GZ_ROUND_HALF_UP, GZ_ROUND_HALF_EVEN };
enum gz_zero_den { GZ_ZERO_DASH, GZ_ZERO_ZERO, GZ_ZERO_HUNDRED };
enum gz_summary { GZ_SUMMARY_BOTH, GZ_SUMMARY_POOLED, GZ_SUMMARY_MEAN };

// A reason for which an order is left out of the assessed counts.
struct gz_exclusion {
    struct gz_str code;
    struct gz_str zh;
    struct gz_str en;
    const gz_json *when;
};

// One key of the ranking; the last one is always the unit's name.
struct gz_rank_key {
    struct gz_str by; // a rate, a measure, "score" or "unit"
    bool descending;
};

// Units that are ranked among themselves: those named, and those whose names end so.
struct gz_rank_group {
    struct gz_str zh;
    struct gz_str en;
    const struct gz_str *unit;
    size_t unit_count;
    const struct gz_str *end;
    size_t end_count;
};

// What a class takes: the first or last `n` by rank, those that rose most since the
// period before, those with most orders.
enum gz_class_take { GZ_CLASS_FIRST, GZ_CLASS_LAST, GZ_CLASS_RISEN, GZ_CLASS_MOST };

struct gz_class {
    struct gz_str name;
    struct gz_str zh;
    struct gz_str en;
    enum gz_class_take take;
    int64_t n;
};

struct gz_scheme {
    struct gz_str name;
    struct gz_str title_zh;
    struct gz_str title_en;
    struct gz_str note_zh; // printed wherever the scheme is: "非官方口径"
    struct gz_str note_en;
    bool official;            // only what an authority has published
    struct gz_str valid_from; // ISO dates, or empty
    struct gz_str valid_to;

    struct gz_window period; // "main"
    const struct gz_str *window_name;
    const struct gz_window *window;
    size_t window_count;

    const struct gz_str *unit; // the first of these fields that is there is the unit
    size_t unit_count;
    struct gz_str without_field; // where an export lacks this column, the report names
    struct gz_str without_take;  // this scheme, which does without; empty: none
    bool first_follow_up;        // fu1_* instead of fu_*

    const struct gz_exclusion *exclusion;
    size_t exclusion_count;

    const struct gz_rate *rate;
    size_t rate_count;
    const struct gz_score_part *score; // score_count is 0: no composite score
    size_t score_count;
    struct gz_dec score_scale;
    int32_t score_decimals;

    int32_t decimals; // of a rate in percent
    enum gz_rounding rounding;
    enum gz_zero_den zero_den;
    enum gz_summary summary;
    const struct gz_rank_key *rank;
    size_t rank_count;
    const struct gz_rank_group *rank_group; // the first that fits; others are one more
    size_t rank_group_count;
    const struct gz_class *classes;
    size_t class_count;
    int64_t small_n; // denominators under this are marked, and not ranked; 0: never

    struct gz_str text;          // the whole scheme as compact JSON, its base filled in
    struct gz_json_doc *doc;     // of `text`
    struct gz_json_doc *source;  // as it was given: places for messages
    struct gz_json_doc *derived; // conditions made of roles, kinds and exclusions
};

// Read a scheme from its JSON text. `name` is for messages. Everything but the JSON tree
// is in `arena`; gz_scheme_release() frees the tree. NULL and GZ_ERR_USAGE with line and
// column when it is wrong.
struct gz_scheme *gz_scheme_parse(struct gz_arena *arena, struct gz_str text,
                                  const char *name, struct gz_err *err);
void gz_scheme_release(struct gz_scheme *s);

// By the name of a built-in scheme, or a file's path (anything with '/' or '.json').
// Looks below $XDG_CONFIG_HOME/gz/schemes and $XDG_CONFIG_DIRS/gz/schemes first.
struct gz_scheme *gz_scheme_load(struct gz_arena *arena, const char *name_or_path,
                                 struct gz_err *err);

// The condition of that name ("valid", "solved" ...), and the document it is in; NULL if
// it declares none. civic/cond.h compiles it. Two are made of other lines of the scheme:
// "counted" (roles, kinds and the scheme's own "counted") and "excluded".
const gz_json *gz_scheme_condition(const struct gz_scheme *s, struct gz_str name,
                                   const struct gz_json_doc **doc);

// The window of that name; "main" and names it does not declare are the period itself,
// "calendar" is the calendar month (or the kind of the period) from midnight to midnight.
struct gz_window gz_scheme_window(const struct gz_scheme *s, struct gz_str name);

// class.c: the lines "rank_groups" and "classes". False with a fault in *err.
bool gz_scheme_fill_groups(struct gz_scheme *s, struct gz_arena *arena,
                           const struct gz_json_doc *doc, const gz_json *v,
                           struct gz_err *err);
bool gz_scheme_fill_classes(struct gz_scheme *s, struct gz_arena *arena,
                            const struct gz_json_doc *doc, const gz_json *v,
                            struct gz_err *err);

// The rank group of a unit; rank_group_count for none.
size_t gz_scheme_rank_group(const struct gz_scheme *s, struct gz_str unit);

// The rate of that name, or NULL.
const struct gz_rate *gz_scheme_rate(const struct gz_scheme *s, struct gz_str name);

#endif
