// SPDX-License-Identifier: MIT
#include "ingest/ingest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/jsonrow.h"
#include "io/gb18030.h"
#include "record/writer.h"

static const char *const skip_codes[GZ_SKIP_COUNT] = { "title", "header", "blank",
                                                       "total", "other",  "section" };

void
gz_ingest_note(struct gz_ingest *g, const char *fmt, ...)
{
    char text[800];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (g->hooks->note)
        g->hooks->note(g->hooks->ctx, text);
}

// ---- opening ----

static bool
looks_like_json(struct gz_str sample)
{
    size_t i = 0;

    while (i < sample.len && (unsigned char)sample.ptr[i] <= ' ')
        i++;
    if (i == sample.len || (sample.ptr[i] != '{' && sample.ptr[i] != '['))
        return false;
    for (i++; i < sample.len && (unsigned char)sample.ptr[i] <= ' ';)
        i++;
    // Of an object or array nothing else can come next.
    return i == sample.len || strchr("\"{}[]-0123456789tfn", sample.ptr[i]) != NULL;
}

static const char *
line_ends(struct gz_str sample)
{
    const char *nl = sample.len ? memchr(sample.ptr, '\n', sample.len) : NULL;

    if (!nl)
        return sample.len && memchr(sample.ptr, '\r', sample.len) ? "CR" : "LF";
    return nl > sample.ptr && nl[-1] == '\r' ? "CRLF" : "LF";
}

static enum gz_err_kind
choose_format(struct gz_ingest *g, struct gz_err *err)
{
    const char *from = g->o->from;
    struct gz_str sample = gz_input_sample(g->in);

    if (from && strcmp(from, "csv") && strcmp(from, "tsv") && strcmp(from, "json") &&
        strcmp(from, "jsonl"))
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("unknown format '%s': csv, tsv, json or jsonl"), from);
    if (!from && gz_str_starts(sample, GZ_STR("__label__"))) {
        g->format = "fasttext";
        g->delimiter = '\x1e'; // the whole line is one cell
        return GZ_OK;
    }
    if (from ? from[0] == 'j' : looks_like_json(sample)) {
        g->format = "json";
        return GZ_OK;
    }
    g->format = "csv";
    g->delimiter = g->o->delimiter;
    if (!g->delimiter && from && strcmp(from, "tsv") == 0)
        g->delimiter = '\t';
    if (!g->delimiter)
        g->delimiter = gz_csv_sniff_delimiter(sample);
    if (!g->delimiter)
        g->delimiter = ',';
    return GZ_OK;
}

static void
note_input(struct gz_ingest *g)
{
    const char *name = gz_input_name(g->in);

    gz_ingest_note(g, _("%s: read as %s%s, %s%s%s"), name, gz_input_encoding(g->in),
                   gz_input_had_bom(g->in) ? _(" with a byte order mark") : "", g->format,
                   g->delimiter >= ' ' || g->delimiter == '\t' ? _(" apart by ") : "",
                   g->delimiter == '\t'  ? "TAB"
                   : g->delimiter == ',' ? "','"
                   : g->delimiter == ';' ? "';'"
                   : g->delimiter == '|' ? "'|'"
                                         : "");
}

enum gz_err_kind
gz_ingest_open(struct gz_ingest *g, const char *path,
               const struct gz_ingest_options *options,
               const struct gz_ingest_hooks *hooks, struct gz_buf *out,
               struct gz_err *err)
{
    bool json;

    memset(g, 0, sizeof(*g));
    g->o = options;
    g->hooks = hooks;
    g->out = out;
    g->path = path;
    g->in = gz_input_open(path, GZ_INPUT_DETECT, options->encoding, err);
    if (!g->in || choose_format(g, err))
        return err->kind;
    json = strcmp(g->format, "json") == 0;
    // '|', '\' and '{' can be second bytes of a character.
    if ((json || g->delimiter == '|') && gz_input_decode(g->in, err))
        return err->kind;
    g->own_encoding = !gz_input_is_gb18030(g->in);
    g->line_ends = line_ends(gz_input_sample(g->in));
    note_input(g);
    if (json ? gz_ingest_json_open(g, err) : gz_ingest_csv_open(g, err)) {
        gz_err_at(err, gz_input_name(g->in), 0, 0);
        return err->kind;
    }
    return GZ_OK;
}

