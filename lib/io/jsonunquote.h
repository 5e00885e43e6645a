// SPDX-License-Identifier: MIT
// jsonunquote: the text inside a JSON string, as it is read: answers of services that
// carry their records as JSON in a string.
#ifndef GZ_IO_JSONUNQUOTE_H
#define GZ_IO_JSONUNQUOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

// Zero-initialise.
struct gz_jsonunquote {
    size_t skip;   // bytes before the text, still to be passed over
    char held[12]; // an escape cut off by the end of a piece
    size_t held_len;
    uint32_t high; // the first half of a pair, or 0
    bool over;     // the closing quote has come: the rest is passed over
};

// Append what `piece`, the next bytes of the document, holds of the text.
void gz_jsonunquote_feed(struct gz_jsonunquote *u, struct gz_str piece,
                         struct gz_buf *out);

#endif
