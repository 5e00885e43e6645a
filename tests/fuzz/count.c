// SPDX-License-Identifier: MIT
// Counting against a naive count: petitions by their kind, read by Jansson and kept in a
// plain list. The same when the lines are counted in two halves and merged.
#include "tally/count.h"
#include "base/utf8.h"
#include "civic/scheme.h"
#include "fuzz.h"
#include "io/json.h"
#include "tally/plan.h"
#include "tally/store.h"

enum { KINDS = 64 };

static const char plan_text[] =
    "{\"name\":\"f\",\"tables\":[{\"name\":\"t\",\"rec\":\"petition\",\"by\":[\"kind\"],"
    "\"measures\":[{\"name\":\"n\"}]}]}";

static struct gz_arena setup;
static struct gz_schema *schema;
static struct gz_scheme *scheme;
static struct gz_plan *plan;

static enum gz_err_kind
no_flush(void *ctx, struct gz_err *err)
{
    (void)ctx;
    (void)err;
    return GZ_OK;
}

static void
begin(void)
{
    struct gz_err err = { 0 };

    schema = gz_schema_load(&setup);
    scheme = gz_scheme_load(&setup, "calendar", &err);
    fuzz_must(scheme);
    plan = gz_plan_parse(&setup, gz_str_of(plan_text), "f", scheme, schema, &err);
    fuzz_must(plan);
}

// Count the lines and append the tally.
static void
count_lines(struct gz_str text, struct gz_buf *out)
{
    struct gz_count_options o = { .as_of = NULL };
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_store store;
    struct gz_counter *c;

    gz_store_init(&store, 100000, 0);
    c = gz_counter_new(&arena, plan, scheme, schema, &o, &store, &err);
    fuzz_must(c);
    while (text.len) {
        struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));
        struct gz_err why = { 0 };

        if (cut.head.len)
            gz_counter_line(c, cut.head, &why);
        fuzz_must(!why.kind || why.kind == GZ_ERR_DATA);
        text = cut.tail;
    }
    fuzz_must(!gz_counter_finish(c, &err));
    gz_store_sort(&store, &err);
    for (size_t i = 0; i < store.kept; i++)
        gz_tally_write(store.tally[i], out, no_flush, NULL, &err);
    gz_counter_free(c);
    gz_store_release(&store);
    gz_arena_free(&arena);
}

// What the rows say: how many petitions of this kind.
static int64_t
told(struct gz_str tally, struct gz_str kind)
{
    int64_t n = 0;

    while (tally.len) {
        struct gz_cut cut = gz_str_cut(tally, GZ_STR("\n"));
        struct gz_err err = { 0 };
        struct gz_json_doc *doc = gz_json_parse(cut.head, "", &err);
        const gz_json *root;

        fuzz_must(doc);
        root = gz_json_root(doc);
        if (gz_str_is(gz_json_string(gz_json_get(root, "table")), "t")) {
            const gz_json *key = gz_json_at(gz_json_get(root, "key"), 0);
            struct gz_str raw = gz_json_raw(gz_json_get(gz_json_get(root, "m"), "n"));
            int64_t count = 0;

            for (size_t i = 0; i < raw.len; i++)
                count = count * 10 + (raw.ptr[i] - '0');
            if (key && gz_str_eq(gz_json_string(key), kind))
                n += count;
        }
        gz_json_free(doc);
        tally = cut.tail;
    }
    return n;
}

// Only lines whose meaning nobody can argue about: all keys different, all values texts.
static bool
is_plain(struct gz_str line, struct gz_json_doc **doc)
{
    struct gz_err err = { 0 };
    const gz_json *root;

    *doc = gz_json_parse(line, "", &err);
    root = *doc ? gz_json_root(*doc) : NULL;
    if (!root || gz_json_type(root) != GZ_JSON_OBJECT || line.ptr[0] != '{')
        return false;
    for (size_t i = 0; i < gz_json_count(root); i++)
        if (gz_json_type(gz_json_at(root, i)) != GZ_JSON_STRING ||
            !gz_json_string(gz_json_at(root, i)).len)
            return false;
    return true;
}

struct naive {
    struct gz_buf names;
    struct {
        size_t at, len;
        int64_t n;
    } kind[KINDS];
    size_t count;
};

static struct gz_str
name_of(const struct naive *n, size_t i)
{
    return (struct gz_str){ n->names.ptr + n->kind[i].at, n->kind[i].len };
}

// One more of this kind; false when there is no room for another.
static bool
note(struct naive *n, struct gz_str kind)
{
    size_t i = 0;

    while (i < n->count && !gz_str_eq(name_of(n, i), kind))
        i++;
    if (i == KINDS)
        return false;
    if (i == n->count) {
        n->kind[n->count++].at = n->names.len;
        n->kind[i].len = kind.len;
        n->kind[i].n = 0;
        gz_buf_add(&n->names, kind);
    }
    n->kind[i].n++;
    return true;
}

// Is this a line that both counts are given? Then the naive one has it now.
static bool
take(struct naive *n, struct gz_str line)
{
    struct gz_json_doc *doc = NULL;
    bool taken = false;

    if (line.len && is_plain(line, &doc)) {
        const gz_json *root = gz_json_root(doc);
        struct gz_str kind = gz_json_string(gz_json_get(root, "kind"));

        taken = gz_str_is(gz_json_string(gz_json_get(root, "rec")), "petition") &&
                kind.len && note(n, kind);
    }
    gz_json_free(doc);
    return taken;
}

static void
check(struct gz_str text)
{
    struct gz_buf lines = { 0 }, whole = { 0 }, parts = { 0 }, merged = { 0 };
    struct naive naive = { .count = 0 };
    size_t half = 0;

    while (text.len) {
        struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));

        if (take(&naive, cut.head)) {
            gz_buf_add(&lines, cut.head);
            gz_buf_char(&lines, '\n');
            if (!half || lines.len < text.len)
                half = lines.len;
        }
        text = cut.tail;
    }
    count_lines(gz_buf_str(&lines), &whole);
    for (size_t i = 0; i < naive.count; i++)
        fuzz_must(told(gz_buf_str(&whole), name_of(&naive, i)) == naive.kind[i].n);
    // Two halves, each counted, read together.
    count_lines(gz_str_first(gz_buf_str(&lines), half), &parts);
    count_lines(gz_str_from(gz_buf_str(&lines), half), &parts);
    count_lines(gz_buf_str(&parts), &merged);
    fuzz_must(gz_str_eq(gz_buf_str(&merged), gz_buf_str(&whole)));
    gz_buf_release(&lines);
    gz_buf_release(&whole);
    gz_buf_release(&parts);
    gz_buf_release(&merged);
    gz_buf_release(&naive.names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);

    if (!plan)
        begin();
    if (gz_utf8_valid(text))
        check(text);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
