// SPDX-License-Identifier: MIT
// evidence: what the values of a column look like, counted over the first rows, so that
// a layout can be proposed for a table that nobody has described.
#ifndef GZ_INGEST_EVIDENCE_H
#define GZ_INGEST_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/datefmt.h"
#include "base/map.h"
#include "base/str.h"

// Separators that a category path may have.
enum { GZ_EVIDENCE_PATHS = 5 };
extern const char *const gz_evidence_path[GZ_EVIDENCE_PATHS];

// Forms of date that are tried, in the order of datevote's forms.
enum gz_evidence_date {
    GZ_DATE_YMD,
    GZ_DATE_MDY,
    GZ_DATE_DMY,
    GZ_DATE_MONTH_NAME,
    GZ_DATE_COMPACT,
    GZ_DATE_EXCEL,
    GZ_DATE_EPOCH,
    GZ_DATE_EPOCH_MS,
    GZ_DATE_FORMS
};

// Zero-initialise; release with gz_evidence_release(). Counts are of values, each once
// for every row that has it.
struct gz_evidence {
    size_t rows;          // looked at
    size_t filled;        // not empty, and no word for nothing (不详, N/A)
    struct gz_map values; // the different ones, the first 120 bytes of each
    uint32_t *times;      // how often each of them came; in `arena`
    size_t times_cap;
    struct gz_map nothing; // words for nothing that came
    size_t chars, longest; // code points
    size_t han;            // values with a Han character
    size_t numbers, wholes;
    size_t latitudes, longitudes; // in range, with three decimals at least
    size_t west;                  // longitudes of the Americas
    size_t contacts;              // telephone, identity numbers, e-mail addresses
    size_t persons;               // look like the name of a person
    size_t units;                 // end like the name of an office
    size_t districts, streets, communities, addresses; // end or look like one
    size_t clocks;                                     // a time of day alone
    size_t worded;                                     // with a letter or a Han character
    size_t nested;                                     // JSON, or a pair of coordinates
    size_t single;                                     // one word
    size_t codes;                                      // one word with a digit in it
    size_t counting;                                   // one more than the value before
    size_t paths[GZ_EVIDENCE_PATHS];
    size_t lists; // several words apart by a comma or semicolon
    struct gz_datevote dates;
    size_t hits[GZ_DATE_FORMS]; // of `dates`, only where such a date is likely
    size_t ascending[2];        // dates not before the one above, read mdy and dmy
    size_t descending[2];
    uint32_t firsts, seconds; // the numbers of such dates: bits
    char last[2][GZ_DATEFMT_OUT];
    uint64_t last_number;
};

// Look at one value, valid UTF-8 and trimmed; empty ones count as rows only.
void gz_evidence_add(struct gz_evidence *e, struct gz_str value, struct gz_arena *arena);
void gz_evidence_release(struct gz_evidence *e);

// At least `percent` of the values that are filled?
static inline bool
gz_evidence_most(const struct gz_evidence *e, size_t count, size_t percent)
{
    return e->filled && count * 100 >= e->filled * percent;
}

// A word that says there is nothing, such as 不详 or N/A.
bool gz_evidence_is_nothing(struct gz_str value);

#endif
