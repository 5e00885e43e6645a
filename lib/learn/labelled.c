// SPDX-License-Identifier: MIT
#include "learn/labelled.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/csv.h"
#include "io/gb18030.h"
#include "io/input.h"
#include "record/cursor.h"
#include "record/keyset.h"

// The names in a list apart by ','.
enum { MAX_NAMES = 32 };

struct names {
    struct gz_str item[MAX_NAMES];
    int at[MAX_NAMES]; // key or column
    size_t count;
};

static enum gz_err_kind
split_names(const char *list, const char *option, struct names *out, struct gz_err *err)
{
    struct gz_str rest = gz_str_of(list);

    out->count = 0;
    while (rest.len) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR(","));
        struct gz_str name = gz_str_trim(cut.head);

        rest = cut.tail;
        if (name.len == 0)
            continue;
        if (out->count == MAX_NAMES)
            return gz_err_set(err, GZ_ERR_USAGE, _("option '%s' has more than %d names"),
                              option, MAX_NAMES);
        out->item[out->count++] = name;
    }
    return GZ_OK;
}

// What is read, and the memory for putting fields together.
struct work {
    struct names label, title, text;
    struct gz_buf title_buf, text_buf, label_buf;
    struct gz_arena row;
    struct gz_labelled_sink *to;
};

static enum gz_err_kind
work_begin(struct work *w, const struct gz_labelled_options *o,
           struct gz_labelled_sink *to, struct gz_err *err)
{
    *w = (struct work){ .to = to };
    if (split_names(o->label ? o->label : "category_given,category", "--label", &w->label,
                    err) ||
        split_names(o->title  ? o->title
                    : o->text ? ""
                              : "title",
                    "--title", &w->title, err) ||
        split_names(o->text    ? o->text
                    : o->title ? ""
                               : "text",
                    "--text", &w->text, err))
        return err->kind;
    return GZ_OK;
}

static void
work_end(struct work *w)
{
    gz_buf_release(&w->title_buf);
    gz_buf_release(&w->text_buf);
    gz_buf_release(&w->label_buf);
    gz_arena_free(&w->row);
}

static void
join(struct gz_buf *b, struct gz_str s)
{
    s = gz_str_trim(s);
    if (s.len && b->len)
        gz_buf_char(b, '\n');
    gz_buf_add(b, s);
}

static enum gz_err_kind
hand_on(struct work *w, struct gz_str label, struct gz_err *err)
{
    struct gz_labelled_text t = { gz_str_trim(label), gz_buf_str(&w->title_buf),
                                  gz_buf_str(&w->text_buf) };

    if (t.label.len == 0 || t.title.len + t.text.len == 0) {
        w->to->unlabelled++;
        return GZ_OK;
    }
    return w->to->take(w->to->ctx, &t, err);
}

// ---- records ----

struct fields {
    struct gz_keyset keys;
    struct gz_member *member;
    int rec, src, category;
};

static void
add_keys(struct gz_keyset *k, struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        n->at[i] = gz_keyset_add(k, n->item[i]);
}

static struct gz_str
field(struct work *w, const struct fields *f, int key)
{
    return key < 0 ? (struct gz_str){ 0 } : gz_member_text(&f->member[key], &w->row);
}

// Sources write levels as "A->B" where a path has "A/B".
static struct gz_str
as_path(struct work *w, struct gz_str label)
{
    w->label_buf.len = 0;
    while (label.len) {
        struct gz_cut cut = gz_str_cut(label, GZ_STR("->"));

        gz_buf_add(&w->label_buf, gz_str_trim(cut.head));
        if (cut.found)
            gz_buf_char(&w->label_buf, '/');
        label = cut.tail;
    }
    return gz_buf_str(&w->label_buf);
}

static enum gz_err_kind
take_record(struct work *w, const struct fields *f, bool given, struct gz_err *err)
{
    struct gz_str label = { 0 };

    if (!gz_str_is(field(w, f, f->rec), "petition"))
        return GZ_OK;
    w->title_buf.len = w->text_buf.len = 0;
    for (size_t i = 0; i < w->title.count; i++)
        join(&w->title_buf, field(w, f, w->title.at[i]));
    for (size_t i = 0; i < w->text.count; i++)
        join(&w->text_buf, field(w, f, w->text.at[i]));
    // What gz-route took from the source is a path of the pack.
    if (!given && gz_str_is(field(w, f, f->src), "given"))
        label = field(w, f, f->category);
    for (size_t i = 0; i < w->label.count && label.len == 0; i++) {
        // A model must not learn from what a model said.
        if (!given && w->label.at[i] == f->category &&
            gz_str_is(field(w, f, f->src), "model"))
            continue;
        label = field(w, f, w->label.at[i]);
    }
    return hand_on(w, as_path(w, label), err);
}

enum gz_err_kind
gz_labelled_records(struct gz_reader *r, const struct gz_labelled_options *o,
                    struct gz_labelled_sink *to, struct gz_err *err)
{
    struct gz_arena setup = { 0 };
    struct fields f = { 0 };
    struct work w;
    struct gz_str line;
    enum gz_reader_next next = GZ_READER_END;

