// SPDX-License-Identifier: MIT
// The steps of a mapping that do more than copy a cell: times, codes, lists, ids.
#include <string.h>

#include "base/hash.h"
#include "base/hedge.h"
#include "base/tr.h"
#include "ingest/mapcheck.h"
#include "ingest/mapput.h"
#include "ingest/mask.h"
#include "ingest/recordmask.h"
#include "record/csvrow.h"
#include "record/cursor.h"
#include "record/writer.h"

void
gz_map_put_escaped(struct gz_buf *b, struct gz_str s)
{
    gz_write_escaped(b, s);
    gz_buf_char(b, '"');
}

void
gz_map_put_masked(struct gz_buf *b, struct gz_str prefix, struct gz_str s,
                  enum gz_privacy level)
{
    struct gz_buf masked = { 0 }, person = { 0 };

    gz_mask_text(s, &masked);
    if (level == GZ_PRIVACY_PUBLIC)
        gz_mask_person(gz_buf_str(&masked), &person);
    gz_map_put_string(b, prefix,
                      gz_buf_str(level == GZ_PRIVACY_PUBLIC ? &person : &masked));
    gz_buf_release(&masked);
    gz_buf_release(&person);
}

void
gz_map_flag(struct gz_mapping *m, const char *code, const char *of)
{
    if (m->dqs < MAX_DQ) {
        m->dq[m->dqs] = code;
        m->dq_of[m->dqs++] = of;
    }
}

// Keep in ext what cannot be the value of its field, and say so.
static void
misfit(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str value,
       const char *code)
{
    gz_map_flag(m, code, s->field->name.ptr);
    if (m->o.privacy != GZ_PRIVACY_NONE && gz_privacy_value(value))
        return; // a shifted cell
    if (m->misfits < MAX_DQ && s->cols) {
        m->misfit_key[m->misfits] = m->o.header->column[s->col[0]].name;
        m->misfit[m->misfits++] = value;
    }
}

static struct gz_str
canonical_path(struct gz_mapping *m, const struct gz_names *seps, struct gz_str v)
{
    struct gz_str sep = { NULL, 0 };
    size_t from = 0;
    char *copy;

    for (size_t i = 0; i < seps->count && !sep.len; i++)
        if (gz_str_find(v, seps->name[i]) != (size_t)-1)
            sep = seps->name[i];
    if (!sep.len)
        return v;
    // Each part can grow by the two bytes of "->" against one of the separator.
    copy = gz_arena_alloc(&m->row, v.len * 2 + 2, 1, 1);
    for (struct gz_cut c = gz_str_cut(v, sep);; c = gz_str_cut(c.tail, sep)) {
        struct gz_str part = gz_str_trim(c.head);

        if (part.len) {
            if (from) {
                memcpy(copy + from, "->", 2);
                from += 2;
            }
            memcpy(copy + from, part.ptr, part.len);
            from += part.len;
        }
        if (!c.found)
            break;
    }
    return (struct gz_str){ copy, from };
}

// A literal that serves as a prefix is padded like the others.
static const char more_item[32] = ",\"";

static void
put_items(struct gz_mapping *m, const struct gz_map_step *s, const struct gz_str *item,
          size_t count, struct gz_buf *out)
{
    for (size_t i = 0; i < count; i++)
        gz_map_put_text(m, out, i ? gz_str_of(more_item) : s->prefix, item[i]);
    if (count)
        gz_buf_char(out, ']');
}

