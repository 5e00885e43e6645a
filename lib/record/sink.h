// SPDX-License-Identifier: MIT
// sink: where a tool's records go: JSON Lines as they are, or one kind as CSV.
#ifndef GZ_RECORD_SINK_H
#define GZ_RECORD_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "io/output.h"
#include "record/schema.h"

struct gz_sink;

struct gz_sink_options {
    const char *format; // "jsonl" (NULL too) or "csv"
    const char *rec;    // the kind that CSV holds; NULL: petition
    bool excel;         // BOM, CRLF, formula guard
    const struct gz_schema *schema;
};

// `out` is the caller's, opened. GZ_ERR_USAGE for an unknown format or kind.
struct gz_sink *gz_sink_new(struct gz_out *out, const struct gz_sink_options *options,
                            struct gz_err *err);
void gz_sink_free(struct gz_sink *s);

// Where to append the next record: gz_write_*() into this buffer, ending with
// gz_write_end(), then call gz_sink_tick(). For JSON Lines it is the output's own.
struct gz_buf *gz_sink_buf(struct gz_sink *s);

// Take what was appended since the last call; write when a block is full. Call it once at
// the end as well: a CSV has its header even when no record came.
enum gz_err_kind gz_sink_tick(struct gz_sink *s, struct gz_err *err);

#endif
