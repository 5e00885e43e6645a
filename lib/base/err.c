// SPDX-License-Identifier: MIT
#include "base/err.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"

// Format, and do not end inside a character when cut short: rejects go into the stream.
static void __attribute__((format(printf, 2, 0)))
put_text(char text[256], const char *fmt, va_list ap)
{
    vsnprintf(text, 256, fmt, ap);
    text[gz_utf8_valid_prefix(gz_str_of(text))] = '\0';
}

enum gz_err_kind
gz_err_set(struct gz_err *err, enum gz_err_kind kind, const char *fmt, ...)
{
    const char *translated = gettext(fmt);
    va_list ap;

    if (err->kind)
        return err->kind;
    err->kind = kind;
    va_start(ap, fmt);
    put_text(err->text, fmt, ap);
    va_end(ap);
    err->shown[0] = '\0';
    if (translated != fmt) {
        va_start(ap, fmt);
        put_text(err->shown, gettext(fmt), ap);
        va_end(ap);
    }
    return kind;
}

enum gz_err_kind
gz_err_data(struct gz_err *err, const char *text)
{
    const char *translated = gettext(text);

    if (err->kind)
        return err->kind;
    snprintf(err->shown, sizeof(err->shown), "%s", translated != text ? translated : "");
    err->kind = GZ_ERR_DATA;
    snprintf(err->text, sizeof(err->text), "%s", text);
    return err->kind;
}

void
gz_err_at(struct gz_err *err, const char *source, uint64_t line, uint64_t column)
{
    if (source && !err->source[0]) {
        size_t len = strlen(source);
        size_t room = sizeof(err->source) - 1;

        if (len > room)
            snprintf(err->source, sizeof(err->source), "...%s", source + len - room + 3);
        else
            memcpy(err->source, source, len + 1);
    }
    if (!err->line)
        err->line = line;
    if (!err->column)
        err->column = column;
}

void
gz_err_code(struct gz_err *err, const char *code)
{
    if (!err->code[0])
        snprintf(err->code, sizeof(err->code), "%s", code);
}

void
gz_err_format(const struct gz_err *err, struct gz_buf *out)
{
    if (err->source[0]) {
        gz_utf8_printable(gz_str_of(err->source), out);
        gz_buf_char(out, ':');
    }
    if (err->line)
        gz_buf_printf(out, "%" PRIu64 ":", err->line);
    if (err->line && err->column)
        gz_buf_printf(out, "%" PRIu64 ":", err->column);
    if (out->len && out->ptr[out->len - 1] == ':')
        gz_buf_char(out, ' ');
    gz_utf8_printable(gz_str_of(err->shown[0] ? err->shown : err->text), out);
}

int
gz_err_status(enum gz_err_kind kind)
{
    switch (kind) {
    case GZ_OK:
        return 0;
    case GZ_ERR_DATA:
        return 1;
    case GZ_ERR_USAGE:
        return 2;
    case GZ_ERR_IO:
        return 3;
    case GZ_ERR_FORMAT:
    case GZ_ERR_LIMIT:
        break;
    }
    return 4;
}
