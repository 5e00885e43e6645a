// SPDX-License-Identifier: MIT
// verify: which identities of a published bulletin hold, from its `figure` records.
#ifndef GZ_REPORT_VERIFY_H
#define GZ_REPORT_VERIFY_H

#include "base/err.h"
#include "base/num.h"
#include "report/doc.h"

struct gz_printed {
    struct gz_str id;
    struct gz_str what;
    struct gz_dec n;
    unsigned places; // decimals as printed
    struct gz_str op;
    struct gz_str unit;
    struct gz_str as_of;
    struct gz_str part_of;
    struct gz_str by;
    struct gz_str num;
    struct gz_str of;
    struct gz_str change;
    struct gz_str source;
    struct gz_str where; // file:line
};

struct gz_verify {
    struct gz_arena *arena;
    struct gz_printed *row;
    size_t rows;
    size_t cap;
};

// One `figure` record. GZ_ERR_DATA: it has no number or cannot be read.
enum gz_err_kind gz_verify_read(struct gz_verify *v, struct gz_str line,
                                struct gz_err *err);

// A document of checks. Returns how many do not hold.
size_t gz_verify_build(struct gz_verify *v, const struct gz_words *words,
                       struct gz_doc *doc);

#endif
