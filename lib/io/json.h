// SPDX-License-Identifier: MIT
// json: JSON documents in memory, with the place of every value. Wraps Jansson and is
// the only user of it. Not for records of the stream: record/cursor.h reads those.
#ifndef GZ_IO_JSON_H
#define GZ_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct gz_json_doc;             // owns the tree
typedef struct gz_json gz_json; // a value in it; borrowed

enum gz_json_type {
    GZ_JSON_NULL,
    GZ_JSON_BOOL,
    GZ_JSON_NUMBER,
    GZ_JSON_STRING,
    GZ_JSON_ARRAY,
    GZ_JSON_OBJECT,
};

// Parse `text`, one value with nothing but white space after it. Duplicate keys, bad
// UTF-8 and nesting over 512 are errors with line and column; a leading BOM is skipped.
// `name` is for messages. `text` is copied. NULL on failure.
struct gz_json_doc *gz_json_parse(struct gz_str text, const char *name,
                                  struct gz_err *err);
void gz_json_free(struct gz_json_doc *doc);

const gz_json *gz_json_root(const struct gz_json_doc *doc);
enum gz_json_type gz_json_type(const gz_json *v);

// Member `key` of an object; NULL when it is not there or `v` is no object or NULL.
const gz_json *gz_json_get(const gz_json *v, const char *key);

// Members in document order: number of them, key and value of the i-th.
size_t gz_json_count(const gz_json *v); // of an array too
struct gz_str gz_json_key(const gz_json *object, size_t i);
const gz_json *gz_json_at(const gz_json *v, size_t i); // of an object or an array

// The string, or {NULL, 0} when it is not one.
struct gz_str gz_json_string(const gz_json *v);
bool gz_json_is_true(const gz_json *v);

// A whole number within int64; `fallback` when it is none.
int64_t gz_json_int(const gz_json *v, int64_t fallback);

// The value as it stands in the source ("1.10" stays so), without white space around it.
struct gz_str gz_json_raw(const gz_json *v);

// Append JSON text without the white space between its values.
void gz_json_compact(struct gz_str raw, struct gz_buf *out);

// Line and column of `v` in the source, put into *err beside the document's name:
// `return gz_json_fault(doc, v, err, "unknown field '%s'", ...)` sets GZ_ERR_USAGE.
enum gz_err_kind gz_json_fault(const struct gz_json_doc *doc, const gz_json *v,
                               struct gz_err *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
