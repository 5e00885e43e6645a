// SPDX-License-Identifier: MIT
#include "record/lines.h"

#include "base/tr.h"
#include "base/utf8.h"

static enum gz_lines_next
bad(const struct gz_lines *l, struct gz_err *err, const char *code, uint64_t column,
    const char *text)
{
    gz_err_data(err, text);
    gz_err_at(err, l->source, l->line, column);
    gz_err_code(err, code);
    return GZ_LINES_BAD;
}

enum gz_lines_next
gz_lines_next(struct gz_lines *l, struct gz_str *line, struct gz_err *err)
{
    if (!l->checked) {
        l->clean = gz_utf8_valid(l->text);
        l->checked = true;
    }
    while (l->at < l->text.len) {
        struct gz_str s = gz_str_from(l->text, l->at);
        const char *nl = memchr(s.ptr, '\n', s.len);
        size_t good;

        if (nl)
            s.len = (size_t)(nl - s.ptr);
        l->at += s.len + (nl != NULL);
        l->line++;
        if (s.len && s.ptr[s.len - 1] == '\r')
            s.len--;
        if (s.len == 0)
            continue;
        if (s.len > l->max_record)
            return bad(l, err, "too_long", 1,
                       N_("a record longer than --max-record allows"));
        good = l->clean ? s.len : gz_utf8_valid_prefix(s);
        if (good != s.len)
            return bad(l, err, "encoding", gz_utf8_count(gz_str_first(s, good)) + 1,
                       N_("this byte is not UTF-8"));
        *line = s;
        return GZ_LINES_LINE;
    }
    return GZ_LINES_END;
}
