// SPDX-License-Identifier: MIT
// Documents and sheets: JSON with places, and the CSV that people edit.
#include "base/arena.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "io/json.h"
#include "pack/sheet.h"

// Every value, cut out by its place, is that value again.
static void
check_value(const gz_json *v, int depth)
{
    struct gz_err err = { 0 };
    struct gz_json_doc *again = gz_json_parse(gz_json_raw(v), "", &err);

    fuzz_must(again);
    fuzz_must(gz_json_type(gz_json_root(again)) == gz_json_type(v));
    fuzz_must(gz_str_eq(gz_json_string(gz_json_root(again)), gz_json_string(v)));
    gz_json_free(again);
    for (size_t i = 0; depth < 4 && i < gz_json_count(v) && i < 8; i++)
        check_value(gz_json_at(v, i), depth + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_arena arena = { 0 };
    struct gz_err err = { 0 };
    struct gz_json_doc *doc = gz_json_parse(text, "x.json", &err);

    if (doc)
        check_value(gz_json_root(doc), 0);
    else
        fuzz_must(err.kind == GZ_ERR_USAGE);
    gz_json_free(doc);
    err = (struct gz_err){ 0 };
    if (!gz_sheet_parse(text, "x.csv", &arena, &err))
        fuzz_must(err.kind == GZ_ERR_USAGE);
    gz_arena_free(&arena);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
