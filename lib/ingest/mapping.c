// SPDX-License-Identifier: MIT
#include "ingest/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/tr.h"
#include "ingest/mapcheck.h"
#include "ingest/mapstep.h"
#include "ingest/recordmask.h"
#include "record/writer.h"

static struct gz_str
key_prefix(struct gz_mapping *m, struct gz_str key, const char *before, const char *after)
{
    struct gz_buf b = { 0 };
    struct gz_str s;
    char *to;

    gz_buf_cstr(&b, before);
    gz_write_string(&b, key);
    gz_buf_cstr(&b, after);
    // Padded, so that it can be copied in blocks of 16.
    to = gz_arena_alloc(m->arena, b.len + 16, 1, 1);
    memcpy(to, b.ptr, b.len);
    s = (struct gz_str){ to, b.len };
    gz_buf_release(&b);
    return s;
}

static enum gz_map_op
op_of(const struct gz_layout_field *f)
{
    switch (f->field->type) {
    case GZ_FIELD_ID:
        return OP_ID;
    case GZ_FIELD_TIME:
        return OP_TIME;
    case GZ_FIELD_YN:
        return gz_str_is(f->field->name, "secrecy") ? OP_SECRECY : OP_MAP;
    case GZ_FIELD_ENUM:
        return OP_MAP;
    case GZ_FIELD_NUM:
        return OP_NUM;
    case GZ_FIELD_LIST:
        return OP_LIST;
    default:
        return f->maps || f->raw ? OP_MAP : OP_TEXT;
    }
}

static struct gz_map_step *
new_step(struct gz_mapping *m, enum gz_map_op op, const struct gz_field *field)
{
    struct gz_map_step *s = &m->step[m->steps++];

    s->op = op;
    s->field = field;
    s->null_lengths = 1; // the empty text
    s->prefix = key_prefix(m, field->name, ",",
                           op == OP_NUM    ? ":"
                           : op == OP_LIST ? ":[\""
                                           : ":\"");
    if (op == OP_MAP || op == OP_SECRECY)
        s->memo = gz_arena_new(m->arena, struct gz_map_memo, MEMO);
    return s;
}

static void
add_nulls(struct gz_map_step *s, const struct gz_names *nulls)
{
    for (size_t i = 0; i < nulls->count; i++) {
        if (nulls->name[i].len >= 64)
            continue;
        s->null[s->nulls++] = nulls->name[i];
        s->null_lengths |= UINT64_C(1) << nulls->name[i].len;
    }
}

static enum gz_err_kind
repeated_column(struct gz_mapping *m, int col, struct gz_err *err)
{
    const struct gz_header *h = m->o.header;
    struct gz_str fold = h->column[col].fold;
    size_t second = (size_t)col + 1;

    while (second < h->count && !gz_str_eq(h->column[second].fold, fold))
        second++;
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("columns %d and %zu are both called '" GZ_STR_FMT
                        "', which fills a field; write \"" GZ_STR_FMT
                        "#1\" or \"#2\" in a layout (--print-layout " GZ_STR_FMT ")"),
                      col + 1, second + 1, GZ_STR_ARG(h->column[col].name),
                      GZ_STR_ARG(h->column[col].name), GZ_STR_ARG(m->o.layout->name));
}

// "政府投入(万元)", "投入（亿元）": the scale of the numbers below, or NULL.
static const char *
scale_of(const struct gz_column *c)
{
    return gz_str_ends(c->fold, GZ_STR("(万元)"))   ? "万"
           : gz_str_ends(c->fold, GZ_STR("(亿元)")) ? "亿"
                                                    : NULL;
}

