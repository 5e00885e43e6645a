// SPDX-License-Identifier: MIT
// labelled: texts with their labels, out of records, a CSV or fastText lines.
#ifndef GZ_LEARN_LABELLED_H
#define GZ_LEARN_LABELLED_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "record/reader.h"

// One labelled text as it was read; good until the next call.
struct gz_labelled_text {
    struct gz_str label;
    struct gz_str title;
    struct gz_str text;
};

// Names of fields or columns; several apart by ','. NULL takes what a petition has:
// category where gz-route took it from the source, else category_given, else category
// unless a model chose it; title; text.
struct gz_labelled_options {
    const char *label;
    const char *title;
    const char *text;
    const char *encoding; // of a CSV; NULL: detected
    size_t max_record;    // bytes; 0: 1 MiB
};

struct gz_labelled_sink {
    void *ctx;
    // A failure ends the reading.
    enum gz_err_kind (*take)(void *ctx, const struct gz_labelled_text *t,
                             struct gz_err *err);
    void (*reject)(void *ctx, const struct gz_err *err);
    uint64_t unlabelled; // counted here: no label, or no text
};

// Petitions of a record stream; other kinds are passed over.
enum gz_err_kind gz_labelled_records(struct gz_reader *r,
                                     const struct gz_labelled_options *o,
                                     struct gz_labelled_sink *to, struct gz_err *err);

// Lines of "__label__NAME text". A label has '_' for each blank, as fastText wants it;
// of several labels on a line the first counts.
enum gz_err_kind gz_labelled_fasttext(const char *path,
                                      const struct gz_labelled_options *o,
                                      struct gz_labelled_sink *to, struct gz_err *err);

// Any CSV with a header; o->label and o->text (or o->title) are needed.
enum gz_err_kind gz_labelled_csv(const char *path, const struct gz_labelled_options *o,
                                 struct gz_labelled_sink *to, struct gz_err *err);

// Append one text as a line of fastText. Line ends within it become blanks.
void gz_labelled_to_fasttext(const struct gz_labelled_text *t, struct gz_buf *out);

#endif
