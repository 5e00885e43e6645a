// SPDX-License-Identifier: MIT
#include "record/writer.h"

#include "base/mem.h"
#include "record/bytes.h"

static const char hex[] = "0123456789abcdef";

// Write the escape for `c`, which is '"', '\\' or a control. Returns its length.
static size_t
put_escape(char *to, unsigned char c)
{
    static const char letter[] = "\0\0\0\0\0\0\0\0btn\0fr";

    to[0] = '\\';
    if (c == '"' || c == '\\') {
        to[1] = (char)c;
        return 2;
    }
    if (c < sizeof(letter) && letter[c]) {
        to[1] = letter[c];
        return 2;
    }
    memcpy(to + 1, "u00", 3);
    to[4] = hex[c >> 4];
    to[5] = hex[c & 15];
    return 6;
}

void
gz_write_escaped(struct gz_buf *b, struct gz_str s)
{
    // Enough for the common case, where little is escaped; grown where it is not.
    char *to = gz_buf_need(b, gz_mem_add(s.len, s.len / 8 + 64));
    const char *room_end = b->ptr + b->cap;
    size_t at = 0;

    while (at < s.len) {
        size_t clean = gz_bytes_plain_run(s.ptr + at, s.len - at);

        if ((size_t)(room_end - to) < clean + 6 + 16) {
            b->len = (size_t)(to - b->ptr);
            to = gz_buf_need(b, (s.len - at) * 2 + 64);
            room_end = b->ptr + b->cap;
        }
        memcpy(to, s.ptr + at, clean);
        to += clean;
        at += clean;
        if (at < s.len)
            to += put_escape(to, (unsigned char)s.ptr[at++]);
    }
    b->len = (size_t)(to - b->ptr);
}

void
gz_write_string(struct gz_buf *b, struct gz_str s)
{
    gz_buf_char(b, '"');
    gz_write_escaped(b, s);
    gz_buf_char(b, '"');
}

void
gz_write_begin(struct gz_buf *b, const char *kind)
{
    gz_buf_lit(b, "{\"rec\":\"");
    gz_buf_cstr(b, kind);
    gz_buf_char(b, '"');
}

void
gz_write_end(struct gz_buf *b)
{
    gz_buf_lit(b, "}\n");
}

static void
put_key(struct gz_buf *b, const char *key)
{
    gz_buf_lit(b, ",\"");
    gz_buf_cstr(b, key);
    gz_buf_lit(b, "\":");
}

void
gz_write_text(struct gz_buf *b, const char *key, struct gz_str value)
{
    if (value.len == 0)
        return;
    put_key(b, key);
    gz_write_string(b, value);
}

void
gz_write_u64(struct gz_buf *b, const char *key, uint64_t value)
{
    put_key(b, key);
    gz_buf_u64(b, value);
}

void
gz_write_list(struct gz_buf *b, const char *key, const struct gz_str *value, size_t count)
{
    if (count == 0)
        return;
    put_key(b, key);
    for (size_t i = 0; i < count; i++) {
        gz_buf_char(b, i ? ',' : '[');
        gz_write_string(b, value[i]);
    }
    gz_buf_char(b, ']');
}

void
gz_write_reject(struct gz_buf *b, const struct gz_err *err, const char *stage)
{
    gz_write_begin(b, "reject");
    gz_write_text(b, "src", gz_str_of(err->source));
    if (err->line)
        gz_write_u64(b, "line", err->line);
    if (err->column)
        gz_write_u64(b, "col", err->column);
    gz_write_text(b, "code", gz_str_of(err->code));
    gz_write_text(b, "why", gz_str_of(err->text));
    gz_write_text(b, "stage", gz_str_of(stage));
    gz_write_end(b);
}

void
gz_write_i64(struct gz_buf *b, const char *key, int64_t value)
{
    gz_buf_lit(b, ",\"");
    gz_buf_cstr(b, key);
    gz_buf_lit(b, "\":");
    gz_buf_i64(b, value);
}

void
gz_write_json_list(struct gz_buf *b, const char *key, const struct gz_str *value,
                   size_t count)
{
    gz_buf_lit(b, ",\"");
    gz_buf_cstr(b, key);
    gz_buf_lit(b, "\":[");
    for (size_t i = 0; i < count; i++) {
        if (i)
            gz_buf_char(b, ',');
        gz_buf_add(b, value[i]);
    }
    gz_buf_char(b, ']');
}