// Bind one field of the layout to its columns. A field without any is left out, unless it
// has a constant or takes its value elsewhere.
static enum gz_err_kind
bind_field(struct gz_mapping *m, const struct gz_layout_field *f, struct gz_err *err)
{
    int col[GZ_LAYOUT_PARTS];
    size_t cols = 0;
    struct gz_map_step *s;

    for (size_t p = 0; p < f->parts; p++) {
        bool repeated = false;
        int c = gz_header_any(m->o.header, &f->part[p], &repeated, &m->row);

        if (c < 0)
            continue;
        if (repeated)
            return repeated_column(m, c, err);
        col[cols++] = c;
        m->role[c] = GZ_COLUMN_FIELD;
    }
    if (!cols && !f->constant.len && !(f->id_part && m->id_col >= 0) &&
        f->field->index != 0)
        return GZ_OK;
    s = new_step(m, op_of(f), f->field);
    s->from = f;
    memcpy(s->col, col, sizeof(col[0]) * cols);
    s->cols = cols;
    s->scale = s->op == OP_NUM && cols ? scale_of(&m->o.header->column[col[0]]) : NULL;
    s->null =
        gz_arena_new(m->arena, struct gz_str, f->nulls.count + m->o.layout->nulls.count);
    add_nulls(s, &f->nulls);
    add_nulls(s, &m->o.layout->nulls);
    if (f->raw)
        s->raw_prefix = key_prefix(m, f->raw->name, ",", ":\"");
    for (size_t i = 0; i < f->date.count; i++)
        if (gz_datevote_form(&s->vote, f->date.name[i], f->year, err))
            return err->kind;
    if (f->id_part)
        return gz_datefmt_compile(&s->id_form, f->id_date, f->year, err);
    return GZ_OK;
}

// Columns that say who is calling: those of the layout, and those whose names tell.
static void
find_contacts(struct gz_mapping *m, const struct gz_names *names, struct gz_map_step *key)
{
    for (size_t i = 0; i < names->count; i++) {
        bool repeated = false;
        int c = gz_header_find(m->o.header, names->name[i], &repeated, &m->row);

        if (c < 0 || m->role[c] == GZ_COLUMN_FIELD)
            continue;
        if (m->o.privacy != GZ_PRIVACY_NONE)
            m->role[c] = GZ_COLUMN_CONTACT;
        if (key && key->cols < GZ_LAYOUT_PARTS)
            key->col[key->cols++] = c;
    }
}

static bool
is_kept(const struct gz_mapping *m, size_t column)
{
    struct gz_arena scratch = { 0 };
    bool found = false;

    for (size_t i = 0; i < m->o.layout->keep.count && !found; i++)
        found = gz_str_eq(gz_fold_name(m->o.layout->keep.name[i], &scratch),
                          m->o.header->column[column].fold);
    gz_arena_free(&scratch);
    return found;
}

static void
bind_contacts(struct gz_mapping *m, struct gz_map_step *reporter)
{
    find_contacts(m, &m->o.layout->contacts, NULL);
    find_contacts(m, &m->o.layout->key, reporter);
    m->by_key = reporter->cols > 0;
    for (size_t c = 0; c < m->o.header->count; c++)
        if (m->role[c] == GZ_COLUMN_EXT && m->o.privacy != GZ_PRIVACY_NONE &&
            (gz_privacy_header(m->o.header->column[c].name) ||
             gz_privacy_header(m->o.header->column[c].fold)) &&
            !is_kept(m, c))
            m->role[c] = GZ_COLUMN_CONTACT;
}

static const struct gz_field *
field_named(const struct gz_mapping *m, const char *name)
{
    return gz_kind_field(m->o.layout->kind, gz_str_of(name));
}

static int
by_schema(const void *a, const void *b)
{
    const struct gz_map_step *x = a, *y = b;

    return (int)x->field->index - (int)y->field->index;
}

