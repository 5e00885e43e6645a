// SPDX-License-Identifier: MIT
// pack: the sheets that say what complaints are and who deals with them; see
// gz-pack(5).
#ifndef GZ_PACK_PACK_H
#define GZ_PACK_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "pack/sheet.h"

// The days on which a row holds, first and last, counted from 1970-01-01.
struct gz_valid {
    int64_t from; // INT64_MIN: always did
    int64_t to;   // INT64_MAX: still does
};

#define GZ_UNDATED INT64_MIN

// Does a row hold on `day`? On a day that is not known (GZ_UNDATED) only rows hold that
// have not ended.
static inline bool
gz_valid_on(struct gz_valid v, int64_t day)
{
    return day == GZ_UNDATED ? v.to == INT64_MAX : v.from <= day && day <= v.to;
}

// The words of a cell, apart by '|'.
struct gz_words {
    struct gz_str *item;
    size_t count;
};

#define GZ_ANY_CATEGORY UINT32_MAX

struct gz_category {
    struct gz_str code, path, en, zh, deadline_class, duty;
    struct gz_words synonyms;
    uint32_t top; // its first level, itself if it is one
};

struct gz_category_rule {
    struct gz_str id, pattern;
    uint32_t category;
    int32_t weight;
    bool regex;
    bool in_title, in_text;
    struct gz_words needs, excludes;
    struct gz_valid valid;
};

struct gz_referral {
    struct gz_str id, step, outcome, pattern, target, basis;
    bool regex;
    struct gz_words guards;
    struct gz_valid valid;
};

// What is known without asking anybody (R3).
struct gz_answer {
    struct gz_str id, pattern, answer, basis;
    bool regex;
    struct gz_words needs, excludes;
    struct gz_valid valid;
};

// A place of the gazetteer, from province to door.
struct gz_place {
    struct gz_str id, name, tier, parent; // the id or the name of another row
    struct gz_words aliases, successors;
    struct gz_valid valid;
};

struct gz_dispatch {
    struct gz_str id, kind, area, tier, duty, basis;
    uint32_t category;
    struct gz_words lead, co, copy, call;
    struct gz_valid valid;
};

struct gz_duty {
    uint32_t category;
    bool lead; // the community may lead; else it only assists
    struct gz_str basis;
    struct gz_valid valid;
};

struct gz_unit {
    struct gz_str name, kind, tier, parent;
    struct gz_words aliases;
    struct gz_valid valid;
};

struct gz_rung {
    struct gz_str ladder, tier, zh, en;
    uint32_t order; // the higher the tier, the greater
    struct gz_words names;
    struct gz_words whole; // what the ladder is called as a whole
};

struct gz_deadline {
    struct gz_str name, basis;
    int64_t amount;
    bool hours; // else days
    bool work;  // working days
    struct gz_words synonyms;
    struct gz_words inlets;   // of petitions that have this class without being told
    struct gz_words channels; // words of a channel that stand for such an inlet
    struct gz_valid valid;
};

// What gz-link counted that a breadth takes at least, in this order; 0: it does not ask.
enum { GZ_LINKED_PERSONS, GZ_LINKED_PLACES, GZ_LINKED_DAYS, GZ_LINKED_REDO, GZ_LINKED };

struct gz_breadth {
    struct gz_str name, pool, tier, basis;
    struct gz_words synonyms;
    int64_t least[GZ_LINKED];
};

// A field of the coordination committee, and the first levels that are its.
struct gz_committee_field {
    struct gz_str name, en;
    struct gz_words names;
    uint32_t *category;
    size_t categories;
};

struct gz_negator {
    struct gz_str word;
    bool after;
};

struct gz_day {
    int64_t day;
    bool work;
};

// A legal step of a state machine.
struct gz_transition {
    struct gz_str machine, from, to, step;
    struct gz_words fields; // that say `to` was reached
    struct gz_words needs;  // FIELD or FIELD=VALUE
    struct gz_words codes;  // one a need
    bool terminal;
};

