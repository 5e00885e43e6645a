// SPDX-License-Identifier: MIT
// output: standard output, or a file that appears whole or not at all.
#ifndef GZ_IO_OUTPUT_H
#define GZ_IO_OUTPUT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

// Append to `buf` and call gz_out_tick() after each record. Zero-initialise.
struct gz_out {
    struct gz_buf buf;
    int fd;
    char *path; // NULL for standard output
    char *temp; // the file being written beside `path`, until it is renamed
    bool failed;
    bool secret; // only its owner may read it, whoever could read the one replaced
};

enum { GZ_OUT_BLOCK = 256 * 1024 };

// NULL and "-" are standard output, widened to 1 MiB if it is a pipe. Any other path is
// written to a temporary file in the same directory.
enum gz_err_kind gz_out_open(struct gz_out *out, const char *path, struct gz_err *err);

// Write all that is in the buffer.
enum gz_err_kind gz_out_flush(struct gz_out *out, struct gz_err *err);

// Write if a block is full.
static inline enum gz_err_kind
gz_out_tick(struct gz_out *out, struct gz_err *err)
{
    return out->buf.len < GZ_OUT_BLOCK ? GZ_OK : gz_out_flush(out, err);
}

enum gz_out_end { GZ_OUT_COMMIT, GZ_OUT_DISCARD };

// Flush, sync, close, and rename into place, keeping the mode of a file that is
// replaced; or throw the temporary file away. Every failure is reported: the last write
// is the one that fails. Returns err->kind.
enum gz_err_kind gz_out_close(struct gz_out *out, enum gz_out_end end,
                              struct gz_err *err);

#endif