// Our own CSV: each column is a field.
static enum gz_err_kind
bind_records(struct gz_mapping *m)
{
    for (size_t c = 0; c < m->o.header->count; c++) {
        const struct gz_field *f =
            gz_kind_field(m->o.layout->kind, m->o.header->column[c].name);

        if (!f || (m->o.privacy == GZ_PRIVACY_PUBLIC && gz_recordmask_hides(f->name)))
            continue;
        m->role[c] = GZ_COLUMN_FIELD;
        new_step(m, OP_RECORD_CELL, f)->col[0] = (int)c;
        m->step[m->steps - 1].cols = 1;
    }
    qsort(m->step, m->steps, sizeof(*m->step), by_schema);
    return GZ_OK;
}

static enum gz_err_kind
bind_layout(struct gz_mapping *m, struct gz_err *err)
{
    const struct gz_layout *l = m->o.layout;
    const struct gz_field *secrecy = field_named(m, "secrecy");
    const struct gz_field *reporter = field_named(m, "reporter_key");
    struct gz_map_step key = { 0 };
    bool has_secrecy = false, has_id = false;

    for (size_t i = 0; i < l->count; i++)
        if (l->field[i].field->index == 0) {
            bool repeated = false;

            m->id_col =
                gz_header_any(m->o.header, &l->field[i].part[0], &repeated, &m->row);
            has_id = true;
        }
    if (!has_id && l->kind->field[0].type == GZ_FIELD_ID)
        new_step(m, OP_ID, &l->kind->field[0]);
    for (size_t i = 0; i < l->count; i++) {
        const struct gz_layout_field *f = &l->field[i];

        if (bind_field(m, f, err))
            return err->kind;
        if (m->steps && m->step[m->steps - 1].from == f) {
            has_secrecy |= f->field == secrecy;
            if (m->o.privacy == GZ_PRIVACY_PUBLIC && gz_recordmask_hides(f->field->name))
                m->steps--;
        }
    }
    if (secrecy && !has_secrecy)
        new_step(m, OP_SECRECY, secrecy);
    if (field_named(m, "damage"))
        new_step(m, OP_DAMAGE, field_named(m, "damage"));
    bind_contacts(m, &key);
    if (reporter && key.cols && m->o.reporter && m->o.reporter->set &&
        m->o.privacy < GZ_PRIVACY_PUBLIC) {
        struct gz_map_step *s = new_step(m, OP_REPORTER, reporter);

        s->cols = key.cols;
        memcpy(s->col, key.col, sizeof(key.col));
    }
    qsort(m->step, m->steps, sizeof(*m->step), by_schema);
    return GZ_OK;
}

// "受理时间=mdy" or "received_at=mdy".
static enum gz_err_kind
apply_date(struct gz_mapping *m, struct gz_str option, struct gz_err *err)
{
    struct gz_cut c = gz_str_cut(option, GZ_STR("="));
    const struct gz_field *f = gz_kind_field(m->o.layout->kind, c.head);
    bool repeated = false, used = false;
    int col = gz_header_find(m->o.header, c.head, &repeated, &m->row);

    if (!c.found || !c.tail.len)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--date' wants COLUMN=FORM, not '" GZ_STR_FMT "'"),
                          GZ_STR_ARG(option));
    for (size_t i = 0; i < m->steps; i++) {
        struct gz_map_step *s = &m->step[i];
        bool named = s->field == f;

        for (size_t k = 0; k < s->cols; k++)
            named |= s->col[k] == col;
        if (s->op != OP_TIME || !named)
            continue;
        if (gz_datefmt_compile(&s->form, c.tail, s->from->year, err))
            return err->kind;
        s->asked = used = true;
    }
    if (!used)
        return gz_err_set(
            err, GZ_ERR_USAGE,
            _("option '--date': no column '" GZ_STR_FMT "' that fills a time"),
            GZ_STR_ARG(c.head));
    return GZ_OK;
}

struct gz_mapping *
gz_mapping_new(const struct gz_mapping_options *options, struct gz_arena *arena,
               struct gz_err *err)
{
    struct gz_mapping *m = gz_arena_new(arena, struct gz_mapping, 1);
    size_t columns = options->header->count;
    struct gz_buf b = { 0 };

