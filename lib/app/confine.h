// SPDX-License-Identifier: MIT
// confine: the sandbox of a tool, made of its options: what they name may be read or
// written, and nothing else.
#ifndef GZ_APP_CONFINE_H
#define GZ_APP_CONFINE_H

#include "app/opt.h"

struct gz_confine {
    const struct gz_opt *table; // parsed: each value is a name of a file, by its class
    char **operands;            // inputs, up to a NULL
    const char *catalogues;     // where messages are translated; NULL for nowhere
    bool temporary;             // the tool makes files without a name in $TMPDIR
};

// Enter the sandbox. The classes of options (struct gz_opt) that matter:
//   @file, @dir, @layout, @plan, @scheme   are read, if there is such a file
//   @output                                is open already; its folder gets the name
//   @newfile                               is made and written
//   @newdir                                is a folder, made now, in which files are made
// So are the system's own files and the folders of configuration. Appends to `said` one
// line that says what came of it.
void gz_confine(const struct gz_confine *what, struct gz_buf *said);

#endif