static void
put_list(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_buf *out)
{
    static const struct gz_str usual[] = { { ",", 1 }, { "，", 3 }, { "、", 3 } };
    const struct gz_names *seps = &s->from->split;
    const struct gz_names any = { usual, GZ_COUNT(usual) };
    size_t at = 0, from = 0, count = 0;

    if (m->json && v.ptr[0] == '[') { // an array, checked when it was read
        struct gz_member array = { .raw = v, .type = GZ_VALUE_ARRAY };
        struct gz_str *item = gz_member_list(&array, &m->row, &count);

        put_items(m, s, item, count, out);
        if (count)
            return;
    }
    if (!seps->count)
        seps = &any;
    while (at <= v.len) {
        struct gz_str rest = gz_str_from(v, at), part;
        size_t cut = at == v.len;

        for (size_t i = 0; i < seps->count && !cut; i++)
            if (gz_str_starts(rest, seps->name[i]))
                cut = seps->name[i].len;
        if (!cut) {
            at++;
            continue;
        }
        part = gz_str_trim((struct gz_str){ v.ptr + from, at - from });
        if (part.len) {
            if (count++)
                gz_map_put_text(m, out, gz_str_of(more_item), part);
            else
                gz_map_put_text(m, out, s->prefix, part);
        }
        from = at += cut;
    }
    if (count)
        gz_buf_char(out, ']');
}

// ---- numbers, ids ----

// Step over digits; false when there are none. Eight at a time: coordinates are long.
static bool
digits(struct gz_str s, size_t *i)
{
    const uint64_t high = 0xf0f0f0f0f0f0f0f0u;
    size_t from = *i;
    uint64_t w;

    while (s.len - *i >= 8) {
        memcpy(&w, s.ptr + *i, 8);
        if ((w & high) != 0x3030303030303030u ||
            ((w + 0x0606060606060606u) & high) != 0x3030303030303030u)
            break;
        *i += 8;
    }
    while (*i < s.len && s.ptr[*i] >= '0' && s.ptr[*i] <= '9')
        ++*i;
    return *i > from;
}

static bool
is_json_number(struct gz_str s)
{
    size_t i = s.len && s.ptr[0] == '-', from = i;

    if (!digits(s, &i) || (i - from > 1 && s.ptr[from] == '0'))
        return false;
    if (i < s.len && s.ptr[i] == '.') {
        i++;
        if (!digits(s, &i))
            return false;
    }
    if (i < s.len && (s.ptr[i] | 0x20) == 'e') {
        i++;
        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
            i++;
        if (!digits(s, &i))
            return false;
    }
    return i == s.len;
}

// 1.01E+15, 4.0: an id that went through a spreadsheet.
static bool
is_float_id(struct gz_str s)
{
    size_t i = 0;

    if (s.len > 24 || !memchr(s.ptr, '.', s.len))
        return s.len > 2 && s.len < 12 && is_json_number(s) &&
               (memchr(s.ptr, 'E', s.len) || memchr(s.ptr, 'e', s.len));
    if (!is_json_number(s))
        return false;
    while (s.ptr[i] != '.')
        i++;
    if (memchr(s.ptr, 'E', s.len) || memchr(s.ptr, 'e', s.len))
        return true;
    while (++i < s.len)
        if (s.ptr[i] != '0')
            return false;
    return true;
}

// The hash of all cells stands for an id that is not there.
static void
put_row_id(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_buf all = { 0 };
    char hex[17];

    for (size_t i = 0; i < m->count; i++) {
        gz_buf_add(&all, gz_maprow_cell(m, i));
        gz_buf_char(&all, '\x1f');
    }
    // Empty cells at the end are not told from missing ones.
    while (all.len && all.ptr[all.len - 1] == '\x1f')
        all.len--;
    for (size_t i = 0; i < m->extras; i++) {
        gz_buf_add(&all, m->extra[i].key);
        gz_buf_add(&all, m->extra[i].value);
    }
    gz_hash_hex(gz_hash_fixed(gz_buf_str(&all)), hex);
    gz_buf_release(&all);
    gz_buf_add(out, s->prefix);
    gz_buf_char(out, '~');
    gz_buf_cstr(out, hex);
    gz_buf_lit(out, "\",\"id_src\":\"row\"");
}

static void
put_id(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = gz_maprow_value(m, s);

    if (!v.len && s->field->index == 0) {
        put_row_id(m, s, out);
        return;
    }
    if (!v.len)
        return;
    if (is_float_id(v))
        gz_map_flag(m, "id_float", s->field->index ? s->field->name.ptr : NULL);
    gz_map_put_string(out, s->prefix, v);
}

