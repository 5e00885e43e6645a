// SPDX-License-Identifier: MIT
// spool: what was read, put aside in a file without a name and read again.
#ifndef GZ_LINK_SPOOL_H
#define GZ_LINK_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

// Blobs in the order they were added, each with a tag. In $TMPDIR, else /tmp; the file
// is gone when the process ends, however it ends.
struct gz_spool {
    int fd;
    struct gz_buf out; // written but not yet in the file
    struct gz_buf in;
    size_t at;
    uint64_t bytes;
    char *map; // of the whole file, once asked for
    size_t map_len;
};

enum gz_err_kind gz_spool_open(struct gz_spool *s, struct gz_err *err);
void gz_spool_close(struct gz_spool *s);

enum gz_err_kind gz_spool_add(struct gz_spool *s, uint32_t tag, struct gz_str blob,
                              struct gz_err *err);

// From the first blob again; nothing may be added afterwards.
enum gz_err_kind gz_spool_rewind(struct gz_spool *s, struct gz_err *err);

// The next blob, good until the next call; false at the end or on a fault (*err).
bool gz_spool_next(struct gz_spool *s, uint32_t *tag, struct gz_str *blob,
                   struct gz_err *err);

// `bytes` bytes at `offset` of the whole, after the first gz_spool_rewind(); good until
// the spool is closed. NULL and *err on a fault. The blob that is added when s->bytes is
// n begins at n + GZ_SPOOL_HEAD; n is a multiple of 4 as long as all blobs are.
enum { GZ_SPOOL_HEAD = 8 };
const void *gz_spool_map(struct gz_spool *s, uint64_t offset, size_t bytes,
                         struct gz_err *err);

#endif