void
gz_ingest_close(struct gz_ingest *g)
{
    gz_ingest_csv_close(g);
    gz_ingest_json_close(g);
    gz_ingest_shape_free(g);
    gz_map_release(&g->names);
    gz_mapping_free(g->mapping);
    gz_input_close(g->in);
    gz_arena_free(&g->mixed);
    gz_arena_free(&g->arena);
}

// ---- the layout ----

static bool
is_hidden(const struct gz_ingest *g, struct gz_str name)
{
    for (size_t i = 0; i < g->o->hidden_count; i++)
        if (gz_str_is(name, g->o->hidden[i]))
            return true;
    return false;
}

// One's own, which win a tie, and those built in; one of the same name takes the place
// of a built-in layout.
static size_t
all_layouts(struct gz_ingest *g, const struct gz_layout ***list, struct gz_err *err)
{
    struct gz_str *own, *names;
    size_t owns = gz_layout_own(g->o->layout_dir, &g->arena, &own, err);
    size_t count = gz_layout_list(&g->arena, &names), kept = 0;
    struct gz_arena scratch = { 0 };

    *list = gz_arena_new(&g->arena, const struct gz_layout *, owns + count);
    for (size_t i = 0; i < owns + count && !err->kind; i++) {
        struct gz_str spec = i < owns ? own[i] : names[i - owns];
        const struct gz_layout *l;
        bool again = i >= owns && is_hidden(g, spec);

        for (size_t k = 0; k < kept && !again; k++)
            again = i >= owns && gz_str_eq((*list)[k]->name, spec);
        if (again || (i >= owns && g->names.count &&
                      !gz_layout_may_know(spec, &g->names, &scratch)))
            continue;
        l = i < owns ? gz_layout_load(spec, g->o->schema, &g->arena, err)
                     : gz_layout_parse(gz_layout_builtin(spec, &g->arena),
                                       gz_arena_cstr(&g->arena, spec), g->o->schema,
                                       &g->arena, err);
        // One for files without a header has to be asked for.
        if (l && !l->columns.count)
            (*list)[kept++] = l;
    }
    gz_arena_free(&scratch);
    return err->kind ? 0 : kept;
}

size_t
gz_ingest_layouts(struct gz_ingest *g, const struct gz_layout *const **layouts,
                  struct gz_err *err)
{
    const struct gz_layout **list;
    size_t count = 1;

    if (g->o->layout) {
        list = gz_arena_new(&g->arena, const struct gz_layout *, 1);
        list[0] = gz_layout_load(gz_str_of(g->o->layout), g->o->schema, &g->arena, err);
        count = list[0] != NULL;
    } else {
        count = all_layouts(g, &list, err);
    }
    *layouts = list;
    return count;
}

bool
gz_ingest_consider(struct gz_ingest *g, const struct gz_layout *const *layouts,
                   size_t count, const struct gz_str *cells, size_t cell_count)
{
    struct gz_header h;
    struct gz_arena scratch = { 0 };
    bool better = false;

    gz_header_make(&h, cells, cell_count, &g->arena);
    for (size_t i = 0; i < count; i++) {
        bool eligible;
        int64_t score = gz_header_score(&h, layouts[i], &eligible, &scratch);

        // A layout that was asked for has to know only something.
        if (g->o->layout)
            eligible = score - layouts[i]->rank > 0;
        if (!eligible || (g->layout && score <= g->score))
            continue;
        g->layout = layouts[i];
        g->score = score;
        better = true;
    }
    if (better)
        g->header = h;
    gz_arena_free(&scratch);
    return better;
}

