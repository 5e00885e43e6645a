// SPDX-License-Identifier: MIT
// making: one table in the making: its rows, and columns that know where their cells come
// from. Shared by tables.c, columns.c, cells.c, rates.c and rank.c.
#ifndef GZ_REPORT_MAKING_H
#define GZ_REPORT_MAKING_H

#include "report/build.h"

enum gz_origin {
    FROM_RANK,
    FROM_GROUP,
    FROM_KEY,
    FROM_PERIOD, // the last key, where rows are periods
    FROM_NUMBER, // count, sum
    FROM_DISTINCT,
    FROM_SPANS, // durations: gz_spans_cell()
    FROM_SHARE,
    FROM_RATE,
    FROM_SCORE,
    FROM_BASE,
    FROM_CHANGE,
    FROM_RANK_STEP,  // ranks gained on the base period
    FROM_SCORE_STEP, // points gained
    FROM_CLASS,
    FROM_BEHIND, // more came in than was closed
    FROM_PEOPLE, // residents
    FROM_PER_10000,
};

struct gz_source {
    enum gz_origin origin;
    size_t index;  // of the dimension, measure, rate or base
    unsigned part; // of durations
};

// What of a table is wanted.
enum gz_making_form {
    GZ_MAKING_WHOLE,
    GZ_MAKING_MAIN,    // the counts that rates are made of, and the rates
    GZ_MAKING_REST,    // the other counts
    GZ_MAKING_PERIODS, // one row a period instead of one a key
};

enum { GZ_MAKING_RATES = 32, GZ_MAKING_RANK_KEYS = 8 };

enum gz_standing_why {
    GZ_STANDS,
    GZ_STANDS_UNKNOWN, // a figure that the ranking looks at is not known
    GZ_STANDS_SMALL,   // a denominator is under the scheme's small_n
};

// Where one row stands in the ranking of its group.
struct gz_standing {
    const struct gz_group *group;
    const struct gz_making *m;
    size_t rank_group;
    enum gz_standing_why why;
    struct gz_figure key[GZ_MAKING_RANK_KEYS];
    size_t rank;  // from 1
    size_t below; // how many of the group rank below
};

struct gz_making {
    struct gz_build *b;
    struct gz_book *book;
    const struct gz_table *table;
    enum gz_making_form form;
    struct gz_groups body;
    struct gz_groups whole;          // one group, or none
    struct gz_groups base[GZ_BASES]; // by key
    struct gz_groups base_whole[GZ_BASES];
    struct gz_grid_column *column;
    struct gz_source *source;
    size_t columns;
    size_t columns_cap;
    size_t sources_cap;
    const struct gz_rate *rate[GZ_MAKING_RATES]; // those that the table has counts for
    size_t rates;
    bool *missing; // by measure: a field that it needs is nowhere
    bool *rated;   // by measure: a rate of the scheme is made of it
    bool *main;    // by measure: a rate is made of it
    bool units;    // rows are units: ranked, summed up twice
    bool mixed;    // units come from several fields: ranked apart
    bool uneven;   // some sources lack a column that the ranking looks at: not ranked
    int lead;      // measure that shares and changes are of; -1: none
    struct gz_standing *standing;      // of body, in its order; NULL: not ranked
    struct gz_standing *base_standing; // of base[step_base]
    size_t lead_column;
    size_t step_base; // that ranks are compared with; GZ_BASES: none
    struct gz_grid *grid;
};

// columns.c
void gz_making_choose_columns(struct gz_making *m);
size_t gz_making_column_from(const struct gz_making *m, enum gz_origin origin);

// Is the measure left out of the table for want of a field? What rates are made of stays,
// with a dash and the reason.
bool gz_making_is_dropped(const struct gz_making *m, size_t measure);

bool gz_making_is_known_count(const struct gz_making *m, size_t measure);

// cells.c
struct gz_grid_cell gz_making_cell_from(struct gz_making *m, const struct gz_group *g,
                                        const struct gz_source *s);
const struct gz_group *gz_making_find(const struct gz_groups *all,
                                      const struct gz_group *like);

// rates.c
enum gz_rate_state { GZ_RATE_KNOWN, GZ_RATE_ZERO, GZ_RATE_MISSING };
void gz_making_find_rates(struct gz_making *m);
struct gz_str gz_making_rate_missing(const struct gz_making *m,
                                     const struct gz_rate *rate);
struct gz_str gz_making_rate_name(const struct gz_making *m, const struct gz_rate *rate);
enum gz_rate_state gz_making_find_rate(const struct gz_making *m,
                                       const struct gz_group *g,
                                       const struct gz_rate *rate, struct gz_ratio *out,
                                       struct gz_dec *den);
enum gz_rate_state gz_making_find_score(const struct gz_making *m,
                                        const struct gz_group *g, struct gz_ratio *out);
bool gz_making_has_score(const struct gz_making *m);
struct gz_figure gz_making_round_rate(const struct gz_scheme *s, struct gz_ratio r);
struct gz_figure gz_making_round_score(const struct gz_scheme *s, struct gz_ratio r);
struct gz_grid_cell gz_making_rate_cell(struct gz_making *m, const struct gz_group *g,
                                        const struct gz_rate *rate);
struct gz_grid_cell gz_making_score_cell(struct gz_making *m, const struct gz_group *g);
uint8_t gz_making_missing_note(struct gz_making *m, struct gz_str field);
uint8_t gz_making_plain_note(struct gz_making *m, const char *key);

// rank.c
bool gz_making_is_ranked(const struct gz_making *m);
void gz_making_find_standings(struct gz_making *m);
void gz_making_put_in_order(struct gz_making *m);

// class.c: what is said of a unit beside its rank.
struct gz_grid_cell gz_making_step_cell(struct gz_making *m, const struct gz_group *g,
                                        enum gz_origin origin);
struct gz_grid_cell gz_making_class_cell(struct gz_making *m, const struct gz_group *g);
bool gz_making_tells_behind(const struct gz_making *m);
struct gz_grid_cell gz_making_behind_cell(struct gz_making *m, const struct gz_group *g);
struct gz_grid_cell gz_making_group_cell(struct gz_making *m, const struct gz_group *g);

// stake.c: points lost and still to win, by unit; NULL when nothing is pending.
const struct gz_grid *gz_making_stake(struct gz_making *m, struct gz_str name);

// capita.c: per 10,000 residents.
bool gz_making_has_people(const struct gz_making *m);
struct gz_grid_cell gz_making_people_cell(struct gz_making *m, const struct gz_group *g,
                                          bool rate);

#endif
