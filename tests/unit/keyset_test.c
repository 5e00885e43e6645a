// SPDX-License-Identifier: MIT
// keyset: what it finds the quick way against a plain walk of the cursor.
#include "record/keyset.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#include "base/buf.h"

static struct gz_arena arena;
static uint64_t seed = 7;

static uint32_t
pick(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static const char *const wanted[] = { "rec",         "text",     "m",
                                      "received_at", "lead_org", "a_name_longer_than_16",
                                      "街道",        "tags",     "receivex_at" };
enum { WANTED = sizeof(wanted) / sizeof(*wanted) };

// The first member of each wanted key, by walking.
static bool
walk(struct gz_str line, struct gz_member *members)
{
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err err = { 0 };
    enum gz_cursor_next next;

    memset(members, 0, WANTED * sizeof(*members));
    gz_cursor_open(&c, line, &arena);
    while ((next = gz_cursor_next(&c, &m, &err)) == GZ_CURSOR_MEMBER)
        for (size_t i = 0; i < WANTED; i++)
            if (gz_str_is(m.key, wanted[i]) && !members[i].type)
                members[i] = m;
    return next == GZ_CURSOR_END;
}

static bool
agree(const struct gz_keyset *k, struct gz_str line)
{
    struct gz_member ours[WANTED], plain[WANTED];
    struct gz_err err = { 0 };
    bool good = walk(line, plain), same;

    same = gz_keyset_read(k, line, &arena, ours, &err) == good;
    for (size_t i = 0; good && same && i < WANTED; i++)
        same = ours[i].type == plain[i].type &&
               (!plain[i].type || (gz_str_eq(ours[i].raw, plain[i].raw) &&
                                   ours[i].escaped == plain[i].escaped &&
                                   gz_str_eq(ours[i].key, plain[i].key)));
    if (!same)
        printf("# " GZ_STR_FMT "\n", GZ_STR_ARG(line));
    gz_arena_reset(&arena);
    return same;
}

static void
put_value(struct gz_buf *b)
{
    static const char *const value[] = {
        "\"\"",
        "\"plain\"",
        "\"with \\\"quotes\\\"\"",
        "-1.50",
        "0",
        "1e3",
        "true",
        "null",
        "[]",
        "[\"a\",\"b\"]",
        "[1,\"x\"]",
        "[\"a\\n\", {}]",
        "{\"x\":\"y\"}",
        "\"\\u8857\"",
        "\"路灯不亮，影响出行，请水务部门处理\"",
        "\"ends \\\\\"",
        "{\"a\":[{}]}",
        " \"blank before\"",
    };

    gz_buf_cstr(b, value[pick(sizeof(value) / sizeof(*value))]);
}

static void
make(struct gz_buf *b, uint32_t members)
{
    b->len = 0;
    gz_buf_char(b, '{');
    for (uint32_t i = 0; i < members; i++) {
        if (i)
            gz_buf_char(b, ',');
        if (pick(2))
            gz_buf_printf(b, "\"%s\":", wanted[pick(WANTED)]);
        else
            gz_buf_printf(b, "\"%.*s%u\":", (int)pick(20), "unknown_name_of_something",
                          pick(9));
        // Long ones put quotes at every place of a block.
        if (pick(6) == 0)
            gz_buf_printf(b, "\"%0*d\"", (int)pick(140), 1);
        else
            put_value(b);
    }
    gz_buf_char(b, '}');
}

int
main(void)
{
    static const char swap[] = "\"\\{}[],:0-e \x01\t";
    struct gz_arena setup = { 0 };
    struct gz_keyset k;
    struct gz_buf b = { 0 };
    bool whole = true, cut = true, changed = true, many = true;

    gz_keyset_init(&k, &setup);
    for (size_t i = 0; i < WANTED; i++)
        gz_keyset_add(&k, gz_str_of(wanted[i]));
    for (int round = 0; round < 4000; round++) {
        make(&b, 1 + pick(14));
        whole &= agree(&k, gz_buf_str(&b));
        cut &= agree(&k, gz_str_first(gz_buf_str(&b), pick((uint32_t)b.len)));
        b.ptr[pick((uint32_t)b.len)] = swap[pick(sizeof(swap) - 1)];
        changed &= agree(&k, gz_buf_str(&b));
    }
    for (int round = 0; round < 200; round++) {
        make(&b, 60 + pick(300));
        many &= agree(&k, gz_buf_str(&b));
    }
    ok(whole, "lines of all kinds: what the cursor finds");
    ok(cut, "lines that are cut off: the same verdict");
    ok(changed, "lines with one byte changed: the same verdict");
    ok(many, "lines with more quotes than are looked up at once");
    is_u64(gz_keyset_find(&k, GZ_STR("a_name_longer_than_16")), 5,
           "a long name is found");
    ok(gz_keyset_find(&k, GZ_STR("a_name_lonxer_than_16")) < 0, "and told from another");
    gz_buf_release(&b);
    gz_arena_free(&setup);
    gz_arena_free(&arena);
    return done_testing();
}