enum gz_err_kind
gz_ingest_unknown(struct gz_ingest *g, struct gz_err *err)
{
    g->layout = gz_layout_parse(
        GZ_STR("{\"layout\":\"unknown\",\"rec\":\"petition\",\"fields\":{}}"),
        "(built in) unknown", g->o->schema, &g->arena, err);
    g->proposing = true;
    g->score = 0;
    return g->layout ? GZ_OK : err->kind;
}

static void
note_binding(struct gz_ingest *g)
{
    struct gz_buf dropped = { 0 };

    for (size_t c = 0; c < g->header.count; c++)
        if (gz_mapping_role(g->mapping, c) == GZ_COLUMN_CONTACT) {
            gz_buf_cstr(&dropped, dropped.len ? ", " : "");
            gz_buf_add(&dropped, g->header.column[c].name);
        }
    gz_ingest_note(g, _("%s: layout %.*s, %zu columns, header on line %llu"),
                   gz_input_name(g->in), (int)g->layout->name.len, g->layout->name.ptr,
                   g->header.count, (unsigned long long)g->header_line);
    if (dropped.len)
        gz_ingest_note(g, _("%s: left out as contacts: %.*s"), gz_input_name(g->in),
                       (int)dropped.len, dropped.ptr);
    if (gz_mapping_has_key_columns(g->mapping) &&
        !(g->o->reporter && g->o->reporter->set))
        gz_ingest_note(g, _("%s: no reporter_key, as there is no --key"),
                       gz_input_name(g->in));
    for (size_t c = 0; c < g->header.count; c++)
        if (g->header.column[c].occurrence > 1)
            gz_ingest_note(g, _("%s: a second column of the same name is kept as '%.*s'"),
                           gz_input_name(g->in), (int)g->header.column[c].name.len,
                           g->header.column[c].name.ptr);
    gz_buf_release(&dropped);
}

struct gz_mapping *
gz_ingest_bind(struct gz_ingest *g, const struct gz_layout *l, const struct gz_header *h,
               struct gz_err *err)
{
    struct gz_mapping_options o = {
        .layout = l,
        .header = h,
        .privacy = g->o->privacy,
        .reporter = g->o->reporter,
        .drop_ext = g->o->drop_ext || l->no_ext,
        .gb18030 = gz_input_is_gb18030(g->in),
        .source = gz_input_name(g->in),
        .as_of = g->o->as_of,
        .repair_pinyin = g->o->repair_pinyin,
        .dates = h == &g->header ? g->o->dates : NULL,
        .date_count = h == &g->header ? g->o->date_count : 0,
    };

    return gz_mapping_new(&o, &g->arena, err);
}

enum gz_err_kind
gz_ingest_bind_columns(struct gz_ingest *g, struct gz_err *err)
{
    const struct gz_layout *l = g->layout;
    bool repeated = false;

    g->only = gz_arena_new(&g->arena, int, l->onlys);
    for (size_t i = 0; i < l->onlys; i++)
        g->only[i] = gz_header_any(&g->header, &l->only[i].column, &repeated, &g->arena);
    g->mapping = gz_ingest_bind(g, l, &g->header, err);
    return err->kind;
}

bool
gz_ingest_passes(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count)
{
    const struct gz_layout *l = g->layout;

    for (size_t i = 0; i < l->onlys; i++) {
        const struct gz_names *values = &l->only[i].values;
        bool found = false;

        if (g->only[i] < 0)
            continue;
        for (size_t k = 0; k < values->count && !found; k++)
            found =
                gz_str_eq(gz_mapping_cell(g->mapping, cell, count, (size_t)g->only[i]),
                          values->name[k]);
        if (!found)
            return false;
    }
    return true;
}

