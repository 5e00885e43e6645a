// SPDX-License-Identifier: MIT
// tempfile: files for what does not fit in memory. They have no name, so nothing is left
// of them, whatever ends the program.
#ifndef GZ_IO_TEMPFILE_H
#define GZ_IO_TEMPFILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

// A new one in $TMPDIR, else /tmp; -1 and errno if there can be none.
int gz_tempfile_open(void);

// Write `bytes` at *end, and move *end behind them. GZ_ERR_IO names the folder.
enum gz_err_kind gz_tempfile_write(int fd, struct gz_str bytes, uint64_t *end,
                                   struct gz_err *err);

// Read `len` bytes from `at`; all of them must be there.
enum gz_err_kind gz_tempfile_read(int fd, char *to, size_t len, uint64_t at,
                                  struct gz_err *err);

// What errno says, as GZ_ERR_IO.
enum gz_err_kind gz_tempfile_error(struct gz_err *err);

#endif