// ---- times ----

static struct gz_str
id_part(struct gz_mapping *m, const struct gz_map_step *s)
{
    struct gz_str v = m->id_col >= 0 ? gz_maprow_cell(m, (size_t)m->id_col)
                                     : (struct gz_str){ NULL, 0 };

    for (size_t part = 1; v.len; part++) {
        struct gz_cut c = gz_str_cut(v, s->from->id_split);

        if (part == s->from->id_part)
            return c.head;
        v = c.tail;
    }
    return v;
}

void
gz_map_add_zone(const struct gz_mapping *m, char *iso, size_t *n)
{
    struct gz_str zone = m->o.layout->zone;

    if (!zone.len || *n < 16 || *n + 6 > GZ_DATEFMT_OUT || iso[*n - 1] == 'Z' ||
        memchr(iso + 16, '+', *n - 16) || memchr(iso + 16, '-', *n - 16))
        return;
    memcpy(iso + *n, zone.ptr, 6);
    *n += 6;
}

// A value is quoted only if it looks like a date: in a row with shifted cells a name or
// a number of a person may stand here, and rejects go into the stream.
static void
bad_date(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_err *err)
{
    struct gz_str name = gz_str_first(m->o.header->column[s->col[0]].name, 60);
    bool quote =
        v.len <= 32 && v.ptr[0] >= '0' && v.ptr[0] <= '9' && !gz_privacy_value(v);

    if (quote)
        gz_err_set(
            err, GZ_ERR_DATA,
            N_("'" GZ_STR_FMT "' in column '" GZ_STR_FMT "' is no date of the form %s"),
            GZ_STR_ARG(v), GZ_STR_ARG(name), s->form.name);
    else
        gz_err_set(err, GZ_ERR_DATA,
                   N_("column '" GZ_STR_FMT "' has no date of the form %s"),
                   GZ_STR_ARG(name), s->form.name);
    gz_err_code(err, "date");
}

static enum gz_err_kind
put_time(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
         struct gz_err *err)
{
    struct gz_str v = gz_maprow_value(m, s);
    char iso[GZ_DATEFMT_OUT];
    size_t n;
    bool from_id = false;

    if (!v.len && s->from && s->from->id_part) {
        v = id_part(m, s);
        n = v.len ? gz_datefmt_iso(&s->id_form, v, iso) : 0;
        if (!n)
            return GZ_OK; // an id of another shape holds no date
        from_id = true;
    } else {
        if (!v.len)
            return GZ_OK;
        n = gz_datefmt_iso(&s->form, v, iso);
        if (!n && s->from && s->from->lenient) {
            misfit(m, s, v, "date");
            return GZ_OK;
        }
        if (!n) {
            bad_date(m, s, v, err);
            err->column = (uint64_t)s->col[0] + 1; // the row's place is set by the caller
            return err->kind;
        }
    }
    gz_map_add_zone(m, iso, &n);
    if (s->watch)
        gz_mapcheck_time(m, s, iso, n);
    gz_buf_add(out, s->prefix);
    memcpy(gz_buf_need(out, n + 1), iso, n);
    out->len += n;
    gz_buf_char(out, '"');
    if (from_id && gz_str_is(s->field->name, "received_at"))
        gz_buf_lit(out, ",\"received_src\":\"id\"");
    return GZ_OK;
}

// ---- coded values ----

static const struct gz_str *
look_up(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v)
{
    struct gz_str fold = gz_fold_name(v, &m->row);

    for (size_t i = 0; i < s->from->maps; i++)
        if (gz_str_eq(s->from->map[i].from, fold))
            return &s->from->map[i].to;
    return NULL;
}

static bool
find_map(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_str *to)
{
    struct gz_map_memo *memo;
    const struct gz_str *found;

    if (v.len > MEMO_TEXT) {
        found = look_up(m, s, v);
        *to = found ? *found : v;
        return found;
    }
    memo = gz_map_memo_of(s, v);
    if (memo->len != v.len + 1 || memcmp(memo->text, v.ptr, v.len) != 0) {
        found = look_up(m, s, v);
        memo->len = (uint8_t)(v.len + 1);
        memcpy(memo->text, v.ptr, v.len);
        memo->found = found;
        memo->done = 0;
        memo->to = found ? *found : (struct gz_str){ NULL, 0 };
    }
    *to = memo->found ? memo->to : v;
    return memo->found;
}

