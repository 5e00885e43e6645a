// SPDX-License-Identifier: MIT
// tempfile: a file without a name, for what does not fit in memory.
#ifndef GZ_IO_TEMPFILE_H
#define GZ_IO_TEMPFILE_H

// Open one in $TMPDIR, or /tmp, for reading and writing; it is gone when it is closed.
// Returns its descriptor, or -1 with errno set.
int gz_tempfile_open(void);

#endif
