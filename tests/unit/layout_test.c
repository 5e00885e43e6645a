// SPDX-License-Identifier: MIT
#include "ingest/layout.h"

#include "ingest/header.h"
#include "tap.h"

static struct gz_arena arena;
static struct gz_schema *schema;

static void
faults(void)
{
    static const struct {
        const char *text;
        uint64_t line;
    } cases[] = {
        { "[]", 1 },
        { "{\"fields\":{}}", 1 },
        { "{\"layout\":\"x\"}", 1 },
        { "{\"layout\":\"x\",\n\"fields\":{\"titel\":\"a\"}}", 2 },
        { "{\"layout\":\"x\",\n\"fields\":{\"title\":3}}", 2 },
        { "{\"layout\":\"x\",\n\"feilds\":{}}", 2 },
        { "{\"layout\":\"x\",\"fields\":{\n\"received_at\":{\"from\":\"a\",\"date\":"
          "\"soon\"}}}",
          2 },
        { "{\"layout\":\"x\",\"fields\":{\n\"title\":{\"from\":\"a\",\"date\":\"ymd\"}}}",
          2 },
        { "{\"layout\":\"x\",\"fields\":{\n\"title\":{\"from\":\"a\",\"join\":[\"b\"]}}}",
          2 },
        { "{\"layout\":\"x\",\"rec\":\"nothing\",\"fields\":{}}", 1 },
        { "{\"layout\":\"x\",\"zone\":\"Asia/Shanghai\",\"fields\":{}}", 1 },
        { "{\"layout\":\"x\",\"fields\":{\"ext\":\"a\"}}", 1 },
    };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_err err = { 0 };

        ok(!gz_layout_parse(gz_str_of(cases[i].text), "t", schema, &arena, &err) &&
               err.kind == GZ_ERR_USAGE,
           "refused: %s", cases[i].text);
        is_u64(err.line, cases[i].line, "with its line: %s", err.text);
    }
}

static void
built_in(void)
{
    struct gz_str *names;
    size_t count = gz_layout_list(&arena, &names);

    ok(count >= 11, "there are built-in layouts");
    for (size_t i = 0; i < count; i++) {
        struct gz_err err = { 0 };
        const struct gz_layout *l = gz_layout_load(names[i], schema, &arena, &err);

        ok(l && gz_str_eq(l->name, names[i]), "%s is sound and has its name: %s",
           gz_arena_cstr(&arena, names[i]), err.text);
    }
}

static void
headers(void)
{
    static const struct gz_str cells[] = { { "A", 1 }, { "ｂ　Ｂ", 9 }, { "", 0 },
                                           { "a", 1 }, { " c_C ", 5 },  { "d", 1 } };
    struct gz_header h;
    bool repeated = false;

    gz_header_make(&h, cells, GZ_COUNT(cells), &arena);
    is_str(h.column[2].name, "_3", "a column without a name has its number");
    is_str(h.column[3].name, "a_2", "a second one of a name has a number too");
    ok(gz_header_find(&h, GZ_STR("bb"), &repeated, &arena) == 1 && !repeated,
       "full width, blanks and case do not count");
    is_u64(gz_header_find(&h, GZ_STR("cc"), &repeated, &arena), 4, "nor does _");
    ok(gz_header_find(&h, GZ_STR("x"), &repeated, &arena) == -1, "not there");
    ok(gz_header_find(&h, GZ_STR("A"), &repeated, &arena) == 0 && repeated,
       "twice there");
    repeated = false;
    ok(gz_header_find(&h, GZ_STR("A#2"), &repeated, &arena) == 3 && !repeated,
       "the second");
    ok(gz_header_find(&h, GZ_STR("#6"), &repeated, &arena) == 5, "by place");
    ok(gz_header_find(&h, GZ_STR("#7"), &repeated, &arena) == -1, "past the end");
}

int
main(void)
{
    schema = gz_schema_load(&arena);
    faults();
    built_in();
    headers();
    gz_schema_release(schema);
    gz_arena_free(&arena);
    return done_testing();
}
