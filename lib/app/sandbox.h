// SPDX-License-Identifier: MIT
// sandbox: what a process gives up for good before it looks at the bytes of others.
#ifndef GZ_APP_SANDBOX_H
#define GZ_APP_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum gz_sandbox_use {
    GZ_SANDBOX_READ,   // the file, or the files below the folder
    GZ_SANDBOX_RENAME, // below the folder: give names to files and take names away
    GZ_SANDBOX_WRITE,  // below the folder: make files, write and read them, and RENAME
};

struct gz_sandbox {
    int fd;           // of the Landlock rules; -1 where there are none
    int version;      // of Landlock
    uint64_t handled; // what is forbidden where no rule allows it
    int error;        // errno when the rules could not be begun
};

// Begin the list of what stays allowed. Nothing is given up yet.
void gz_sandbox_begin(struct gz_sandbox *s);

// Let `path` stay in use. False when it is not there; what cannot be listed for another
// reason cannot be used later either.
bool gz_sandbox_allow(struct gz_sandbox *s, const char *path, enum gz_sandbox_use use);

// Give up what was not allowed, for this process and for threads made from now on: other
// files by Landlock; the network, other programs and processes, and all system calls that
// no tool makes by a seccomp filter. Where the kernel, or what runs this process, has or
// permits neither, the process goes on with what it has. Appends to `said` in one line
// what came of it. Call it once.
void gz_sandbox_enter(struct gz_sandbox *s, struct gz_buf *said);

#endif
