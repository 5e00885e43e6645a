// SPDX-License-Identifier: MIT
// A layout and a table that strangers wrote. Before a line "---" stands the layout, the
// name of one, or nothing: then the best fit is taken.
#include "record/ingest.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "io/json.h"
#include "record/schema.h"

static struct gz_arena setup;
static struct gz_schema *schema;

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

// Each line is a record by Jansson. Returns how many of them are rejects.
static size_t
check_lines(struct gz_str out, uint64_t *records)
{
    size_t rejects = 0;

    fuzz_must(out.len == 0 || out.ptr[out.len - 1] == '\n');
    for (*records = 0; out.len;) {
        struct gz_cut cut = gz_str_cut(out, GZ_STR("\n"));
        struct gz_err err = { 0 };
        struct gz_json_doc *doc = gz_json_parse(cut.head, "", &err);
        struct gz_str rec;

        fuzz_must(doc);
        rec = gz_json_string(gz_json_get(gz_json_root(doc), "rec"));
        fuzz_must(rec.len);
        if (gz_str_is(rec, "reject"))
            rejects++;
        else if (!gz_str_is(rec, "source") && !gz_str_is(rec, "source_end"))
            ++*records;
        gz_json_free(doc);
        out = cut.tail;
    }
    return rejects;
}

// Every row is used, skipped or rejected, and told so.
static void
check_account(const struct gz_ingest *g, struct gz_str out, size_t told)
{
    uint64_t records, skipped = 0, coded = 0;
    size_t rejects = check_lines(out, &records);

    for (size_t i = 0; i < GZ_SKIP_COUNT; i++)
        skipped += g->skip[i];
    for (size_t i = 0; i < g->codes; i++)
        coded += g->code[i].count;
    fuzz_must(g->rows == g->used + skipped + g->rejected);
    fuzz_must(g->rejected == rejects && rejects == told);
    fuzz_must(g->codes == GZ_INGEST_CODES || coded == g->rejected);
    fuzz_must(g->records == records);
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
    struct gz_ingest_hooks hooks = { &told, no_tick, no_reject, no_note };
    char layout_path[64], table_path[64], name[64];
    int layout_fd = fuzz_file(layout, layout_path);
    int table_fd = fuzz_file(table, table_path);
    struct gz_buf out = { 0 };
    struct gz_err err = { 0 };
    struct gz_ingest g;

    if (!schema)
        schema = gz_schema_load(&setup);
    o.schema = schema;
    if (layout.len && layout.ptr[0] == '{') {
        o.layout = layout_path;
    } else if (layout.len) {
        snprintf(name, sizeof(name), GZ_STR_FMT, GZ_STR_ARG(layout));
        // A name, not a path: other files are no business of this test.
        o.layout = strpbrk(name, "/.") ? NULL : name;
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
