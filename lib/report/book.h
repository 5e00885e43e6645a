// SPDX-License-Identifier: MIT
// book: the tallies behind one report: which period it is on, what it compares with,
// which counts are known at all, and rows added up along the dimensions that are wanted.
#ifndef GZ_REPORT_BOOK_H
#define GZ_REPORT_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "civic/scheme.h"
#include "record/schema.h"
#include "report/people.h"
#include "report/words.h"
#include "tally/plan.h"
#include "tally/store.h"

enum { GZ_BASES = 2, GZ_KEEP_PERIOD = 1 << 30, GZ_KEEP_ALL = GZ_KEEP_PERIOD - 1 };

// A period to compare with: the one before (环比), the same a year ago (同比).
struct gz_base {
    const char *name; // "previous" or "year"
    struct gz_str period;
    bool present; // rows of it are in the input
};

// One plan under one scheme. The first tally is the one reported on; the others have
// periods that it lacks.
struct gz_book {
    const struct gz_words *words;
    const struct gz_schema *schema;
    struct gz_arena *arena;
    struct gz_tally **tally;
    size_t tallies;
    struct gz_scheme *scheme;
    struct gz_plan *plan;
    struct gz_str period; // reported on; empty: all that there is
    struct gz_base base[GZ_BASES];
    size_t bases;
    struct gz_map label;       // "dim\nvalue"
    struct gz_str *label_text; // in the language of the report
    struct gz_map owner;       // periods
    size_t *owner_of;          // number of the tally that speaks for it
    struct gz_people *people;  // residents, and those that labels add; or NULL
    struct gz_str last_day;    // of the period reported on; empty: none
    const char *suffix;        // to table names, when there are several books; or ""
    struct gz_cell **merged;   // cells that own memory, for release
    size_t merged_count;
    size_t merged_cap;
};

// One row, or several added up.
struct gz_group {
    const struct gz_str *key;
    size_t keys;
    struct gz_cell *cell; // one a measure of the plan's table, in its order
};

struct gz_groups {
    const struct gz_table *table;
    struct gz_group *group;
    size_t count;
};

// Parse plan and scheme of tally[0] and fix the period: `period` if given, else that of
// the tally. Takes what it is given by reference.
enum gz_err_kind gz_book_open(struct gz_book *b, const char *period, const char *compare,
                              struct gz_err *err);
void gz_book_close(struct gz_book *b);

// Rows of `t` with this period (empty: of all periods), added up over the dimensions
// whose bit is not in `keep`; GZ_KEEP_PERIOD makes the period the last key. In order of
// keys.
struct gz_groups gz_book_group(struct gz_book *b, const struct gz_table *t,
                               struct gz_str period, unsigned keep);

// A table of our own making (names with '_'): the number in a row; 0 when it is not
// there.
uint64_t gz_book_meta(const struct gz_book *b, const char *table,
                      const struct gz_str *key, size_t keys, const char *measure);

// The whole number of a measure in a row of a tally; 0 when it is not there.
gz_i128 gz_tally_number(const struct gz_tally *t, const struct gz_row *r,
                        const char *measure);

// The first field that measure `m` needs and nobody has; {NULL, 0} when it is known.
struct gz_str gz_book_missing_field(const struct gz_book *b, const struct gz_table *t,
                                    const struct gz_measure *m);

// Are there sources that lack a field which measure `m` needs, while others have it?
bool gz_book_is_uneven(const struct gz_book *b, const struct gz_table *t,
                       const struct gz_measure *m);

// Has the tally of base period `base` every field that the one reported on has, of those
// that `t` needs?
bool gz_book_base_is_like(const struct gz_book *b, size_t base, const struct gz_table *t);

// The same of the tally that speaks for any period; true when it has no row at all.
bool gz_book_period_is_like(const struct gz_book *b, struct gz_str period,
                            const struct gz_table *t);

// Did a tally count this period, whether or not there was a record in it? One that was
// asked for no period counted all that it met. periods.c
bool gz_book_was_counted(const struct gz_book *b, int32_t number);

// Rows that are periods (the only key): those between that were counted and are empty are
// put in, and rows without a period left out. periods.c
void gz_book_fill_periods(struct gz_book *b, struct gz_groups *rows);

// Do the windows of this measure overlap, so that its periods do not add up?
bool gz_book_overlaps(const struct gz_book *b, const struct gz_measure *m);

// Captions in the language of the report.
struct gz_str gz_book_caption(const struct gz_book *b, struct gz_str zh, struct gz_str en,
                              struct gz_str name);
struct gz_str gz_book_field(const struct gz_book *b, struct gz_str rec,
                            struct gz_str field);
struct gz_str gz_book_dim(const struct gz_book *b, const struct gz_dim *dim,
                          struct gz_str rec);
struct gz_str gz_book_value(struct gz_book *b, const struct gz_dim *dim,
                            struct gz_str rec, struct gz_str value);
struct gz_str gz_book_period(struct gz_book *b, struct gz_str period);

// The periods that have rows in the first table of periods that has any, in order.
const struct gz_str *gz_book_periods(struct gz_book *b, size_t *count);

// The number of a group's measure as an exact decimal; 0 when it is of another kind.
struct gz_dec gz_group_number(const struct gz_group *g, size_t measure);

// The measure of that name in the table, or -1.
int gz_table_find(const struct gz_table *t, struct gz_str name);

#endif
