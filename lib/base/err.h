// SPDX-License-Identifier: MIT
// err: what went wrong and where, in terms that a caller can act on.
#ifndef GZ_BASE_ERR_H
#define GZ_BASE_ERR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

// Each kind has one exit status; see gz_err_status().
enum gz_err_kind {
    GZ_OK = 0,
    GZ_ERR_DATA,   // one record is bad; the stream can go on
    GZ_ERR_USAGE,  // options, pack, layout, scheme or plan are wrong
    GZ_ERR_IO,     // open, read, write, close or rename failed
    GZ_ERR_FORMAT, // the input as a whole cannot be used as claimed, or is incomplete
    GZ_ERR_LIMIT,  // a declared limit was reached
};

// Lives on the caller's stack, holds no pointers and needs no freeing.
// Zero-initialise it.
struct gz_err {
    enum gz_err_kind kind;
    char code[24];    // stable short name of the cause, for rejects ("date", "quote")
    uint64_t line;    // physical line, from 1; 0 if not known
    uint64_t column;  // code point within the line, from 1; 0 if not known
    char source[128]; // input name, its tail kept if too long
    char text[256];   // one line, UTF-8; English if it came as N_(), as for GZ_ERR_DATA
    char shown[256];  // the same translated, to be printed; empty if that is `text`
};

// Forget it, so that it can be used again; cheaper than zeroing it all.
static inline void
gz_err_clear(struct gz_err *err)
{
    err->kind = GZ_OK;
    err->line = err->column = 0;
    err->code[0] = err->source[0] = err->text[0] = err->shown[0] = '\0';
}

// Record an error unless one is set already: the first cause wins. Returns the kind
// that is set, so that a failing function can end with `return gz_err_set(...)`.
// `fmt` is _("...") or, for what may become a reject in the stream, N_("..."): that one
// keeps its English in `text`, since no output depends on the language of messages.
enum gz_err_kind gz_err_set(struct gz_err *err, enum gz_err_kind kind, const char *fmt,
                            ...) __attribute__((format(printf, 3, 4)));

// The same for a reject (GZ_ERR_DATA) and a text that is marked elsewhere with N_().
enum gz_err_kind gz_err_data(struct gz_err *err, const char *text);

// Say where: fills what is not filled yet. `source` may be NULL; 0 means not known.
void gz_err_at(struct gz_err *err, const char *source, uint64_t line, uint64_t column);

// Name the cause of a reject.
void gz_err_code(struct gz_err *err, const char *code);

// Append "source:line:column: text" without a newline; parts not known are left out
// and control characters are replaced, so that hostile input cannot drive a terminal.
void gz_err_format(const struct gz_err *err, struct gz_buf *out);

// The process exit status for an error of this kind.
int gz_err_status(enum gz_err_kind kind);

#endif
