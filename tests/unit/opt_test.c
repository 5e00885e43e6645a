// SPDX-License-Identifier: MIT
// Option tables.
#include "app/opt.h"
#include "tap.h"

static bool flag;
static const char *name;
static uint64_t number, size;
static struct gz_opt_list list;

static const struct gz_opt table[] = {
    { GZ_OPT_GROUP, 0, NULL, NULL, "Group:", NULL, NULL },
    { GZ_OPT_FLAG, 'v', "verbose", NULL, "say more", &flag, NULL },
    { GZ_OPT_STR, 'o', "output", "FILE", "write there", &name, NULL },
    { GZ_OPT_UINT, 0, "top", "N", "so many", &number, NULL },
    { GZ_OPT_SIZE, 0, "max-record", "BYTES", "so long", &size, NULL },
    { GZ_OPT_LIST, 0, "by", "FIELD", "group", &list, NULL },
    { GZ_OPT_END, 0, NULL, NULL, NULL, NULL, NULL },
};

static int
parse(struct gz_err *err, char *a, char *b, char *c)
{
    char prog[] = "gz-x";
    char *argv[] = { prog, a, b, c, NULL };
    int argc = 1 + !!a + !!b + !!c, first = -1;

    *err = (struct gz_err){ 0 };
    flag = false;
    name = NULL;
    gz_opt_parse(table, argc, argv, &first, err);
    return first;
}

// argv is not const, though nobody writes to it.
#define S(lit) ((char *)(uintptr_t)(lit))

int
main(void)
{
    struct gz_err err;
    struct gz_buf help = { 0 };

    is_u64(parse(&err, S("-vo"), S("f"), S("x")), 3, "grouped, argument apart");
    ok(flag && name && strcmp(name, "f") == 0, "both are set");
    is_u64(parse(&err, S("-of"), S("--"), S("-v")), 3, "-- ends the options");
    ok(!flag && strcmp(name, "f") == 0, "what follows is an operand");
    is_u64(parse(&err, S("-"), S("-v"), NULL), 1, "- is an operand and ends them");
    parse(&err, S("--output=a=b"), S("--top"), S("12"));
    ok(strcmp(name, "a=b") == 0 && number == 12, "long, both ways");
    parse(&err, S("--verbose"), S("--no-verbose"), NULL);
    ok(!flag && !err.kind, "--no-");
    parse(&err, S("--max-record=2M"), S("--by=a"), S("--by=b"));
    ok(size == 2 << 20 && list.count == 2 && !err.kind, "sizes and lists");
    parse(&err, S("--verbos"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE && strstr(err.text, "--verbose"), "no abbreviations");
    parse(&err, S("--top"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE && strstr(err.text, "wants N"), "argument missing");
    parse(&err, S("--top=x"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE, "not a number");
    parse(&err, S("--verbose=1"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE, "a flag takes none");
    parse(&err, S("--no-output"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE, "only flags have --no-");
    parse(&err, S("-z"), NULL, NULL);
    ok(err.kind == GZ_ERR_USAGE, "unknown short");
    parse(&err, S("file"), S("--top=3"), NULL);
    ok(err.kind == GZ_ERR_USAGE && strstr(err.text, "behind a file"), "a late option");
    parse(&err, S("--"), S("file"), S("--top=3"));
    ok(!err.kind, "behind -- it is a file");
    gz_opt_help(table, &help);
    ok(gz_str_find(gz_buf_str(&help),
                   GZ_STR("  -o, --output FILE       write there\n")) != (size_t)-1,
       "help lines up");
    gz_buf_release(&help);
    gz_opt_list_free(&list);
    return done_testing();
}
