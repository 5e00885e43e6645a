// SPDX-License-Identifier: MIT
#include "io/jsonsplit.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/json.h"
#include "tap.h"

static char path[32];
static int file;

// The values as "line:text", rejects as "!line:column:code:text", one a line.
static void
split(struct gz_str text, const char *member, size_t max, struct gz_buf *out)
{
    struct gz_err err = { 0 };
    struct gz_input *in;
    struct gz_jsonsplit *s;
    enum gz_jsonsplit_next next;
    struct gz_str value;
    uint64_t line;

    if (ftruncate(file, 0) || pwrite(file, text.ptr, text.len, 0) != (ssize_t)text.len)
        abort();
    in = gz_input_open(path, GZ_INPUT_DETECT, "UTF-8", &err);
    s = gz_jsonsplit_open(in, member, max);
    out->len = 0;
    while ((next = gz_jsonsplit_next(s, &value, &line, &err)) != GZ_JSONSPLIT_END) {
        if (next == GZ_JSONSPLIT_VALUE) {
            gz_buf_printf(out, "%" PRIu64 ":", line);
        } else {
            gz_buf_printf(out, "!%" PRIu64 ":%" PRIu64 ":%s:", err.line, err.column,
                          next == GZ_JSONSPLIT_BAD ? err.code : "fail");
        }
        if (next == GZ_JSONSPLIT_FAIL)
            break;
        gz_buf_add(out, value);
        gz_buf_char(out, '\n');
    }
    gz_buf_char(out, '\0');
    out->len--;
    gz_jsonsplit_close(s);
    gz_input_close(in);
}

static void
test_forms(void)
{
    static const struct {
        const char *text, *member, *want;
        size_t max;
    } cases[] = {
        { "", NULL, "", 0 },
        { " \n\n", NULL, "", 0 },
        { "{\"a\":1}\n{\"b\":[2,{}]}\n", NULL, "1:{\"a\":1}\n2:{\"b\":[2,{}]}\n", 0 },
        { "{\"a\":1}\r\n\r\n{}", NULL, "1:{\"a\":1}\n3:{}\n", 0 },
        { "1 -2.5e3\ntrue null \"x\\\"]\"", NULL,
          "1:1\n1:-2.5e3\n2:true\n2:null\n2:\"x\\\"]\"\n", 0 },
        { "{\n \"a\": 1\n}{\"b\":\n2}", NULL, "1:{\n \"a\": 1\n}\n3:{\"b\":\n2}\n", 0 },
        { "[1,\n{\"a\":\"]\"},[2]\n]\n", NULL, "1:1\n2:{\"a\":\"]\"}\n2:[2]\n", 0 },
        { "[]", NULL, "", 0 },
        { "[1] x\n", NULL, "1:1\n!1:5:json:x\n", 0 },
        { "[1", NULL, "1:1\n!1:3:fail:", 0 },
        { "[1,", NULL, "1:1\n!1:4:fail:", 0 },
        { "[1 2]\n", NULL, "1:1\n!1:4:json:2]\n!2:1:fail:", 0 },
        { "[,1\n,2\n,3]", NULL, "!1:2:json:,1\n2:2\n3:3\n", 0 },
        { "[{\"a\":1 2},\n3]", NULL, "!1:9:json:{\"a\":1 2},\n2:3\n", 0 },
        // One bracket too few costs its line only.
        { "{\"a\":1\n{\"b\":2}\n{\"c\":3}", NULL,
          "!2:1:json:{\"a\":1\n2:{\"b\":2}\n3:{\"c\":3}\n", 0 },
        { "{\"a\":\"\xE4\xB8\xAD\n{\"b\":2}\n", NULL,
          "!1:6:json:{\"a\":\"\xE4\xB8\xAD\n2:{\"b\":2}\n", 0 },
        { "\xE4\xB8\xAD, {\"b\":2}\n4", NULL, "!1:1:json:\xE4\xB8\xAD, {\"b\":2}\n2:4\n",
          0 },
        { "{\"a\":1}} 5\n6", NULL, "1:{\"a\":1}\n!1:8:json:} 5\n2:6\n", 0 },
        { "{\"a\":[1}\n6", NULL, "!1:8:json:{\"a\":[1}\n2:6\n", 0 },
        { "{\"a\":", NULL, "!1:1:json:{\"a\":\n", 0 },
        { "\"abcdef\"\n7\n", NULL, "!1:1:size:\"abc\n2:7\n", 4 },
        { "{\"n\":1,\"r\":[1,{\"r\":[2]}],\"x\":[3]}", "r", "1:1\n1:{\"r\":[2]}\n", 0 },
        { "{\"n\":\"r\",\n\"m\":{\"r\":[9]},\"r\" : [1]} tail", "r", "2:1\n", 0 },
        { "{\"n\":[1]}", "r", "!1:9:fail:", 0 },
        { "{\"r\":1}", "r", "!1:6:fail:", 0 },
        { "[1]", "r", "!1:1:fail:", 0 },
    };
    struct gz_buf out = { 0 };

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        split(gz_str_of(cases[i].text), cases[i].member, cases[i].max, &out);
        is_str(gz_buf_str(&out), cases[i].want, "case %zu", i);
    }
    gz_buf_release(&out);
}

// Values that straddle the reads, each still what Jansson reads.
static void
test_large(void)
{
    struct gz_buf text = { 0 }, out = { 0 };
    struct gz_err err = { 0 };
    struct gz_json_doc *doc;
    const char *p;
    size_t wrong = 0;

    gz_buf_cstr(&text, "[");
    for (size_t i = 0; i < 20000; i++)
        gz_buf_printf(
            &text, "%s{\"id\":%zu,\"t\":\"%.*s\\\\\",\"l\":[\"}\",{\"]\":null}]}",
            i ? ",\n" : "", i, (int)(i % 100),
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    gz_buf_cstr(&text, "]");
    split(gz_buf_str(&text), NULL, 0, &out);
    doc = gz_json_parse(gz_buf_str(&text), "large", &err);
    p = out.ptr;
    for (size_t i = 0; doc && i < gz_json_count(gz_json_root(doc)); i++) {
        struct gz_str raw = gz_json_raw(gz_json_at(gz_json_root(doc), i));

        p = strchr(p, ':') + 1;
        wrong += memcmp(p, raw.ptr, raw.len) != 0 || p[raw.len] != '\n';
        p += raw.len + 1;
    }
    ok(doc && wrong == 0 && *p == '\0', "20,000 elements are the ones of Jansson");
    gz_json_free(doc);
    gz_buf_release(&text);
    gz_buf_release(&out);
}

int
main(void)
{
    file = memfd_create("input", 0);
    if (file < 0)
        return 99;
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    test_forms();
    test_large();
    close(file);
    return done_testing();
}