enum gz_err_kind
gz_ingest_skip(struct gz_ingest *g, enum gz_ingest_skip why)
{
    g->rows++;
    g->skip[why]++;
    return GZ_OK;
}

enum gz_err_kind
gz_ingest_settle(struct gz_ingest *g, struct gz_err *err)
{
    if (gz_mapping_settle(g->mapping, err))
        return err->kind;
    note_binding(g);
    return GZ_OK;
}

// ---- rows ----

static struct gz_str
printable_raw(struct gz_ingest *g, struct gz_str raw, struct gz_buf *to)
{
    if (gz_input_is_gb18030(g->in)) {
        for (size_t used; raw.len; raw = gz_str_from(raw, used)) {
            used = gz_gb18030_decode(raw, to);
            if (used < raw.len) {
                gz_utf8_put(to, 0xFFFD);
                used++;
            }
        }
        return gz_buf_str(to);
    }
    while (raw.len) {
        size_t good = gz_utf8_valid_prefix(raw);

        gz_buf_add(to, gz_str_first(raw, good));
        if (good < raw.len) {
            gz_utf8_put(to, 0xFFFD);
            good++;
        }
        raw = gz_str_from(raw, good);
    }
    return gz_buf_str(to);
}

void
gz_ingest_count(struct gz_ingest *g, const char *code, uint64_t count)
{
    size_t i = 0;

    while (i < g->codes && strcmp(g->code[i].code, code))
        i++;
    if (i == g->codes && g->codes < GZ_INGEST_CODES)
        snprintf(g->code[g->codes++].code, sizeof(g->code[0].code), "%s", code);
    if (i < GZ_INGEST_CODES)
        g->code[i].count += count;
}

enum gz_err_kind
gz_ingest_reject(struct gz_ingest *g, struct gz_err *why, const struct gz_csv_row *row,
                 struct gz_err *err)
{
    struct gz_buf raw = { 0 };

    gz_err_at(why, gz_input_name(g->in), row->line, 0);
    g->rows++;
    g->rejected++;
    gz_ingest_count(g, why->code, 1);
    gz_write_reject(g->out, why, "gz-ingest");
    g->hooks->reject(g->hooks->ctx, why, printable_raw(g, row->raw, &raw));
    gz_buf_release(&raw);
    return g->hooks->tick(g->hooks->ctx, err);
}

// Put the place of the byte `at` of the row into *why.
static void
place_in_row(struct gz_ingest *g, const struct gz_csv_row *row, size_t at,
             struct gz_err *why)
{
    struct gz_str s = gz_str_first(row->raw, at);
    struct gz_buf text = { 0 };
    uint64_t line = row->line;
    const char *nl;

    while (s.len && (nl = memchr(s.ptr, '\n', s.len))) {
        s = gz_str_from(s, (size_t)(nl - s.ptr) + 1);
        line++;
    }
    s = printable_raw(g, s, &text);
    why->line = line;
    why->column = gz_utf8_count(s) + 1;
    gz_buf_release(&text);
}

// Most rows are ASCII, which is quickly seen.
static bool
is_ascii(struct gz_str s)
{
    uint64_t any = 0, w;
    size_t i = 0;

    for (; s.len - i >= 32; i += 32) {
        uint64_t four[4];

        memcpy(four, s.ptr + i, 32);
        any |= four[0] | four[1] | four[2] | four[3];
    }
    for (; s.len - i >= 8; i += 8) {
        memcpy(&w, s.ptr + i, 8);
        any |= w;
    }
    for (; i < s.len; i++)
        any |= (uint64_t)(unsigned char)s.ptr[i];
    return !(any & 0x8080808080808080u);
}

