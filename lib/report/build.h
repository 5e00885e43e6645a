// SPDX-License-Identifier: MIT
// build: from tallies to a document. gz_doc_build() is all that programs call; the rest
// is what the files that build parts of it share.
#ifndef GZ_REPORT_BUILD_H
#define GZ_REPORT_BUILD_H

#include "report/book.h"
#include "report/doc.h"

struct gz_build_options {
    const char *title;            // or NULL
    const char *period;           // or NULL: that of the tallies
    const char *compare;          // or NULL: whatever the input allows
    struct gz_people *people;     // residents of units, or NULL
    const struct gz_tiles *tiles; // where the tiles of units lie, or NULL
    size_t top;                   // bars in a chart at most; 0: 15
};

// What reading the input told, beside the store itself.
struct gz_reading {
    uint64_t bad;        // lines that could not be read
    uint64_t other;      // records that are no tallies
    struct gz_err first; // the first bad line
};

// One report, in the making.
struct gz_build {
    struct gz_book *book;
    struct gz_doc *doc;
    struct gz_arena *arena;
    const struct gz_words *words;
    const struct gz_build_options *options;
    const struct gz_reading *reading;
    struct gz_check *check;
    size_t checks;
    size_t checks_cap;
    // What the summary speaks of; NULL when there is none.
    const struct gz_grid *trend;
    const struct gz_grid *units;
    const struct gz_grid *category;
    const struct gz_grid *spans;
    bool mapped; // there is a map of units
    const struct gz_grid *unusual;
    const struct gz_grid *overdue;
    const struct gz_grid *funnel;
    uint64_t overdue_count;
};

// Build the whole document from a sorted store. The store, the words and the arena must
// outlive it; books are put into the arena and closed with gz_build_close(). GZ_ERR_USAGE
// when plan or scheme of a tally cannot be read or an option does not fit the input.
struct gz_build_all {
    struct gz_book *book;
    size_t books;
};
enum gz_err_kind gz_doc_build(struct gz_doc *doc, struct gz_build_all *all,
                              struct gz_store *store, const struct gz_schema *schema,
                              const struct gz_words *words, struct gz_arena *arena,
                              const struct gz_build_options *options,
                              const struct gz_reading *reading, struct gz_err *err);
void gz_build_close(struct gz_build_all *all);

// ---- parts, each in the file named ----

// tables.c: the table as planned, with rates, ranks, shares, changes and summary rows.
const struct gz_grid *gz_build_table(struct gz_build *b, const struct gz_table *t);
const struct gz_grid *gz_build_rest(struct gz_build *b, const struct gz_table *t);
const struct gz_grid *gz_build_stake(struct gz_build *b, const struct gz_table *t);
// One row a period; NULL when there is only one.
const struct gz_grid *gz_build_trend(struct gz_build *b, const struct gz_table *t);
// rolling.c: the last periods of it together; unusual.c: counts that are not what earlier
// periods lead one to expect. NULL when the input has too few of them.
const struct gz_grid *gz_build_rolling(struct gz_build *b, const struct gz_table *t);
const struct gz_grid *gz_build_unusual(struct gz_build *b);
// pivot.c: a table of two dimensions as a shaded grid.
bool gz_build_pivots(const struct gz_table *t);
const struct gz_grid *gz_build_pivot(struct gz_build *b, const struct gz_table *t);
// trend.c: flows with what is open; distributions of durations.
bool gz_build_is_backlog(const struct gz_table *t);
const struct gz_grid *gz_build_backlog(struct gz_build *b, const struct gz_table *t);
const struct gz_grid *gz_build_bins(struct gz_build *b, const struct gz_table *t,
                                    size_t measure);
// talk.c: the five steps as a funnel; published figures that contradict one another or
// have not changed; whether their parts make the whole.
bool gz_build_is_funnel(const struct gz_table *t);
void gz_build_funnel(struct gz_build *b, const struct gz_table *t, struct gz_section *s);
bool gz_build_is_reading(const struct gz_table *t);
void gz_build_figures(struct gz_build *b, const struct gz_table *t, struct gz_section *s);
// follow.c: complaints before and after decisions, here and elsewhere.
bool gz_build_is_follow(const struct gz_table *t);
void gz_build_follow(struct gz_build *b, const struct gz_table *t, struct gz_section *s);
// coverage.c: communities with a hall, of those there are.
bool gz_build_is_coverage(const struct gz_table *t);
void gz_build_coverage(struct gz_build *b, const struct gz_table *t,
                       struct gz_section *s);
// lists.c
const struct gz_grid *gz_build_list(struct gz_build *b, const struct gz_list *l);
// checks.c: identities, printed with both sides.
void gz_build_checks(struct gz_build *b);
// origin.c: what is missing, where it comes from, how it is defined.
void gz_build_missing(struct gz_build *b);
void gz_build_origin(struct gz_build *b);
// front.c: title, headlines, summary.
void gz_build_front(struct gz_build *b);

// Shared small things.
struct gz_str gz_build_name(struct gz_build *b, struct gz_str name, const char *more);
// With a capital at the front: for captions and titles in English.
struct gz_str gz_build_capital(struct gz_build *b, struct gz_str s);
struct gz_grid_cell gz_build_number(struct gz_dec d);
struct gz_str gz_build_cell_text(struct gz_build *b, const struct gz_grid_cell *cell);
struct gz_grid_cell gz_build_cell(const struct gz_grid *g, enum gz_grid_role role,
                                  const char *column);
void gz_build_check(struct gz_build *b, struct gz_check check);
void gz_build_add_table(struct gz_build *b, struct gz_section *s,
                        const struct gz_grid *grid);
void gz_build_add_chart(struct gz_build *b, struct gz_section *s, enum gz_chart_type type,
                        const struct gz_grid *grid, const char *caption,
                        const char *const *columns, size_t count);

#endif
