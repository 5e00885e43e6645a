// SPDX-License-Identifier: MIT
// csvrec: one record walked byte by byte, for what the fast scan will not judge. This is
// the grammar of gz-quirks(7) in plain form.
#ifndef GZ_IO_CSVREC_H
#define GZ_IO_CSVREC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum gz_csvrec_end {
    GZ_CSVREC_WHOLE,       // its end was found
    GZ_CSVREC_MORE,        // the text ended first
    GZ_CSVREC_LONG,        // it is longer than allowed
    GZ_CSVREC_LONG_QUOTED, // the same, and a quote is open there
    GZ_CSVREC_AFTER,       // text after a closing quote
    GZ_CSVREC_OPEN,        // a quote is open at the end of the file
    GZ_CSVREC_FIELDS,      // too many fields
};

enum { GZ_CSVREC_MAX_FIELDS = 65535 };

struct gz_csvrec {
    size_t len;     // of the record without its line end; of what was read, on a fault
    size_t next;    // where the next record starts; as above
    size_t lines;   // physical lines it spans
    size_t count;   // fields
    bool stray;     // a quote was taken as data
    size_t at;      // LONG_QUOTED, AFTER, OPEN: the opening quote
    size_t at_line; // line ends before `at`
};

struct gz_csvrec_rules {
    char delimiter;
    char eol;
    bool quotes;
    size_t max; // bytes of a record
};

// Walk the record at the start of `text`. `last` says that the file ends where the text
// does. On MORE nothing is set.
enum gz_csvrec_end gz_csvrec_walk(struct gz_csvrec *rec, struct gz_str text, bool last,
                                  const struct gz_csvrec_rules *rules);

#endif
