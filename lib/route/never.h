// SPDX-License-Identifier: MIT
// never: patterns that can match no text at all.
#ifndef GZ_ROUTE_NEVER_H
#define GZ_ROUTE_NEVER_H

#include <stddef.h>

#include "base/str.h"

// Why a pattern, valid and of PCRE2, can never match: text for people, and where it
// shows, characters from 1. NULL where nothing is known against it: what is looked for is
// what people get wrong, an anchor or a boundary between two characters that leave no
// room for it, and classes that hold nothing.
const char *gz_pattern_never(struct gz_str pattern, size_t *column);

#endif