    m->o = *options;
    m->arena = arena;
    m->id_col = -1;
    m->role = gz_arena_new(arena, uint8_t, columns);
    m->seen = gz_arena_new(arena, uint32_t, columns);
    m->contacts = gz_arena_new(arena, uint32_t, columns);
    m->step =
        gz_arena_new(arena, struct gz_map_step, options->layout->count + columns + 8);
    gz_write_begin(&b, gz_arena_cstr(arena, options->layout->kind->name));
    m->begin = gz_arena_dup(arena, gz_buf_str(&b));
    b.len = 0;
    gz_buf_lit(&b, ",\"src\":\"");
    gz_write_escaped(&b, gz_str_of(options->source));
    gz_buf_char(&b, ':');
    m->src = gz_arena_dup(arena, gz_buf_str(&b));
    gz_buf_release(&b);
    if (options->layout->records ? bind_records(m) : bind_layout(m, err))
        return m;
    for (size_t i = 0; i < options->date_count; i++)
        if (apply_date(m, gz_str_of(options->dates[i]), err))
            break;
    return m;
}

struct gz_mapping *
gz_mapping_clone(const struct gz_mapping *m, struct gz_arena *arena)
{
    struct gz_mapping *c = gz_arena_new(arena, struct gz_mapping, 1);

    *c = *m;
    c->row = (struct gz_arena){ 0 };
    c->decoded = (struct gz_buf){ 0 };
    c->check = gz_mapcheck_clone(m->check);
    c->step = gz_arena_new(arena, struct gz_map_step, m->steps);
    memcpy(c->step, m->step, m->steps * sizeof(*c->step));
    for (size_t i = 0; i < m->steps; i++)
        if (c->step[i].memo)
            c->step[i].memo = gz_arena_new(arena, struct gz_map_memo, MEMO);
    return c;
}

bool
gz_mapping_repeats(struct gz_mapping *m, uint64_t hash)
{
    return gz_mapcheck_repeats(m->check, hash);
}

void
gz_mapping_free(struct gz_mapping *m)
{
    if (!m)
        return;
    gz_arena_free(&m->row);
    gz_buf_release(&m->decoded);
    gz_mapcheck_free(m->check);
}

// ---- what the first rows decide ----

void
gz_mapping_sample(struct gz_mapping *m, const struct gz_csv_field *cell, size_t count)
{
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++)
        bytes += cell[i].text.len;
    gz_maprow_begin(m, cell, count, bytes);
    for (size_t i = 0; i < m->steps; i++)
        if (m->step[i].op == OP_TIME && !m->step[i].asked) {
            struct gz_str v = gz_maprow_value(m, &m->step[i]);

            if (v.len)
                gz_datevote_add(&m->step[i].vote, v);
        }
    for (size_t c = 0; c < m->o.header->count && c < count; c++) {
        struct gz_str v;

        if (m->role[c] != GZ_COLUMN_EXT)
            continue;
        v = gz_maprow_cell(m, c);
        m->seen[c] += v.len > 0;
        m->contacts[c] += v.len && gz_privacy_value(v);
    }
}

static enum gz_err_kind
settle_date(struct gz_mapping *m, struct gz_map_step *s, struct gz_err *err)
{
    const struct gz_datefmt *form;
    struct gz_str name;

    if (s->asked || !s->vote.count)
        return GZ_OK;
    if (gz_datevote_pick(&s->vote, &form) == GZ_DATEVOTE_AMBIGUOUS) {
        name = m->o.header->column[s->col[0]].name;
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("column '" GZ_STR_FMT "': the first rows do not tell whether "
                            "the day or the month comes first; say --date '" GZ_STR_FMT
                            "=mdy' or --date '" GZ_STR_FMT "=dmy'"),
                          GZ_STR_ARG(name), GZ_STR_ARG(name), GZ_STR_ARG(name));
    }
    s->form = *form;
    return GZ_OK;
}

