// SPDX-License-Identifier: MIT
// buf: a growing byte buffer that owns its memory.
#ifndef GZ_BASE_BUF_H
#define GZ_BASE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

// Zero-initialise; release with gz_buf_release(). Bytes are ptr[0 .. len).
struct gz_buf {
    char *ptr;
    size_t len;
    size_t cap;
};

// Make room for `more` bytes after len. Returns ptr + len.
char *gz_buf_grow(struct gz_buf *b, size_t more);

static inline char *
gz_buf_need(struct gz_buf *b, size_t more)
{
    return b->cap - b->len >= more ? b->ptr + b->len : gz_buf_grow(b, more);
}

static inline void
gz_buf_add(struct gz_buf *b, struct gz_str s)
{
    if (s.len) {
        memcpy(gz_buf_need(b, s.len), s.ptr, s.len);
        b->len += s.len;
    }
}

static inline void
gz_buf_char(struct gz_buf *b, char c)
{
    *gz_buf_need(b, 1) = c;
    b->len++;
}

static inline struct gz_str
gz_buf_str(const struct gz_buf *b)
{
    return (struct gz_str){ b->ptr, b->len };
}

#define gz_buf_lit(b, lit) gz_buf_add((b), GZ_STR(lit))

void gz_buf_cstr(struct gz_buf *b, const char *s);
void gz_buf_u64(struct gz_buf *b, uint64_t n);
void gz_buf_i64(struct gz_buf *b, int64_t n);
void gz_buf_printf(struct gz_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

// Give the memory back; the buffer is empty and usable afterwards.
void gz_buf_release(struct gz_buf *b);

#endif
