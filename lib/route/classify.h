// SPDX-License-Identifier: MIT
// classify: the category of a text by the weighted rules of a pack, with the reasons.
#ifndef GZ_ROUTE_CLASSIFY_H
#define GZ_ROUTE_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "civic/category.h"
#include "pack/pack.h"
#include "route/fold.h"
#include "route/match.h"

enum gz_source { GZ_IN_TITLE, GZ_IN_TEXT, GZ_IN_FORM, GZ_IN_GIVEN };

// A rule that was met, where, and what it was worth. `at` is in bytes of the folded
// title or text.
struct gz_evidence {
    uint32_t rule; // row of rules.csv
    int32_t weight;
    enum gz_source source;
    struct gz_span at;
};

// A referral that was met, and whether a guard took it back.
struct gz_alarm {
    uint32_t referral; // row of referrals.csv
    enum gz_source source;
    struct gz_span at;
    struct gz_str guard; // the word that took it back; empty: it stands
    bool form;           // it stood only in the question of a form
};

struct gz_score {
    uint32_t category;
    int32_t score;
};

// A question that was met, the answer to which is known.
struct gz_answered {
    uint32_t answer; // row of answers.csv
    enum gz_source source;
    struct gz_span at;
};

enum { GZ_CANDIDATES = 8, GZ_ALARMS = 16 };

// What was found in one record. Valid until the next one is classified.
struct gz_findings {
    struct gz_str title, text;          // folded, the questions of forms blanked
    struct gz_str given;                // folded
    struct gz_str form_text;            // folded, with them; empty if there are none
    const struct gz_evidence *evidence; // in the order of rules.csv
    size_t evidences;
    struct gz_alarm alarm[GZ_ALARMS];
    size_t alarms;
    struct gz_answered answered; // the first row that was met
    bool has_answer;
    struct gz_score best[GZ_CANDIDATES]; // best first
    size_t candidates;
    const uint64_t *undecided; // a bit for each rule, NULL for none
};

struct gz_classifier;

// `compile` compiles every pattern at once, for --check: on a fault `err` has the sheet,
// the line and the column. NULL then. `pack` must outlive it.
struct gz_classifier *gz_classifier_new(const struct gz_pack *pack, bool compile,
                                        struct gz_arena *arena, struct gz_err *err);
void gz_classifier_free(struct gz_classifier *c);

struct gz_ruleset *gz_classifier_rules(struct gz_classifier *c);

// What is looked at. `given` is a category in the words of the source that the pack does
// not know: it is searched for rules as a title is, and never for referrals. Else empty.
struct gz_subject {
    struct gz_str title, text, given;
};

// Look at one record of `day` (GZ_UNDATED if that is not known). Rules met in the title
// count twice; where there is no title, so do those that begin in the first 30
// characters of the text. `forms` keeps what was blanked, for explanations.
//
// The first level with the greatest sum is chosen, then the category with the greatest
// sum of its own below it; on a tie the deeper one, then the row that comes first.
const struct gz_findings *gz_classify(struct gz_classifier *c, const struct gz_subject *s,
                                      int64_t day, bool forms);

// The id of rule `i` of an undecided bit set: of rules.csv, then of referrals.csv, then
// of answers.csv.
struct gz_str gz_classifier_rule_id(const struct gz_classifier *c, size_t i);
size_t gz_classifier_rule_count(const struct gz_classifier *c);

#endif