static enum gz_map_quick
quick_of(const struct gz_mapping *m, struct gz_map_step *s)
{
    bool one = s->cols == 1, text = one && m->copy;

    switch (s->op) {
    case OP_TEXT:
        if (text && !s->from->path.count)
            return QUICK_COPY;
        // A constant stands in when no cell has a value; a separator may need an escape.
        return s->cols > 1 && m->copy && !s->from->any && !s->from->path.count &&
                       !s->from->constant.len &&
                       !memchr(s->from->with.ptr, '"', s->from->with.len) &&
                       !memchr(s->from->with.ptr, '\\', s->from->with.len)
                   ? QUICK_JOIN
                   : QUICK_NONE;
    case OP_PLACE:
        return text ? QUICK_COPY : QUICK_NONE;
    case OP_ID:
        return one ? QUICK_ID : QUICK_NONE;
    case OP_TIME:
        return one && s->form.usual ? QUICK_TIME : QUICK_NONE;
    case OP_NUM:
        return one && !s->scale ? QUICK_NUM : QUICK_NONE;
    case OP_MAP:
        return one ? QUICK_MAP : QUICK_NONE;
    case OP_DAMAGE:
        return QUICK_DAMAGE;
    case OP_SECRECY:
        return s->cols ? QUICK_NONE : QUICK_SECRET;
    default:
        return QUICK_NONE;
    }
}

// How much a record can be longer than its cells, each counted as often as it is used,
// when no byte needs an escape.
static void
plan_room(struct gz_mapping *m)
{
    uint32_t *uses = gz_arena_new(m->arena, uint32_t, m->o.header->count);

    m->room = m->begin.len + m->src.len + 256;
    for (size_t i = 0; i < m->steps; i++) {
        const struct gz_map_step *s = &m->step[i];

        m->room += s->prefix.len + MEMO_OUT + 64;
        for (size_t k = 0; k < s->cols; k++) {
            m->room += s->from ? s->from->with.len : 0;
            uses[s->col[k]]++;
        }
    }
    for (size_t i = 0; i < m->exts; i++) {
        m->room += m->ext[i].prefix.len + 64;
        uses[m->ext[i].col]++;
    }
    for (size_t c = 0; c < m->o.header->count; c++)
        m->uses = uses[c] > m->uses ? uses[c] : m->uses;
}

// Where a table has columns of people, or is Chinese, or had a number of somebody in its
// first rows, one may turn up in a column that is not for them.
static bool
names_people(const struct gz_mapping *m)
{
    for (size_t c = 0; c < m->o.header->count; c++) {
        struct gz_str name = m->o.header->column[c].fold;

        if (m->role[c] == GZ_COLUMN_CONTACT || m->contacts[c] > 0 ||
            (name.len && (name.ptr[0] & 0x80)))
            return true;
    }
    return false;
}

enum gz_err_kind
gz_mapping_settle(struct gz_mapping *m, struct gz_err *err)
{
    const struct gz_header *h = m->o.header;

    m->copy = m->o.privacy < GZ_PRIVACY_TEXT;
    m->guard = m->o.privacy == GZ_PRIVACY_CONTACT && names_people(m);
    for (size_t i = 0; i < m->steps; i++)
        if (m->step[i].op == OP_TIME && settle_date(m, &m->step[i], err))
            return err->kind;
    if (!m->o.layout->records)
        m->check = gz_mapcheck_new(m, key_prefix(m, GZ_STR("district"), ",", ":\""));
    m->ext = gz_arena_new(m->arena, struct gz_map_ext, h->count);
    for (size_t c = 0; c < h->count; c++) {
        if (m->role[c] != GZ_COLUMN_EXT)
            continue;
        if (m->o.privacy != GZ_PRIVACY_NONE && m->contacts[c] * 2 > m->seen[c]) {
            m->role[c] = GZ_COLUMN_CONTACT;
            continue;
        }
        // What an element of an array has from its object stands there already.
        if (!m->o.drop_ext && !gz_str_starts(h->column[c].name, GZ_STR("^.")))
            m->ext[m->exts++] =
                (struct gz_map_ext){ (uint32_t)c,
                                     key_prefix(m, h->column[c].name, ",", ":\""),
                                     key_prefix(m, h->column[c].name, "", ":\"") };
    }
    for (size_t i = 0; i < m->steps; i++) {
        struct gz_map_step *s = &m->step[i];

        s->quick = quick_of(m, s);
        s->ascii = s->op == OP_PLACE || m->o.gb18030;
        if (s->op == OP_ID && s->field->index == 0)
            m->id_step = s;
        s->optional = !s->from || (!s->from->constant.len && !s->from->id_part &&
                                   s->field->index != 0);
    }
    plan_room(m);
    return GZ_OK;
}

