// SPDX-License-Identifier: MIT
// writer: records as JSON Lines, appended to a buffer.
#ifndef GZ_RECORD_WRITER_H
#define GZ_RECORD_WRITER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

// `"text"`, escaped as RFC 8259 needs it and no more. `s` must be valid UTF-8.
void gz_write_string(struct gz_buf *b, struct gz_str s);

// The same without the quotes around it.
void gz_write_escaped(struct gz_buf *b, struct gz_str s);

// `{"rec":"KIND"` begins a record; `}` and a newline end it.
void gz_write_begin(struct gz_buf *b, const char *kind);
void gz_write_end(struct gz_buf *b);

// `,"key":value`. `key` needs no escaping. An empty string is absent: nothing is written.
void gz_write_text(struct gz_buf *b, const char *key, struct gz_str value);
void gz_write_u64(struct gz_buf *b, const char *key, uint64_t value);
void gz_write_list(struct gz_buf *b, const char *key, const struct gz_str *value,
                   size_t count);

// A reject, from err->source, line, column, code and text; `stage` is the tool's name.
// The text is translated, so it is not the same in every locale; the code is.
void gz_write_reject(struct gz_buf *b, const struct gz_err *err, const char *stage);

// A whole number; a list of strings that are JSON already, quotes and all.
void gz_write_i64(struct gz_buf *b, const char *key, int64_t value);
void gz_write_json_list(struct gz_buf *b, const char *key, const struct gz_str *value,
                        size_t count);

#endif
