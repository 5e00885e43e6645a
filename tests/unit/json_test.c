// SPDX-License-Identifier: MIT
#include "io/json.h"

#include <dirent.h>

#include "base/buf.h"
#include "tap.h"

static struct gz_json_doc *
parse(const char *text, struct gz_err *err)
{
    *err = (struct gz_err){ .kind = GZ_OK };
    return gz_json_parse(gz_str_of(text), "test.json", err);
}

static void
test_values(void)
{
    struct gz_err err;
    struct gz_json_doc *doc =
        parse("\xEF\xBB\xBF { \"a\" : [ 1.10 , 12345678901234567890,"
              "\n true, false ,null, true],\n"
              "\"\\u4e2d\" :\"x\\u0000\\\"]y\", \"n\":-42, "
              "\"e\":{}, \"r\":1e2, \"f\":[] }\n",
              &err);
    const gz_json *root, *a;

    ok(doc != NULL, "a document is read");
    if (!doc)
        return;
    root = gz_json_root(doc);
    a = gz_json_get(root, "a");
    is_u64(gz_json_count(root), 6, "members are counted");
    is_u64(gz_json_count(a), 6, "elements are counted");
    is_str(gz_json_key(root, 1), "\xE4\xB8\xAD", "keys are unescaped, in order");
    is_str(gz_json_raw(gz_json_at(a, 0)), "1.10", "a number keeps its text");
    is_str(gz_json_raw(gz_json_at(a, 1)), "12345678901234567890", "even a long one");
    is_str(gz_json_raw(gz_json_at(a, 3)), "false", "literals have places");
    ok(gz_json_string(gz_json_at(root, 1)).len == 5, "a NUL is part of a string");
    is_str(gz_json_raw(gz_json_get(root, "e")), "{}", "an empty object");
    is_str(gz_json_raw(gz_json_get(root, "f")), "[]", "the last value");
    ok(gz_json_int(gz_json_get(root, "n"), 7) == -42, "a whole number");
    ok(gz_json_int(gz_json_get(root, "r"), 7) == 7, "an exponent is no whole number");
    ok(gz_json_int(gz_json_at(a, 1), 7) == 7, "nor is what does not fit");
    ok(gz_json_is_true(gz_json_at(a, 2)) && !gz_json_is_true(gz_json_at(a, 3)), "true");
    ok(gz_json_type(gz_json_at(a, 4)) == GZ_JSON_NULL, "null");
    ok(gz_json_get(NULL, "x") == NULL && gz_json_get(a, "x") == NULL &&
           gz_json_at(root, 6) == NULL,
       "what is not there is NULL");
    // Two values that Jansson holds as one.
    gz_json_fault(doc, gz_json_at(a, 5), &err, "no %s", "good");
    ok(err.kind == GZ_ERR_USAGE && err.line == 2 && err.column == 21,
       "a fault is placed");
    is_str(gz_str_of(err.source), "test.json", "in its document");
    gz_json_free(doc);
}

static void
test_faults(void)
{
    static const struct {
        const char *text;
        uint64_t line, column;
    } cases[] = {
        { "{\"a\":1,\n \"a\":2}", 2, 2 },
        { "[1,\n  \xE4\xB8\xAD]", 2, 3 },
        { "[1] 2", 1, 5 },
        { "{\"a\":tru}", 1, 6 },
        { "[\"\xE4\xB8\xAD\", nul]", 1, 7 },
        { "", 1, 1 },
    };
    struct gz_err err;
    char deep[514];

    for (size_t i = 0; i < GZ_COUNT(cases); i++) {
        struct gz_json_doc *doc = parse(cases[i].text, &err);

        ok(!doc && err.kind == GZ_ERR_USAGE, "refused: case %zu", i);
        is_u64(err.line, cases[i].line, "line of %s", err.text);
        is_u64(err.column, cases[i].column, "column");
        gz_json_free(doc);
    }
    memset(deep, '[', 513);
    deep[513] = '\0';
    ok(!parse(deep, &err) && err.column == 513, "nesting is limited");
    ok(!parse("\"\xFF\"", &err), "bad UTF-8 is refused");
}

static bool
read_file(const char *path, struct gz_buf *to)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    to->len = 0;
    if (!f)
        return false;
    while ((n = fread(gz_buf_need(to, 65536), 1, 65536, f)) > 0)
        to->len += n;
    fclose(f);
    return true;
}

// What the suite accepts and we do not: a key that is there twice, a NUL in a key.
static bool
stricter(const char *name)
{
    return strstr(name, "duplicated_key") || strstr(name, "escaped_null_in_key");
}

// The public suite: y_ has to be accepted, n_ refused.
static void
test_suite(const char *folder)
{
    DIR *dir = opendir(folder);
    struct gz_buf text = { 0 };
    size_t files = 0, wrong = 0;

    if (!dir) {
        ok(true, "suite # SKIP no %s", folder);
        return;
    }
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct gz_err err = { 0 };
        struct gz_json_doc *doc;
        char path[1024];

        snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
        if (e->d_name[1] != '_' || !read_file(path, &text))
            continue;
        doc = gz_json_parse(gz_buf_str(&text), e->d_name, &err);
        files++;
        if (e->d_name[0] == 'y' ? !doc != stricter(e->d_name)
                                : e->d_name[0] == 'n' && doc) {
            printf("# %s: %s\n", e->d_name, doc ? "accepted" : err.text);
            wrong++;
        }
        if (doc && gz_json_raw(gz_json_root(doc)).len == 0)
            wrong++;
        gz_json_free(doc);
    }
    closedir(dir);
    gz_buf_release(&text);
    ok(files > 0 && wrong == 0, "all %zu files of the suite", files);
}

int
main(void)
{
    test_values();
    test_faults();
    test_suite("../shared/data/suites/json/test_parsing");
    return done_testing();
}