void
gz_mapping_mixed(struct gz_mapping *m, const char *encoding)
{
    static const struct gz_str utf8 = { "UTF-8", 5 };

    if (gz_str_eq(gz_str_of(encoding ? encoding : m->mixed), utf8))
        m->o.gb18030 = !encoding;
    m->mixed = encoding;
}

// ---- questions ----

size_t
gz_mapping_columns(const struct gz_mapping *m, struct gz_arena *arena, uint32_t **columns)
{
    size_t header = m->o.header->count, n = 0;
    bool *used = gz_arena_new(arena, bool, header + 1);

    used[0] = true;
    if (m->id_col >= 0)
        used[m->id_col] = true;
    for (size_t i = 0; i < m->steps; i++)
        for (size_t k = 0; k < m->step[i].cols; k++)
            used[m->step[i].col[k]] = true;
    for (size_t i = 0; i < m->exts; i++)
        used[m->ext[i].col] = true;
    *columns = gz_arena_new(arena, uint32_t, header + 1);
    for (uint32_t c = 0; c < header; c++)
        if (used[c])
            (*columns)[n++] = c;
    return n;
}

enum gz_column_role
gz_mapping_role(const struct gz_mapping *m, size_t column)
{
    return (enum gz_column_role)m->role[column];
}

static bool
uses(const struct gz_map_step *s, size_t column)
{
    for (size_t k = 0; k < s->cols; k++)
        if (s->col[k] == (int)column)
            return true;
    return false;
}

struct gz_str
gz_mapping_fields_of(const struct gz_mapping *m, size_t column, struct gz_arena *arena)
{
    struct gz_str all = { NULL, 0 };

    for (size_t i = 0; i < m->steps; i++)
        if (uses(&m->step[i], column))
            all =
                gz_arena_printf(arena, GZ_STR_FMT "%s" GZ_STR_FMT, GZ_STR_ARG(all),
                                all.len ? ", " : "", GZ_STR_ARG(m->step[i].field->name));
    return all;
}

const char *
gz_mapping_date_form(const struct gz_mapping *m, size_t column)
{
    for (size_t i = 0; i < m->steps; i++)
        if (m->step[i].op == OP_TIME && uses(&m->step[i], column))
            return m->step[i].form.name;
    return NULL;
}

size_t
gz_mapping_fields(const struct gz_mapping *m, struct gz_arena *arena,
                  struct gz_str **names)
{
    size_t n = 0;

    *names = gz_arena_new(arena, struct gz_str, m->steps * 2 + 1);
    for (size_t i = 0; i < m->steps; i++) {
        const struct gz_map_step *s = &m->step[i];

        if (!s->cols && !(s->from && (s->from->id_part || s->from->constant.len)))
            continue;
        (*names)[n++] = s->field->name;
        if (s->from && s->from->raw)
            (*names)[n++] = s->from->raw->name;
    }
    return n;
}

bool
gz_mapping_has_key_columns(const struct gz_mapping *m)
{
    return m->by_key;
}
