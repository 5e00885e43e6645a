// SPDX-License-Identifier: MIT
// file: a small file read whole: sheets, layouts, schemes, plans.
#ifndef GZ_IO_FILE_H
#define GZ_IO_FILE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

// The bytes of `path` ("-" is standard input), at most `limit`, a BOM dropped, in the
// arena with a NUL after them. They must be UTF-8: the place of the first bad byte is
// reported. {NULL, 0} and *err on failure.
struct gz_str gz_file_read(const char *path, size_t limit, struct gz_arena *arena,
                           struct gz_err *err);

enum { GZ_FILE_LIMIT = 64 * 1024 * 1024 };

#endif
