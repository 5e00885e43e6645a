// SPDX-License-Identifier: MIT
#include "report/markup.h"

#include <assert.h>

static void
end_tag(struct gz_markup *m)
{
    if (m->in_tag)
        gz_buf_char(m->out, '>');
    m->in_tag = 0;
}

// & < > " ' as references; line ends and tabs stay; other controls, which XML forbids and
// terminals obey, become U+FFFD.
static void
put_escaped(struct gz_buf *out, struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        switch (c) {
        case '&':
            gz_buf_lit(out, "&amp;");
            break;
        case '<':
            gz_buf_lit(out, "&lt;");
            break;
        case '>':
            gz_buf_lit(out, "&gt;");
            break;
        case '"':
            gz_buf_lit(out, "&quot;");
            break;
        case '\'':
            gz_buf_lit(out, "&#39;");
            break;
        default:
            if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
                gz_buf_lit(out, "\xef\xbf\xbd");
            else
                gz_buf_char(out, (char)c);
        }
    }
}

void
gz_markup_open(struct gz_markup *m, struct gz_markup_lit name)
{
    end_tag(m);
    assert(m->depth < GZ_MARKUP_DEPTH);
    m->open[m->depth++] = name.text;
    gz_buf_char(m->out, '<');
    gz_buf_cstr(m->out, name.text);
    m->in_tag = 1;
}

void
gz_markup_close(struct gz_markup *m)
{
    end_tag(m);
    assert(m->depth > 0);
    gz_buf_lit(m->out, "</");
    gz_buf_cstr(m->out, m->open[--m->depth]);
    gz_buf_char(m->out, '>');
}

void
gz_markup_void(struct gz_markup *m)
{
    assert(m->depth > 0 && m->in_tag);
    gz_buf_lit(m->out, "/>");
    m->in_tag = 0;
    m->depth--;
}

void
gz_markup_attr(struct gz_markup *m, struct gz_markup_lit name, struct gz_str value)
{
    assert(m->in_tag);
    gz_buf_char(m->out, ' ');
    gz_buf_cstr(m->out, name.text);
    gz_buf_lit(m->out, "=\"");
    put_escaped(m->out, value);
    gz_buf_char(m->out, '"');
}

void
gz_markup_attr_lit(struct gz_markup *m, struct gz_markup_lit name,
                   struct gz_markup_lit value)
{
    gz_markup_attr(m, name, gz_str_of(value.text));
}

void
gz_markup_attr_num(struct gz_markup *m, struct gz_markup_lit name, long tenths)
{
    char text[32];
    size_t n = sizeof text;
    unsigned long v = tenths < 0 ? 0UL - (unsigned long)tenths : (unsigned long)tenths;

    if (v % 10) {
        text[--n] = (char)('0' + v % 10);
        text[--n] = '.';
    }
    v /= 10;
    do
        text[--n] = (char)('0' + v % 10);
    while (v /= 10);
    if (tenths < 0)
        text[--n] = '-';
    gz_markup_attr(m, name, (struct gz_str){ text + n, sizeof text - n });
}

void
gz_markup_text(struct gz_markup *m, struct gz_str text)
{
    end_tag(m);
    put_escaped(m->out, text);
}

void
gz_markup_text_lit(struct gz_markup *m, struct gz_markup_lit text)
{
    gz_markup_text(m, gz_str_of(text.text));
}

void
gz_markup_raw(struct gz_markup *m, struct gz_markup_lit markup)
{
    end_tag(m);
    gz_buf_cstr(m->out, markup.text);
}

void
gz_markup_leaf(struct gz_markup *m, struct gz_markup_lit name, struct gz_str text)
{
    gz_markup_open(m, name);
    gz_markup_text(m, text);
    gz_markup_close(m);
}

void
gz_markup_anchor(struct gz_buf *out, struct gz_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '_')
            gz_buf_char(out, (char)c);
        else
            gz_buf_printf(out, ".%02x", c);
    }
}

void
gz_markup_builtin(struct gz_markup *m, const struct gz_data *data)
{
    end_tag(m);
    gz_buf_add(m->out, gz_data_str(data));
}
