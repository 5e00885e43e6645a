// SPDX-License-Identifier: MIT
// find: a document by name: the user's own, the system's, or the one built in.
#ifndef GZ_PACK_FIND_H
#define GZ_PACK_FIND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct gz_found {
    struct gz_str text;
    const char *name; // for messages: a path, or "(built in) schemes/calendar.json"
};

// A name with '/' in it or ending in ".json" is a path. Any other is looked for as
// FOLDER/NAME.json below $XDG_CONFIG_HOME/gz (else ~/.config/gz), each of
// $XDG_CONFIG_DIRS (else /etc/xdg) with /gz, and then among what is built in.
// GZ_ERR_USAGE, naming what there is, when nothing has the name. At most 16 MiB.
enum gz_err_kind gz_find(struct gz_arena *arena, const char *folder, const char *name,
                         struct gz_found *out, struct gz_err *err);

// Append the names that are built in, one a line.
void gz_find_list(const char *folder, struct gz_buf *out);

#endif
