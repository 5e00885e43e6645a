// SPDX-License-Identifier: MIT
// propose: a layout for a table that no layout knows, from the names of its columns and
// the evidence of their values, with a reason for each choice.
#ifndef GZ_INGEST_PROPOSE_H
#define GZ_INGEST_PROPOSE_H

#include <stdbool.h>

#include "base/buf.h"
#include "ingest/evidence.h"
#include "ingest/header.h"
#include "ingest/vocab.h"

enum gz_propose_role { GZ_PROPOSE_REST, GZ_PROPOSE_FIELD, GZ_PROPOSE_CONTACT };

struct gz_propose_column {
    const struct gz_column *column;
    const struct gz_evidence *e;
    struct gz_str ref; // how a layout names it: its name, or "#5"
    enum gz_propose_role role;
    const struct gz_field *field;
    int score;           // of the choice, 0 to 130
    bool key;            // a contact that tells people apart
    int level;           // of a category: 1 is the widest
    int clock;           // the column with the time of day that belongs to it, or -1
    bool joined;         // stands behind another column in a field
    bool lenient;        // some values are no dates
    bool reversed;       // yes means no: 是否超时
    const char *date[2]; // forms; two: nobody can tell which
    struct gz_str why;
};

struct gz_proposal {
    const struct gz_kind *kind;
    struct gz_propose_column *column;
    size_t count;
    struct gz_vocab *vocab;
    struct gz_arena *arena;
};

// Choose. `e` has one piece of evidence for each column. Everything lives in `arena`.
struct gz_proposal *gz_propose(const struct gz_header *h, const struct gz_evidence *e,
                               struct gz_vocab *vocab, struct gz_arena *arena);

// Append the layout, a JSON document. `name` is its name; `under` the member of the
// document that holds the records, or empty; `about` a line about it; `columns`: the file
// has no header.
void gz_propose_write(const struct gz_proposal *p, struct gz_str name,
                      struct gz_str about, struct gz_str under, bool columns,
                      struct gz_buf *out);

// ---- for its parts ----

// How well values suit a field: less than 0, not at all. Adds the reason to `why`.
int gz_propose_suits(const struct gz_proposal *p, const struct gz_propose_column *c,
                     const struct gz_field *f, int named);
// What values alone suggest, without any help from the name: 0 to 60.
int gz_propose_by_values(const struct gz_proposal *p, const struct gz_propose_column *c,
                         const struct gz_field *f);
// How many in a hundred values the words of a field cover.
size_t gz_propose_known(const struct gz_proposal *p, const struct gz_propose_column *c,
                        const struct gz_field *f);
// Choose the forms of the dates of all columns that are times.
void gz_propose_dates(struct gz_proposal *p);
// The form that most of the values have; GZ_DATE_FORMS when none does.
enum gz_evidence_date gz_propose_form(const struct gz_evidence *e);

#endif
