// SPDX-License-Identifier: MIT
// Sheets, the schema, and libcsv behind its wrapper.
#include "io/csvlib.h"
#include "pack/sheet.h"
#include "record/schema.h"
#include "tap.h"

static struct gz_arena arena;

static void
test_sheet(void)
{
    struct gz_err err = { 0 };
    struct gz_sheet *s = gz_sheet_parse(
        GZ_STR("\xEF\xBB\xBF# origin: ours\ncode,zh\r\n\r\na,\"路灯\n\"\"亮\"\"\"\nb\n"),
        "x.csv", &arena, &err);

    ok(s && s->rows == 2 && s->columns == 2, "a sheet with a remark, a BOM and CRLF");
    is_str(s->row[0].cell[1], "路灯\n\"亮\"", "a quoted cell with a newline");
    is_u64(s->row[0].line, 4, "the line of a row counts remarks and blank lines");
    is_u64(s->row[1].line, 6, "and the lines inside cells");
    is_str(gz_sheet_cell(&s->row[1], gz_sheet_column(s, "zh")), "", "a short row");
    is_u64((uint64_t)gz_sheet_column(s, "nope"), (uint64_t)-1, "no such column");
}

static void
fault(const char *text, uint64_t line, uint64_t column)
{
    struct gz_err err = { 0 };

    ok(!gz_sheet_parse(gz_str_of(text), "x.csv", &arena, &err) &&
           err.kind == GZ_ERR_USAGE && err.line == line && err.column == column,
       "fault at %d:%d (got %d:%d %s)", (int)line, (int)column, (int)err.line,
       (int)err.column, err.text);
}

static void
test_schema(void)
{
    struct gz_schema *s = gz_schema_load(&arena);
    const struct gz_kind *k = gz_schema_kind(s, GZ_STR("petition"));
    bool unique = true;

    ok(k && k == gz_schema_kind(s, GZ_STR("诉求")), "a kind by name and by label");
    is_str(gz_kind_field(k, GZ_STR("受理时间"))->name, "received_at", "a field by label");
    is_str(gz_kind_nearest(k, GZ_STR("recieved_at"))->name, "received_at",
           "did you mean");
    ok(!gz_kind_field(k, GZ_STR("zzz")), "no such field");
    for (size_t i = 0; i < s->count; i++)
        for (size_t j = 0; j < s->kind[i].count; j++) {
            const struct gz_field *f = &s->kind[i].field[j];

            // A name twice in one kind would find the first of them here.
            if (gz_kind_field(&s->kind[i], f->name) != f || !f->en.len || !f->zh.len) {
                printf("# " GZ_STR_FMT "." GZ_STR_FMT "\n", GZ_STR_ARG(s->kind[i].name),
                       GZ_STR_ARG(f->name));
                unique = false;
            }
        }
    ok(unique, "every field is named once and has both labels");
    gz_schema_release(s);
}

static void
test_split(void)
{
    struct gz_str *f;
    size_t n;
    struct gz_buf b = { 0 };

    ok(gz_csvlib_split(GZ_STR("5\" pipe, b ,\"c\"\"d\""), ',', &arena, &f, &n) && n == 3,
       "a stray quote is data");
    is_str(f[0], "5\" pipe", "as it stands");
    is_str(f[1], " b ", "blanks are kept");
    is_str(f[2], "c\"d", "doubled quotes are one");
    ok(!gz_csvlib_split(GZ_STR("\"a\"x,b"), ',', &arena, &f, &n), "text after a quote");
    ok(!gz_csvlib_split(GZ_STR("\"a,b"), ',', &arena, &f, &n), "an open quote");
    ok(gz_csvlib_split(GZ_STR("a,"), ',', &arena, &f, &n) && n == 2,
       "an empty last field");
    gz_csvlib_put(&b, GZ_STR("a,\"b\"\n"), ',');
    is_str(gz_buf_str(&b), "\"a,\"\"b\"\"\n\"", "quoting");
    gz_buf_release(&b);
}

int
main(void)
{
    test_sheet();
    fault("", 0, 0);
    fault("a,b\n1,2,3\n", 2, 0);
    fault("a,b\n1,\"x\"y\n", 2, 6);
    fault("a\n\"x\n", 2, 1);
    test_schema();
    test_split();
    gz_arena_free(&arena);
    return done_testing();
}
