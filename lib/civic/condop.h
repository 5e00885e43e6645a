// SPDX-License-Identifier: MIT
// condop: what a compiled condition is made of, for cond.c, which makes it, and
// condjudge.c, which asks it. Internal to these two.
#ifndef GZ_CIVIC_CONDOP_H
#define GZ_CIVIC_CONDOP_H

#include <stddef.h>

#include "base/num.h"
#include "base/str.h"
#include "base/time.h"

enum op {
    OP_IS,       // the text is one of the words; of a list, one of its strings is
    OP_STARTS,   // the text starts with one of the words
    OP_CONTAINS, // one of the words is in it
    OP_PRESENT,  // it is there
    OP_ABSENT,
    OP_NUMBER, // compared with a number
    OP_TIME,   // compared with a moment
    OP_FIELD,  // compared with another field's moment
    OP_SPAN,   // seconds from one field to another compared with a number
    OP_PAST,   // a deadline that has passed at the as-of moment
    OP_BEFORE, // a moment before the as-of moment
    OP_ALL,
    OP_ANY,
    OP_NOT,
    OP_NAMED, // one of the scheme's: judged once a record
};

enum rel { REL_LT, REL_LE, REL_GT, REL_GE };

struct gz_cond {
    enum op op;
    enum rel rel;
    int slot;
    int slot2;
    const struct gz_str *word;
    size_t count; // of words or kids
    const struct gz_cond **kid;
    struct gz_dec number;
    struct gz_time time;
};

#endif