// Where the cell or the byte at fault stands.
static void
place_fault(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_err *why)
{
    size_t col = why->column, good;

    why->column = 0;
    if (!row->raw.len)
        return;
    if (strcmp(why->code, "encoding") == 0) {
        good = gz_input_is_gb18030(g->in) ? gz_gb18030_valid_prefix(row->raw)
                                          : gz_utf8_valid_prefix(row->raw);
        place_in_row(g, row, good, why);
    } else if (col && col <= row->count) {
        const char *p = row->field[col - 1].text.ptr;

        if (p >= row->raw.ptr && p <= row->raw.ptr + row->raw.len)
            place_in_row(g, row, (size_t)(p - row->raw.ptr) - row->field[col - 1].quoted,
                         why);
    }
}

static enum gz_err_kind
bad_text(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_err *err)
{
    size_t good = gz_utf8_valid_prefix(row->raw);
    struct gz_err why = { 0 };

    // What decoding could not read stands as a byte that no text has.
    if (gz_input_is_decoded(g->in))
        gz_err_set(&why, GZ_ERR_DATA, N_("bytes that are no %s"),
                   gz_input_encoding(g->in));
    else
        gz_err_set(&why, GZ_ERR_DATA, N_("byte 0x%02x is no UTF-8"),
                   (unsigned)(unsigned char)row->raw.ptr[good]);
    gz_err_code(&why, "encoding");
    place_fault(g, row, &why);
    return gz_ingest_reject(g, &why, row, err);
}

static enum gz_err_kind
map_row(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_err *err)
{
    struct gz_err *why = &g->why;

    gz_err_clear(why);
    if (gz_mapping_row(g->mapping, row, g->out, why)) {
        place_fault(g, row, why);
        return gz_ingest_reject(g, why, row, err);
    }
    g->rows++;
    g->used++;
    g->records++;
    return g->hooks->tick(g->hooks->ctx, err);
}

// A row that is not all ASCII may be in another encoding than its file.
static enum gz_err_kind
map_mixed_row(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_err *err)
{
    struct gz_csv_row readable;
    const char *encoding = gz_ingest_mixed(g, row, &readable);

    if (!encoding)
        return g->own_encoding ? bad_text(g, row, err) : map_row(g, row, err);
    gz_mapping_mixed(g->mapping, encoding);
    map_row(g, &readable, err);
    gz_mapping_mixed(g->mapping, NULL);
    return err->kind;
}

enum gz_err_kind
gz_ingest_row(struct gz_ingest *g, const struct gz_csv_row *row, struct gz_err *err)
{
    bool strange = !row->ascii && row->raw.ptr && !is_ascii(row->raw) &&
                   (!g->own_encoding || gz_utf8_valid_prefix(row->raw) < row->raw.len);

    return strange ? map_mixed_row(g, row, err) : map_row(g, row, err);
}

// ---- the account ----

static size_t
add_name(struct gz_ingest *g, struct gz_str **list, size_t count, struct gz_str name)
{
    size_t cap = count;

    for (size_t i = 0; i < count; i++)
        if (gz_str_eq((*list)[i], name))
            return count;
    *list = gz_arena_grow(&g->arena, *list, &cap, count + 1, sizeof(**list));
    (*list)[count] = name;
    return count + 1;
}

static void
write_kinds(struct gz_ingest *g)
{
    const struct gz_json_table *part;
    size_t parts = gz_ingest_json_parts(g, &part), n;
    struct gz_str *kind = NULL;

    n = add_name(g, &kind, 0, g->layout->kind->name);
    for (size_t i = 0; i < parts; i++)
        n = add_name(g, &kind, n, part[i].part->kind->name);
    gz_write_list(g->out, "kinds", kind, n);
}

// The fields of all kinds stand in one list, each once.
static size_t
add_part_fields(struct gz_ingest *g, struct gz_str **list, size_t count)
{
    const struct gz_json_table *part;
    size_t parts = gz_ingest_json_parts(g, &part);

    for (size_t i = 0; i < parts; i++) {
        struct gz_str *fields;
        size_t n = gz_mapping_fields(part[i].mapping, &g->arena, &fields);

        for (size_t k = 0; k < n; k++)
            count = add_name(g, list, count, fields[k]);
    }
    return count;
}

