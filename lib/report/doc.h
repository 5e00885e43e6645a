// SPDX-License-Identifier: MIT
// doc: a report as a document: sections of tables, charts, checks and notes, every figure
// already worked out. Built once, written by any renderer.
#ifndef GZ_REPORT_DOC_H
#define GZ_REPORT_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "report/figure.h"
#include "report/words.h"

enum gz_grid_type {
    GZ_GRID_EMPTY,
    GZ_GRID_TEXT,    // `text`
    GZ_GRID_COUNT,   // `figure`, a whole number or an exact decimal
    GZ_GRID_PERCENT, // `figure` in per cent
    GZ_GRID_CHANGE,  // `figure` in per cent or points, printed with its sign
    GZ_GRID_SCORE,   // `figure`
    GZ_GRID_RANK,    // `figure`
    GZ_GRID_STEP,    // `figure`: ranks or points gained, printed with its sign
    GZ_GRID_DAYS,    // `figure` in days
    GZ_GRID_HOURS,   // `figure` in hours
};

// One cell. A figure that is not known is a dash; `note` says why.
struct gz_grid_cell {
    enum gz_grid_type type;
    bool approx;  // printed with ≈
    uint8_t note; // number of a note of the table, from 1; 0 for none
    struct gz_figure figure;
    struct gz_str text;
};

struct gz_grid_column {
    struct gz_str key;     // stable, for JSON and CSV
    struct gz_str caption; // in the language of the report
    struct gz_str about;   // how it is counted or divided; may be empty
    enum gz_grid_type type;
};

enum gz_grid_role {
    GZ_ROLE_BODY,
    GZ_ROLE_POOLED, // counts summed, rates of the sums
    GZ_ROLE_MEAN,   // unweighted mean of the rows' rates
    GZ_ROLE_TOTAL,
};

struct gz_grid_row {
    enum gz_grid_role role;
    struct gz_grid_cell *cell; // table->columns of them
};

struct gz_grid {
    struct gz_str name; // stable, unique in the document: for --table, files, anchors
    struct gz_str caption;
    struct gz_str about; // definition: what is counted, by which date
    const struct gz_grid_column *column;
    size_t columns;
    size_t keys; // the first `keys` columns name the row
    struct gz_grid_row *row;
    size_t rows;
    struct gz_str *note; // numbered from 1
    size_t notes;
    bool multi;  // rows overlap: their sum is not the whole
    bool latest; // rows are periods: when there is room for few, the last ones
    bool heat;   // figures compare over the whole table: shaded where there is colour
};

enum gz_chart_type {
    GZ_CHART_LINES,  // one point a row, one line a column
    GZ_CHART_BARS,   // one horizontal bar a row
    GZ_CHART_STEPS,  // bars that narrow: a funnel
    GZ_CHART_BINS,   // upright bars: a distribution
    GZ_CHART_FLOWS,  // in and out a period, and what stays
    GZ_CHART_RANGES, // a ratio a row, with its bounds: how far from 1
    GZ_CHART_TILES,  // one square a row: a map where there is no geometry
};

struct gz_tiles; // report/tiles.h

// A chart has no figures of its own: it points at columns of a table, which the document
// holds too. Rows that are not GZ_ROLE_BODY are never drawn.
struct gz_chart {
    enum gz_chart_type type;
    struct gz_str caption;
    struct gz_str about;
    const struct gz_grid *table;
    size_t label;        // column with the row's name
    const size_t *value; // columns drawn
    size_t values;
    size_t limit;                 // rows drawn at most; 0 for all
    bool by_value;                // the largest first, whatever the order of the table
    size_t change;                // column drawn as an arrow beside each bar; 0: none
    const struct gz_tiles *tiles; // where its tiles lie; NULL: in order of names
};

enum gz_check_state { GZ_CHECK_OK, GZ_CHECK_WRONG, GZ_CHECK_OPEN };

// One identity: both sides as written, and whether they agree. OPEN: a side is not known.
struct gz_check {
    struct gz_str name;
    struct gz_str left; // "3 used + 1 rejected + 0 skipped"
    struct gz_str right;
    enum gz_check_state state;
    struct gz_str note;
};

// "Scheme: calendar".
struct gz_fact {
    struct gz_str name;
    struct gz_str text;
};

