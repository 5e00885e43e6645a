// SPDX-License-Identifier: MIT
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

char *
gz_buf_grow(struct gz_buf *b, size_t more)
{
    size_t need = gz_mem_add(b->len, more);
    size_t cap = b->cap ? b->cap : 256;

    while (cap < need)
        cap = gz_mem_mul(cap, 2);
    if (cap != b->cap) {
        b->ptr = gz_mem_realloc(b->ptr, cap, 1);
        b->cap = cap;
    }
    return b->ptr + b->len;
}

void
gz_buf_cstr(struct gz_buf *b, const char *s)
{
    gz_buf_add(b, gz_str_of(s));
}

void
gz_buf_u64(struct gz_buf *b, uint64_t n)
{
    char digits[20];
    size_t i = sizeof(digits);

    do {
        digits[--i] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    gz_buf_add(b, (struct gz_str){ digits + i, sizeof(digits) - i });
}

void
gz_buf_i64(struct gz_buf *b, int64_t n)
{
    if (n < 0)
        gz_buf_char(b, '-');
    gz_buf_u64(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void
gz_buf_printf(struct gz_buf *b, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n <= 0)
        return;
    gz_buf_need(b, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(b->ptr + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

void
gz_buf_release(struct gz_buf *b)
{
    free(b->ptr);
    *b = (struct gz_buf){ 0 };
}