static void
write_source(struct gz_ingest *g)
{
    struct gz_buf *b = g->out;
    struct gz_str *fields;
    size_t count = gz_mapping_fields(g->mapping, &g->arena, &fields);
    char hex[17];

    gz_write_begin(b, "source");
    gz_write_u64(b, "v", 1);
    gz_write_text(b, "src", gz_str_of(gz_input_name(g->in)));
    gz_write_text(b, "layout", g->layout->name);
    gz_write_text(b, "layout_hash", gz_str_of(gz_hash_hex(g->layout->hash, hex)));
    gz_write_text(b, "format", gz_str_of(g->format));
    gz_write_text(b, "encoding", gz_str_of(gz_input_encoding(g->in)));
    if (g->delimiter >= ' ' || g->delimiter == '\t')
        gz_write_text(b, "delimiter", (struct gz_str){ &g->delimiter, 1 });
    if (g->header_line)
        gz_write_u64(b, "header_line", g->header_line);
    write_kinds(g);
    count = add_part_fields(g, &fields, count);
    gz_write_list(b, "fields", fields, count);
    gz_write_text(b, "privacy", gz_str_of(gz_privacy_name(g->o->privacy)));
    if (g->o->reporter && g->o->reporter->set)
        gz_write_text(b, "key_id", gz_str_of(g->o->reporter->key_id));
    gz_write_text(b, "tool", gz_str_of(g->o->tool));
    gz_write_end(b);
}

static void
write_counts(struct gz_buf *b, const char *key, const struct gz_ingest_code *code,
             size_t count)
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        if (!code[i].count)
            continue;
        if (!any)
            gz_buf_printf(b, ",\"%s\":[\"", key);
        else
            gz_buf_lit(b, ",\"");
        any = true;
        gz_buf_printf(b, "%s:%llu\"", code[i].code, (unsigned long long)code[i].count);
    }
    if (any)
        gz_buf_char(b, ']');
}

static void
write_source_end(struct gz_ingest *g)
{
    struct gz_ingest_code skips[GZ_SKIP_COUNT];
    struct gz_buf *b = g->out;
    uint64_t skipped = 0;

    memset(skips, 0, sizeof(skips));
    for (size_t i = 0; i < GZ_SKIP_COUNT; i++) {
        snprintf(skips[i].code, sizeof(skips[i].code), "%s", skip_codes[i]);
        skips[i].count = g->skip[i];
        skipped += g->skip[i];
    }
    gz_write_begin(b, "source_end");
    gz_write_text(b, "src", gz_str_of(gz_input_name(g->in)));
    gz_write_u64(b, "rows", g->rows);
    gz_write_u64(b, "used", g->used);
    gz_write_u64(b, "skipped", skipped);
    gz_write_u64(b, "rejected", g->rejected);
    gz_write_u64(b, "superseded", 0);
    gz_write_u64(b, "records", g->records);
    write_counts(b, "rejects", g->code, g->codes);
    write_counts(b, "skips", skips, GZ_SKIP_COUNT);
    gz_write_u64(b, "bytes", gz_input_done(g->in));
    gz_write_end(b);
}

enum gz_err_kind
gz_ingest_run(struct gz_ingest *g, struct gz_err *err)
{
    write_source(g);
    if (g->hooks->tick(g->hooks->ctx, err))
        return err->kind;
    if (g->delimiter ? gz_ingest_csv_run(g, err) : gz_ingest_json_run(g, err)) {
        gz_err_at(err, gz_input_name(g->in), 0, 0);
        return err->kind;
    }
    write_source_end(g);
    gz_ingest_note(g, _("%s: %llu rows, %llu used, %llu rejected"), gz_input_name(g->in),
                   (unsigned long long)g->rows, (unsigned long long)g->used,
                   (unsigned long long)g->rejected);
    return g->hooks->tick(g->hooks->ctx, err);
}