    gz_keyset_init(&f.keys, &setup);
    if (!work_begin(&w, o, to, err)) {
        add_keys(&f.keys, &w.label);
        add_keys(&f.keys, &w.title);
        add_keys(&f.keys, &w.text);
        f.rec = gz_keyset_add(&f.keys, GZ_STR("rec"));
        f.src = gz_keyset_add(&f.keys, GZ_STR("category_src"));
        f.category = gz_keyset_add(&f.keys, GZ_STR("category"));
        f.member = gz_arena_new(&setup, struct gz_member, f.keys.count);
    }
    while (!err->kind && (next = gz_reader_next(r, &line, err)) != GZ_READER_END) {
        struct gz_err bad = { 0 };

        if (next == GZ_READER_FAIL)
            break;
        gz_arena_reset(&w.row);
        if (next == GZ_READER_BAD) {
            to->reject(to->ctx, err);
            *err = (struct gz_err){ 0 };
        } else if (!gz_keyset_read(&f.keys, line, &w.row, f.member, &bad)) {
            gz_err_at(&bad, gz_reader_source(r), gz_reader_line(r), 0);
            to->reject(to->ctx, &bad);
        } else {
            take_record(&w, &f, o->label != NULL, err);
        }
    }
    work_end(&w);
    gz_arena_free(&setup);
    return err->kind;
}

// ---- CSV and fastText ----

struct table {
    struct gz_input *in;
    struct gz_csv *csv;
    bool raw; // fields are GB18030
};

static struct gz_str
cell(struct work *w, const struct table *t, const struct gz_csv_row *row, int column)
{
    struct gz_csv_field field;
    struct gz_str s;

    if (column < 0 || (size_t)column >= row->count)
        return (struct gz_str){ 0 };
    field = row->field[column];
    s = field.text;
    if (field.escaped) {
        char *to = gz_arena_new(&w->row, char, s.len + 1);

        s = (struct gz_str){ to, gz_csv_unescape(field, to) };
    }
    if (t->raw) {
        struct gz_buf out = { 0 };

        gz_gb18030_decode(s, &out);
        s = gz_arena_dup(&w->row, gz_buf_str(&out));
        gz_buf_release(&out);
    }
    return s;
}

static enum gz_err_kind
find_columns(struct work *w, const struct table *t, const struct gz_csv_row *header,
             struct names *n, struct gz_err *err)
{
    for (size_t i = 0; i < n->count; i++) {
        n->at[i] = -1;
        for (size_t c = 0; c < header->count && n->at[i] < 0; c++)
            if (gz_str_eq(gz_str_trim(cell(w, t, header, (int)c)), n->item[i]))
                n->at[i] = (int)c;
        if (n->at[i] < 0) {
            gz_err_set(err, GZ_ERR_USAGE, _("no column '" GZ_STR_FMT "'"),
                       GZ_STR_ARG(n->item[i]));
            gz_err_at(err, gz_input_name(t->in), header->line, 0);
            return err->kind;
        }
    }
    return GZ_OK;
}

static enum gz_err_kind
take_row(struct work *w, const struct table *t, const struct gz_csv_row *row,
         struct gz_err *err)
{
    struct gz_err bad = { 0 };
    struct gz_str label;

    w->title_buf.len = w->text_buf.len = w->label_buf.len = 0;
    for (size_t i = 0; i < w->label.count; i++) {
        label = gz_str_trim(cell(w, t, row, w->label.at[i]));
        if (label.len && w->label_buf.len)
            gz_buf_char(&w->label_buf, '/');
        gz_buf_add(&w->label_buf, label);
    }
    for (size_t i = 0; i < w->title.count; i++)
        join(&w->title_buf, cell(w, t, row, w->title.at[i]));
    for (size_t i = 0; i < w->text.count; i++)
        join(&w->text_buf, cell(w, t, row, w->text.at[i]));
    if (gz_utf8_valid(gz_buf_str(&w->label_buf)) &&
        gz_utf8_valid(gz_buf_str(&w->title_buf)) &&
        gz_utf8_valid(gz_buf_str(&w->text_buf)))
        return hand_on(w, gz_buf_str(&w->label_buf), err);
    gz_err_set(&bad, GZ_ERR_DATA, N_("bytes that are no %s"), gz_input_encoding(t->in));
    gz_err_code(&bad, "encoding");
    gz_err_at(&bad, gz_input_name(t->in), row->line, 0);
    w->to->reject(w->to->ctx, &bad);
    return GZ_OK;
}

