// SPDX-License-Identifier: MIT
// The record cursor and writer, against Jansson where it is asked for a second opinion.
#include "base/arena.h"
#include "base/utf8.h"
#include "io/json.h"
#include "record/bytes.h"
#include "record/cursor.h"
#include "record/keyset.h"
#include "record/writer.h"
#include "tap.h"

static struct gz_arena arena;

// "key=value;" for every member, or "bad COLUMN".
static struct gz_str
walk(struct gz_str line)
{
    struct gz_buf b = { 0 };
    struct gz_cursor c;
    struct gz_member m;
    struct gz_err err = { 0 };
    enum gz_cursor_next next;
    struct gz_str all;

    gz_cursor_open(&c, line, &arena);
    while ((next = gz_cursor_next(&c, &m, &err)) == GZ_CURSOR_MEMBER) {
        gz_buf_add(&b, m.key);
        gz_buf_char(&b, '=');
        if (m.type == GZ_VALUE_ARRAY || m.type == GZ_VALUE_OBJECT)
            gz_buf_add(&b, m.raw);
        else
            gz_buf_add(&b, gz_member_text(&m, &arena));
        gz_buf_char(&b, ';');
    }
    if (next == GZ_CURSOR_BAD) {
        b.len = 0;
        gz_buf_printf(&b, "bad %d", (int)err.column);
    }
    all = gz_arena_dup(&arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return all;
}

static void
test_members(void)
{
    is_str(walk(GZ_STR("{\"rec\":\"petition\",\"n\":1.10,\"x\":null}")),
           "rec=petition;n=1.10;x=;", "numbers keep their text");
    is_str(walk(GZ_STR(" { \"a\" : [ 1 , {\"b\":\"]\"} ] , \"c\" : true } ")),
           "a=[ 1 , {\"b\":\"]\"} ];c=true;", "white space and nesting");
    is_str(walk(GZ_STR("{\"t\":\"\\u8def\\ud83d\\ude00\\n\\\"\\/\"}")), "t=路😀\n\"/;",
           "escapes, a surrogate pair among them");
    is_str(walk(GZ_STR("{\"big\":12345678901234567890123}")),
           "big=12345678901234567890123;", "20 digits and more");
    is_str(walk(GZ_STR("{}")), "", "no members");
    is_str(walk(GZ_STR("{\"a\":1,\"\\u0062\":2,\"c\":3}")), "a=1;b=2;c=3;",
           "an escaped key goes through Jansson");
    is_str(walk(GZ_STR("{\"a\":1,\"b\":2,\"c\\\\d\":3,\"e\":4}")), "a=1;b=2;c\\d=3;e=4;",
           "and none of those before it comes twice");
}

static void
test_faults(void)
{
    is_str(walk(GZ_STR("{\"路灯\":tru}")), "bad 7", "the column counts characters");
    is_str(walk(GZ_STR("{\"a\":1,}")), "bad 8", "trailing comma");
    is_str(walk(GZ_STR("{\"a\":01}")), "bad 6", "leading zero");
    is_str(walk(GZ_STR("{\"a\":\"x")), "bad 8", "unclosed string");
    is_str(walk(GZ_STR("{\"a\":\"\x01\"}")), "bad 7", "control character");
    is_str(walk(GZ_STR("{\"a\":\"\\ud800\"}")), "bad 7", "lone surrogate");
    is_str(walk(GZ_STR("{\"a\":1} x")), "bad 9", "text after the object");
    is_str(walk(GZ_STR("[1]")), "bad 1", "not an object");
    is_str(walk(GZ_STR("")), "bad 1", "nothing");
    is_str(walk(GZ_STR("{\"a\":1")), "bad 7", "ends after a value");
}

// Any prefix, and any line with one byte changed, gets the same verdict from both.
static bool
agree(struct gz_str line)
{
    struct gz_err err = { 0 };
    struct gz_json_doc *doc;
    bool ours, theirs;

    if (!gz_utf8_valid(line))
        return true;
    doc = gz_json_parse(line, "", &err);
    theirs = doc && gz_json_type(gz_json_root(doc)) == GZ_JSON_OBJECT;
    gz_json_free(doc);
    ours = !gz_str_starts(walk(line), GZ_STR("bad "));
    if (ours != theirs)
        printf("# ours %d, Jansson %d: " GZ_STR_FMT "\n", ours, theirs, GZ_STR_ARG(line));
    return ours == theirs;
}

static void
test_against_jansson(void)
{
    static const char text[] =
        "{\"rec\":\"petition\",\"text\":\"路灯\\u4e0d\\\"亮\",\"n\":-"
        "1.5e+3,\"li\":[\"a\",{}],"
        "\"truth\":false,\"nulled\":null}";
    static const char swap[] = "\"\\{}[],:0-9.eutn \x01";
    char copy[sizeof(text)];
    bool same = true;

    for (size_t n = 0; n < sizeof(text); n++)
        same &= agree((struct gz_str){ text, n });
    ok(same, "every prefix: the same verdict as Jansson");
    same = true;
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        for (size_t j = 0; j + 1 < sizeof(swap); j++) {
            memcpy(copy, text, sizeof(text));
            copy[i] = swap[j];
            same &= agree((struct gz_str){ copy, sizeof(text) - 1 });
            gz_arena_reset(&arena);
        }
    ok(same, "every byte replaced by every odd one: the same verdict");
}

static void
test_bytes(void)
{
    char text[80];
    bool same = true;

    for (size_t at = 0; at < sizeof(text); at++)
        for (int c = 0; c < 256; c++) {
            memset(text, 'x', sizeof(text));
            text[at] = (char)c;
            same &= gz_bytes_plain_run(text, sizeof(text)) ==
                    gz_bytes_plain_run_plain(text, sizeof(text));
        }
    ok(same, "the vectorised run and its plain twin agree on every byte and place");
}

static void
test_round_trip(void)
{
    struct gz_buf b = { 0 };
    char all[256];
    struct gz_str list[] = { GZ_STR("a|b"), GZ_STR("") };
    struct gz_keyset keys;
    struct gz_member m[2];
    struct gz_err err = { 0 };
    size_t count;

    for (int i = 0; i < 128; i++)
        all[i] = (char)i;
    gz_write_begin(&b, "petition");
    gz_write_text(&b, "text", (struct gz_str){ all, 128 });
    gz_write_text(&b, "absent", GZ_STR(""));
    gz_write_list(&b, "tags", list, 2);
    gz_write_end(&b);
    gz_keyset_init(&keys, &arena);
    gz_keyset_add(&keys, GZ_STR("text"));
    gz_keyset_add(&keys, GZ_STR("tags"));
    ok(gz_keyset_read(&keys, (struct gz_str){ b.ptr, b.len - 1 }, &arena, m, &err),
       "what the writer writes, the cursor reads");
    ok(gz_str_eq(gz_member_text(&m[0], &arena), (struct gz_str){ all, 128 }),
       "all of ASCII comes back");
    is_str(gz_member_list(&m[1], &arena, &count)[0], "a|b", "a list comes back");
    is_u64(count, 2, "with its length");
    ok(gz_str_find(gz_buf_str(&b), GZ_STR("absent")) == (size_t)-1,
       "what is empty is not written");
    gz_buf_release(&b);
}

int
main(void)
{
    test_members();
    test_faults();
    test_against_jansson();
    test_bytes();
    test_round_trip();
    gz_arena_free(&arena);
    return done_testing();
}
