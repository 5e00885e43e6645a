// SPDX-License-Identifier: MIT
// A layout and a table that strangers wrote. Before a line "---" stands the layout, the
// name of one, or nothing: then the best fit is taken, of every eighth that is built in
// (all of them would take most of the time).
#include "ingest/ingest.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "io/json.h"
#include "record/schema.h"

enum { PARTS = 8 };

static struct gz_arena setup;
static struct gz_schema *schema;
static const char **hidden[PARTS]; // what is not known when the best fit is looked for
static size_t hidden_count[PARTS];

static void
begin(void)
{
    struct gz_str *name;
    size_t count = gz_layout_list(&setup, &name);

    schema = gz_schema_load(&setup);
    for (size_t part = 0; part < PARTS; part++) {
        hidden[part] = gz_arena_new(&setup, const char *, count);
        for (size_t i = 0; i < count; i++)
            if (i % PARTS != part)
                hidden[part][hidden_count[part]++] = gz_arena_cstr(&setup, name[i]);
    }
}

static enum gz_err_kind
no_tick(void *ctx, struct gz_err *err)
{
    (void)ctx;
    (void)err;
    return GZ_OK;
}

static void
no_reject(void *ctx, const struct gz_err *err, struct gz_str raw)
{
    size_t *rejects = ctx;

    ++*rejects;
    fuzz_must(err->kind && err->code[0]);
    fuzz_must(gz_utf8_valid(raw));
}

static void
no_note(void *ctx, const char *text)
{
    (void)ctx;
    fuzz_must(text[0]);
}

// Each line is a record by Jansson; returns how many there are.
static uint64_t
check_lines(struct gz_str out)
{
    uint64_t lines = 0;

    fuzz_must(out.len == 0 || out.ptr[out.len - 1] == '\n');
    for (; out.len; lines++) {
        struct gz_cut cut = gz_str_cut(out, GZ_STR("\n"));
        struct gz_err err = { 0 };
        struct gz_json_doc *doc = gz_json_parse(cut.head, "", &err);

        fuzz_must(doc);
        fuzz_must(gz_json_string(gz_json_get(gz_json_root(doc), "rec")).len);
        gz_json_free(doc);
        out = cut.tail;
    }
    return lines;
}

// Every row is used, skipped or rejected, and told so.
static void
check_account(const struct gz_ingest *g, struct gz_str out, size_t told)
{
    uint64_t skipped = 0, coded = 0;

    for (size_t i = 0; i < GZ_SKIP_COUNT; i++)
        skipped += g->skip[i];
    for (size_t i = 0; i < g->codes; i++)
        coded += g->code[i].count;
    fuzz_must(g->rows == g->used + skipped + g->rejected);
    fuzz_must(g->rejected == told);
    fuzz_must(g->codes == GZ_INGEST_CODES || coded == g->rejected);
    // The source, the records and rejects, and its end.
    fuzz_must(check_lines(out) == g->records + g->rejected + 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_cut cut = gz_str_cut(text, GZ_STR("\n---\n"));
    struct gz_str layout = cut.found ? cut.head : (struct gz_str){ NULL, 0 };
    struct gz_str table = cut.found ? cut.tail : text;
    struct gz_ingest_options o = { .tool = "fuzz",
                                   .max_record = 4096,
                                   .privacy = (enum gz_privacy)(size % 4) };
    size_t told = 0;
    struct gz_ingest_hooks hooks = { &told, no_tick, no_reject, no_note, NULL };
    char layout_path[64], table_path[64], name[64];
    int layout_fd = fuzz_file(layout, layout_path);
    int table_fd = fuzz_file(table, table_path);
    struct gz_buf out = { 0 };
    struct gz_err err = { 0 };
    struct gz_ingest g;

    if (!schema)
        begin();
    o.schema = schema;
    if (layout.len && layout.ptr[0] == '{') {
        o.layout = layout_path;
    } else if (layout.len) {
        snprintf(name, sizeof(name), GZ_STR_FMT, GZ_STR_ARG(layout));
        // A name, not a path: other files are no business of this test.
        o.layout = strpbrk(name, "/.") ? NULL : name;
    }
    if (!layout.len) {
        o.hidden = hidden[size % PARTS];
        o.hidden_count = hidden_count[size % PARTS];
    }
    if (!gz_ingest_open(&g, table_path, &o, &hooks, &out, &err) &&
        !gz_ingest_run(&g, &err))
        check_account(&g, gz_buf_str(&out), told);
    else
        fuzz_must(err.kind != GZ_ERR_DATA && err.text[0]);
    gz_ingest_close(&g);
    gz_buf_release(&out);
    close(layout_fd);
    close(table_fd);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