static enum gz_err_kind
read_rows(struct work *w, struct table *t, struct gz_err *err)
{
    struct gz_csv_row row;
    bool header = false;

    while (!err->kind) {
        struct gz_err bad = { 0 };
        enum gz_csv_next next = gz_csv_next(t->csv, &row, &bad);

        gz_arena_reset(&w->row);
        if (next == GZ_CSV_END)
            break;
        if (next == GZ_CSV_FAIL)
            *err = bad;
        if (next == GZ_CSV_BAD) {
            gz_err_at(&bad, gz_input_name(t->in), row.line, 0);
            w->to->reject(w->to->ctx, &bad);
        }
        if (next != GZ_CSV_ROW)
            continue;
        if (header)
            take_row(w, t, &row, err);
        else if (!find_columns(w, t, &row, &w->label, err) &&
                 !find_columns(w, t, &row, &w->title, err))
            find_columns(w, t, &row, &w->text, err);
        header = true;
    }
    return err->kind;
}

enum gz_err_kind
gz_labelled_csv(const char *path, const struct gz_labelled_options *o,
                struct gz_labelled_sink *to, struct gz_err *err)
{
    struct gz_csv_options how = { .max_record = o->max_record };
    struct table t = { 0 };
    struct work w;

    if (!work_begin(&w, o, to, err))
        t.in = gz_input_open(path, GZ_INPUT_DETECT, o->encoding, err);
    if (t.in) {
        how.delimiter = gz_csv_sniff_delimiter(gz_input_sample(t.in));
        if (!how.delimiter)
            how.delimiter = ',';
        t.raw = gz_input_is_gb18030(t.in);
        t.csv = gz_csv_open(t.in, &how);
        read_rows(&w, &t, err);
        gz_csv_close(t.csv);
        gz_input_close(t.in);
    }
    work_end(&w);
    return err->kind;
}

// "__label__A text": the label ends at the first blank.
static enum gz_err_kind
take_line(struct work *w, struct gz_str line, const struct gz_input *in, uint64_t number,
          struct gz_err *err)
{
    const struct gz_str mark = GZ_STR("__label__");
    struct gz_cut cut = gz_str_cut(line, GZ_STR(" "));
    struct gz_err bad = { 0 };

    if (gz_utf8_valid(line) && gz_str_starts(line, mark)) {
        struct gz_str rest = cut.tail;

        while (gz_str_starts(rest, mark))
            rest = gz_str_cut(rest, GZ_STR(" ")).tail;
        w->label_buf.len = w->text_buf.len = 0;
        gz_buf_add(&w->label_buf, gz_str_from(cut.head, mark.len));
        for (size_t i = 0; i < w->label_buf.len; i++)
            if (w->label_buf.ptr[i] == '_')
                w->label_buf.ptr[i] = ' ';
        join(&w->text_buf, rest);
        return hand_on(w, gz_buf_str(&w->label_buf), err);
    }
    gz_err_set(&bad, GZ_ERR_DATA, N_("expected '__label__NAME text' in UTF-8"));
    gz_err_code(&bad, "label");
    gz_err_at(&bad, gz_input_name(in), number, 0);
    w->to->reject(w->to->ctx, &bad);
    return GZ_OK;
}

enum gz_err_kind
gz_labelled_fasttext(const char *path, const struct gz_labelled_options *o,
                     struct gz_labelled_sink *to, struct gz_err *err)
{
    // A delimiter that no text holds, and no quotes: a row is a line.
    struct gz_csv_options how = { .delimiter = 1,
                                  .no_quotes = true,
                                  .max_record = o->max_record };
    struct gz_csv_row row;
    enum gz_csv_next next = GZ_CSV_END;
    struct gz_input *in;
    struct gz_csv *csv;
    struct work w;

    if (work_begin(&w, o, to, err))
        return err->kind;
    in = gz_input_open(path, GZ_INPUT_STREAM, NULL, err);
    if (!in)
        return err->kind;
    csv = gz_csv_open(in, &how);
    while (!err->kind && (next = gz_csv_next(csv, &row, err)) != GZ_CSV_END) {
        if (next == GZ_CSV_ROW) {
            take_line(&w, row.raw, in, row.line, err);
        } else if (next == GZ_CSV_BAD) {
            gz_err_at(err, gz_input_name(in), row.line, 0);
            to->reject(to->ctx, err);
            *err = (struct gz_err){ 0 };
        }
    }
    gz_csv_close(csv);
    gz_input_close(in);
    work_end(&w);
    return err->kind;
}

// ---- writing ----

static void
put_line(struct gz_buf *out, struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool blank = s.ptr[i] == '\n' || s.ptr[i] == '\r' || s.ptr[i] == '\t';

        gz_buf_char(out, blank ? ' ' : s.ptr[i]);
    }
}

void
gz_labelled_to_fasttext(const struct gz_labelled_text *t, struct gz_buf *out)
{
    gz_buf_lit(out, "__label__");
    for (size_t i = 0; i < t->label.len; i++) {
        unsigned char c = (unsigned char)t->label.ptr[i];

        gz_buf_char(out, c <= ' ' ? '_' : (char)c);
    }
    gz_buf_char(out, ' ');
    put_line(out, t->title);
    if (t->title.len && t->text.len)
        gz_buf_char(out, ' ');
    put_line(out, t->text);
    gz_buf_char(out, '\n');
}