static bool
is_listed(const struct gz_field *f, struct gz_str v)
{
    struct gz_cut c = gz_str_cut(f->values, GZ_STR("|"));

    for (;; c = gz_str_cut(c.tail, GZ_STR("|"))) {
        if (gz_str_eq(c.head, v))
            return true;
        if (!c.found)
            return false;
    }
}

// What a value became, when that is all there is to say of it.
static void
remember(struct gz_mapping *m, const struct gz_map_step *s, struct gz_str v,
         struct gz_str done, size_t dqs)
{
    struct gz_map_memo *memo;

    if (v.len > MEMO_TEXT || done.len > MEMO_OUT || m->dqs != dqs)
        return;
    memo = gz_map_memo_of(s, v);
    memcpy(memo->out, done.ptr, done.len);
    memo->done = (uint8_t)done.len;
}

static void
put_map(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    size_t start = out->len, dqs = m->dqs;
    struct gz_str v = gz_maprow_value(m, s), to;
    const struct gz_field *f = s->field;
    bool known;

    if (!v.len && s->from->constant.len)
        v = s->from->constant;
    if (!v.len)
        return;
    known = find_map(m, s, v, &to);
    if (!known && f->type == GZ_FIELD_YN) {
        if (!gz_str_is(v, "yes") && !gz_str_is(v, "no")) {
            misfit(m, s, v, "value");
            return;
        }
    } else if (!known && f->type == GZ_FIELD_ENUM && f->values.len && !is_listed(f, v)) {
        gz_map_flag(m, "value", f->name.ptr);
        if (s->raw_prefix.len && gz_str_is(f->name, "status"))
            to = GZ_STR("other");
    }
    gz_map_put_string(out, s->prefix, to);
    if (s->raw_prefix.len && !gz_str_eq(to, v))
        gz_map_put_string(out, s->raw_prefix, v);
    if (gz_str_is(to, "举报") && gz_str_is(f->name, "kind"))
        m->secret = true;
    else
        remember(m, s, v, (struct gz_str){ out->ptr + start, out->len - start }, dqs);
}

static void
put_secrecy(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = s->cols ? gz_maprow_value(m, s) : (struct gz_str){ NULL, 0 },
                  to = v;

    if (v.len && !find_map(m, s, v, &to) && !gz_str_is(v, "yes") && !gz_str_is(v, "no")) {
        // Whatever it says, it does not say that all may be told.
        misfit(m, s, v, "value");
        to = GZ_STR("yes");
    }
    if (m->secret)
        to = GZ_STR("yes");
    if (to.len)
        gz_map_put_string(out, s->prefix, to);
}

// The field after `f` in the schema when it is its companion: x_op after x.
static bool
is_companion(const struct gz_field *f, const struct gz_field *next, const char *suffix)
{
    return next->name.len == f->name.len + strlen(suffix) &&
           gz_str_starts(next->name, f->name) &&
           gz_str_ends(next->name, gz_str_of(suffix));
}

// "1.6万余" is three fields: 16000, its bound and the words. A bound that has no field
// is no number: it would become exact.
static bool
put_hedged(const struct gz_map_step *s, struct gz_str v, struct gz_buf *out)
{
    const struct gz_field *f = s->field;
    struct gz_hedged h;
    bool has_op = is_companion(f, f + 1, "_op");

    if (!gz_hedge_parse(v, &h) || (*h.op && !has_op))
        return false;
    gz_buf_add(out, s->prefix);
    gz_dec_format(h.n, out);
    if (*h.op)
        gz_write_text(out, f[1].name.ptr, gz_str_of(h.op));
    if (has_op && is_companion(f, f + 2, "_raw"))
        gz_write_text(out, f[2].name.ptr, v);
    return true;
}