enum gz_item_type {
    GZ_ITEM_TABLE,
    GZ_ITEM_CHART,
    GZ_ITEM_CHECKS,
    GZ_ITEM_FACTS,
    GZ_ITEM_NOTE
};

struct gz_item {
    enum gz_item_type type;
    const struct gz_grid *table;
    const struct gz_chart *chart;
    const struct gz_check *check;
    const struct gz_fact *fact;
    size_t count; // of checks or facts
    struct gz_str note;
    struct gz_item *next;
};

struct gz_section {
    struct gz_str name; // stable, for anchors
    struct gz_str title;
    struct gz_item *first;
    struct gz_item *last;
    struct gz_section *next;
};

// A figure that heads the page.
struct gz_headline {
    struct gz_str name;
    struct gz_grid_cell cell;
    struct gz_str unit;
    struct gz_str change; // against what, in words; may be empty
    struct gz_str table;  // name of the table that holds the figure
};

// One sentence of the summary, and the table where its figures stand.
struct gz_sentence {
    struct gz_str text;
    struct gz_str table;
};

// Why a report is incomplete: for messages, whose language is another than the report's.
enum gz_lack_kind { GZ_LACK_ALL, GZ_LACK_TALLIES, GZ_LACK_TALLY, GZ_LACK_SOURCE };

struct gz_lack {
    enum gz_lack_kind kind;
    struct gz_str name; // of the tally or source
    uint64_t begun;
    uint64_t ended;
};

struct gz_doc {
    const struct gz_words *words;
    struct gz_str title;
    struct gz_str period; // "March 2026", "2026 年 3 月"
    struct gz_str scheme; // caption of the scheme
    bool example;         // its scheme is an example: said on every report
    const struct gz_headline *headline;
    size_t headlines;
    const struct gz_sentence *sentence;
    size_t sentences;
    struct gz_str *missing; // why the report is incomplete; none when it is whole
    size_t missings;
    struct gz_lack *lack;   // one a text of `missing`
    struct gz_str *warning; // origin unknown and the like
    size_t warnings;
    struct gz_section *first;
    struct gz_section *last;
    struct gz_str tool; // "gz-report 0.1.0"
};

struct gz_section *gz_doc_section(struct gz_doc *doc, struct gz_arena *arena,
                                  struct gz_str name, struct gz_str title);
void gz_section_add(struct gz_section *section, struct gz_arena *arena,
                    struct gz_item item);

// Texts of the input may hold what drives a terminal, turns the order of words round or
// is no XML: such characters become U+FFFD, in every cell, sentence, check and fact.
void gz_doc_clean(struct gz_doc *doc, struct gz_arena *arena);
struct gz_str gz_doc_clean_text(struct gz_str s, struct gz_arena *arena);

// A new table with room for `rows`; cells are empty.
struct gz_grid *gz_grid_new(struct gz_arena *arena, struct gz_str name,
                            const struct gz_grid_column *column, size_t columns,
                            size_t rows);

// The number of a note, added if the same text is not there yet.
uint8_t gz_grid_note(struct gz_grid *table, struct gz_arena *arena, struct gz_str text);

// The table of that name, or NULL. gz_doc_table_at() walks them in order; NULL at the
// end.
const struct gz_grid *gz_doc_table(const struct gz_doc *doc, struct gz_str name);
const struct gz_grid *gz_doc_table_at(const struct gz_doc *doc, size_t index);

struct gz_grid_cell gz_grid_cell_text(struct gz_str text);
struct gz_grid_cell gz_grid_cell_figure(enum gz_grid_type type, struct gz_figure figure);

// As people read it: groups of three, signs on changes, ≈, a dash.
void gz_grid_cell_put(struct gz_buf *out, const struct gz_grid_cell *cell);

// As programs read it: digits and a point, nothing when it is not known.
void gz_grid_cell_put_plain(struct gz_buf *out, const struct gz_grid_cell *cell);

// Is it a figure (right-aligned, a JSON number)?
bool gz_grid_cell_is_figure(enum gz_grid_type type);

// For drawing only: figures themselves never pass through a double.
double gz_grid_cell_double(const struct gz_grid_cell *cell);

#endif