// Words of a vocabulary that mean a step.
struct gz_step_word {
    struct gz_str vocabulary, step, machine, state;
    struct gz_words words;
    bool supervise, evaluate;
};

struct gz_party {
    struct gz_str set, name;
    struct gz_words words;
};

// A share that must be reached: num / den, or exceeded. den 0: none is asked for.
struct gz_share {
    uint32_t num, den;
    bool more;
};

struct gz_vote_rule {
    struct gz_str rule, basis;
    struct gz_words words;
    struct gz_share part_heads, part_area, yes_heads, yes_area;
    bool of_all; // shares of yes are of all who may vote
    struct gz_valid valid;
};

struct gz_body {
    struct gz_str name, basis;
    struct gz_words words;
    int64_t members, days;
    bool odd;
    struct gz_share owners;
};

enum gz_pack_sheet {
    GZ_SHEET_CATEGORIES,
    GZ_SHEET_RULES,
    GZ_SHEET_REFERRALS,
    GZ_SHEET_DISPATCH,
    GZ_SHEET_DUTIES,
    GZ_SHEET_UNITS,
    GZ_SHEET_LADDERS,
    GZ_SHEET_DEADLINES,
    GZ_SHEET_BREADTH,
    GZ_SHEET_NEGATIONS,
    GZ_SHEET_CALENDAR,
    GZ_SHEET_STATES,
    GZ_SHEET_STEPS,
    GZ_SHEET_PARTIES,
    GZ_SHEET_VOTES,
    GZ_SHEET_BODIES,
    GZ_SHEET_PLACES,
    GZ_SHEET_ANSWERS,
    GZ_SHEET_FIELDS,
    GZ_SHEETS
};

// Everything lives in the arena; row i of a sheet is element i of its array.
struct gz_pack {
    struct gz_sheet *sheet[GZ_SHEETS];
    struct gz_str text[GZ_SHEETS]; // as read, for export
    struct gz_category *category;
    struct gz_category_rule *rule;
    struct gz_referral *referral;
    struct gz_dispatch *dispatch;
    struct gz_duty *duty;
    struct gz_unit *unit;
    struct gz_rung *rung;
    struct gz_deadline *deadline;
    struct gz_breadth *breadth;
    struct gz_negator *negator;
    struct gz_day *day; // in order
    struct gz_transition *transition;
    struct gz_step_word *step;
    struct gz_party *party;
    struct gz_vote_rule *vote;
    struct gz_body *body;
    struct gz_place *place;
    struct gz_answer *answer;
    struct gz_committee_field *field;
    struct gz_map by_code;
};

struct gz_pack_options {
    const char *dir;   // looked in first; NULL for none
    const char *rules; // a file that stands for rules.csv; NULL for none
};

// Load each sheet from the first place that has it: options->dir, then gz/pack below
// $XDG_CONFIG_HOME and each of $XDG_CONFIG_DIRS, then what is built in. A sheet that
// cannot be read or understood is GZ_ERR_USAGE with file and line. The map in it is
// freed by gz_pack_release().
struct gz_pack *gz_pack_load(const struct gz_pack_options *options,
                             struct gz_arena *arena, struct gz_err *err);
void gz_pack_release(struct gz_pack *p);

static inline size_t
gz_pack_rows(const struct gz_pack *p, enum gz_pack_sheet s)
{
    return p->sheet[s]->rows;
}

// The name of its file: "rules.csv".
const char *gz_pack_sheet_name(enum gz_pack_sheet s);

// Write the sheets in force to `dir`, which is made if it is missing. A file that exists
// is not written over: that is a fault.
enum gz_err_kind gz_pack_export(const struct gz_pack *p, const char *dir,
                                struct gz_err *err);

// A number of the whole pack, for provenance: 16 hex digits.
void gz_pack_hash(const struct gz_pack *p, char out[17]);

#endif
