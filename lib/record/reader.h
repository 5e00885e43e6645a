// SPDX-License-Identifier: MIT
// reader: the records of one or more inputs, a line at a time.
#ifndef GZ_RECORD_READER_H
#define GZ_RECORD_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "record/lines.h"
#include "record/schema.h"

struct gz_reader;

struct gz_reader_options {
    const char *format;   // "jsonl" (NULL too) or "csv"
    const char *rec;      // the kind of the rows of a CSV; NULL: petition
    const char *encoding; // NULL: UTF-8
    size_t max_record;    // bytes; 0 for 1 MiB
    const struct gz_schema *schema;
};

enum gz_reader_next {
    GZ_READER_LINE,
    GZ_READER_BAD, // a line that is too long, not UTF-8 or (of CSV) broken: *err says
    GZ_READER_END,
    GZ_READER_FAIL,
};

// Read `paths` one after another; none is standard input. Files are opened when their
// turn comes. Blank lines are passed over; CRLF is taken for LF; a BOM is dropped. UTF-8
// is validated once per block.
struct gz_reader *gz_reader_new(const char *const *paths, size_t count,
                                const struct gz_reader_options *options);
void gz_reader_free(struct gz_reader *r);

// The next line, without its line end; good until the next call. A row of a CSV comes as
// the JSON line that stands for it.
enum gz_reader_next gz_reader_next(struct gz_reader *r, struct gz_str *line,
                                   struct gz_err *err);

// The next block of whole lines, to be walked by gz_lines_next() to its end. With `store`
// the block is copied there (its contents are replaced), so that several workers can each
// have one; without, it lies in the reader and is good until the next call, as *lines
// must be. GZ_READER_BAD is a line that is too long for any block; it stands between the
// blocks. lines->source lives until the reader opens its next input, so a worker that
// outlives that keeps a copy. Not for CSV: see gz_reader_has_blocks().
bool gz_reader_has_blocks(const struct gz_reader *r);
enum gz_reader_next gz_reader_take(struct gz_reader *r, struct gz_buf *store,
                                   struct gz_lines *lines, struct gz_err *err);

// Where that line stands, for messages and rejects.
const char *gz_reader_source(const struct gz_reader *r);
uint64_t gz_reader_line(const struct gz_reader *r);

#endif
