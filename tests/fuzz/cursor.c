// SPDX-License-Identifier: MIT
// The record cursor against Jansson: the same verdict, and what it unescapes is what
// Jansson decodes. Duplicate keys and numbers over 1e308 differ by design: we take both.
#include "record/cursor.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "io/json.h"
#include "record/keyset.h"

static struct gz_arena arena;

static void
same_text(const struct gz_member *m, const gz_json *v)
{
    if (m->type == GZ_VALUE_STRING)
        fuzz_must(gz_str_eq(gz_member_text(m, &arena), gz_json_string(v)));
    if (m->type == GZ_VALUE_NUMBER)
        fuzz_must(gz_str_eq(m->raw, gz_json_raw(v)));
}

static bool
walk(struct gz_str line, const gz_json *root)
{
    struct gz_err err = { 0 };
    struct gz_cursor c;
    struct gz_member m;
    enum gz_cursor_next next;
    size_t n = 0;

    gz_cursor_open(&c, line, &arena);
    while ((next = gz_cursor_next(&c, &m, &err)) == GZ_CURSOR_MEMBER) {
        size_t count;

        if (root && !c.decoded)
            same_text(&m, gz_json_at(root, n));
        gz_member_list(&m, &arena, &count);
        n++;
    }
    fuzz_must(next == GZ_CURSOR_END || err.kind == GZ_ERR_DATA);
    return next == GZ_CURSOR_END;
}

// The quick way through a line finds what the cursor finds, and refuses what it refuses.
static void
check_keyset(struct gz_str line)
{
    static const char *const names[] = { "a", "rec", "text", "t", "n", "li", "ext", "" };
    struct gz_member quick[8], m;
    struct gz_keyset keys;
    struct gz_err err = { 0 };
    struct gz_cursor c;
    enum gz_cursor_next next;
    bool seen[8] = { false };

    gz_keyset_init(&keys, &arena);
    for (size_t i = 0; i < 8; i++)
        gz_keyset_add(&keys, gz_str_of(names[i]));
    if (!gz_keyset_read(&keys, line, &arena, quick, &err)) {
        fuzz_must(!walk(line, NULL));
        return;
    }
    gz_cursor_open(&c, line, &arena);
    while ((next = gz_cursor_next(&c, &m, &err)) == GZ_CURSOR_MEMBER) {
        int i = gz_keyset_find(&keys, m.key);

        if (i < 0 || seen[i])
            continue;
        seen[i] = true;
        fuzz_must(quick[i].type == m.type && quick[i].escaped == m.escaped);
        fuzz_must(gz_str_eq(quick[i].raw, m.raw));
    }
    fuzz_must(next == GZ_CURSOR_END);
    for (size_t i = 0; i < 8; i++)
        fuzz_must(seen[i] || quick[i].type == GZ_VALUE_NONE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str line = fuzz_copy(data, size);
    struct gz_err err = { 0 };
    struct gz_json_doc *doc;
    const gz_json *root;
    bool good;

    if (gz_utf8_valid(line)) {
        doc = gz_json_parse(line, "", &err);
        root = doc ? gz_json_root(doc) : NULL;
        if (root && gz_json_type(root) != GZ_JSON_OBJECT)
            root = NULL;
        good = walk(line, root);
        // Jansson allows deeper nesting and a BOM; we take duplicate keys.
        if (root && !gz_str_starts(line, GZ_STR("\xEF\xBB\xBF")) && size < 64)
            fuzz_must(good);
        if (good && !root)
            fuzz_must(strstr(err.text, "duplicate") || strstr(err.text, "overflow"));
        gz_json_free(doc);
        check_keyset(line);
    }
    gz_arena_free(&arena);
    free((void *)(uintptr_t)line.ptr);
    return 0;
}