static void
put_number(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = gz_maprow_value(m, s);

    if (!v.len)
        return;
    // 1250.5 below 政府投入(万元); what names its scale itself is left alone.
    if (s->scale && gz_str_find(v, GZ_STR("万")) == (size_t)-1 &&
        gz_str_find(v, GZ_STR("亿")) == (size_t)-1)
        v = gz_arena_printf(&m->row, GZ_STR_FMT "%s", GZ_STR_ARG(v), s->scale);
    if (!is_json_number(v) && put_hedged(s, v, out))
        return;
    // Eleven digits may be the telephone of a row with shifted cells.
    if (!is_json_number(v) || (v.len == 11 && v.ptr[0] == '1' && gz_privacy_value(v) &&
                               m->o.privacy != GZ_PRIVACY_NONE)) {
        misfit(m, s, v, "number");
        return;
    }
    gz_buf_add(out, s->prefix);
    gz_buf_add(out, v);
}

static void
put_reporter(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    char key[GZ_REPORTER_KEY];

    for (size_t i = 0; i < s->cols; i++)
        if (gz_reporter_key(m->o.reporter, gz_maprow_cell(m, (size_t)s->col[i]), key)) {
            gz_map_put_string(out, s->prefix, gz_str_of(key));
            return;
        }
}

static void
put_plain(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out)
{
    struct gz_str v = gz_maprow_value(m, s);

    if (!v.len && s->from)
        v = s->from->constant;
    if (!v.len)
        return;
    if (s->op == OP_LIST) {
        put_list(m, s, v, out);
        return;
    }
    if (s->from->path.count)
        v = canonical_path(m, &s->from->path, v);
    gz_map_put_text(m, out, s->prefix, v);
}

static enum gz_err_kind
put_record_cell(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
                struct gz_err *err)
{
    struct gz_str v = gz_maprow_cell(m, (size_t)s->col[0]);

    if (!v.len)
        return GZ_OK;
    if (s->field->type == GZ_FIELD_TEXT && m->o.privacy >= GZ_PRIVACY_TEXT) {
        gz_map_put_text(m, out, s->prefix, v);
        return GZ_OK;
    }
    if (gz_str_is(s->field->name, "ext") && m->o.privacy != GZ_PRIVACY_NONE) {
        size_t from = out->len;

        if (gz_csvrow_to_json(s->field, v, &m->row, out, err) == GZ_OK) {
            out->len = from; // it is an object: now as privacy allows
            gz_recordmask_ext(v, m->o.privacy, &m->row, out);
            return GZ_OK;
        }
        err->column = (uint64_t)s->col[0] + 1;
        return err->kind;
    }
    gz_buf_char(out, ',');
    if (gz_csvrow_to_json(s->field, v, &m->row, out, err)) {
        err->column = (uint64_t)s->col[0] + 1;
        return err->kind;
    }
    return GZ_OK;
}

enum gz_err_kind
gz_map_run_step(struct gz_mapping *m, const struct gz_map_step *s, struct gz_buf *out,
                struct gz_err *err)
{
    switch (s->op) {
    case OP_TEXT:
    case OP_LIST:
        put_plain(m, s, out);
        break;
    case OP_ID:
        put_id(m, s, out);
        break;
    case OP_TIME:
        return put_time(m, s, out, err);
    case OP_MAP:
        put_map(m, s, out);
        break;
    case OP_NUM:
        put_number(m, s, out);
        break;
    case OP_RECORD_CELL:
        return put_record_cell(m, s, out, err);
    case OP_SECRECY:
        put_secrecy(m, s, out);
        break;
    case OP_REPORTER:
        put_reporter(m, s, out);
        break;
    case OP_PLACE:
        gz_mapcheck_place(m, s, out);
        break;
    case OP_DAMAGE:
        gz_mapcheck_damage(m, s, out);
        break;
    case OP_REPAIRED:
        gz_mapcheck_repaired(m, s, out);
        break;
    }
    return GZ_OK;
}
