// SPDX-License-Identifier: MIT
// A sheet of a pack that strangers wrote: refused with its place, or the pack can be
// used, and routing is still the same twice. The first line names the sheet; the rest is
// it.
#include "pack/pack.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "route/lint.h"
#include "route/route.h"

static struct gz_arena setup;
static struct gz_schema *schema;

static void
use(struct gz_pack *pack, struct gz_arena *arena)
{
    static const char line[] =
        "{\"rec\":\"petition\",\"petition_id\":\"1\",\"received_at\":\"2026-03-01T08:"
        "00\","
        "\"district\":\"城东区\",\"subdistrict\":\"北桥街道\",\"title\":\"路灯不亮\","
        "\"text\":\"幸福小区电梯坏了,物业没人管,半夜施工噪音扰民\"}";
    struct gz_route_options o = { .explain = true };
    struct gz_buf once = { 0 }, twice = { 0 };
    struct gz_err err = { 0 };
    struct gz_router *r = gz_router_new(pack, schema, &o, arena, &err);

    fuzz_must(r || err.kind == GZ_ERR_USAGE || err.kind == GZ_ERR_LIMIT);
    if (r) {
        struct gz_str out;

        fuzz_must(gz_route_line(r, gz_str_of(line), &once, &err) == GZ_OK);
        out = gz_buf_str(&once);
        fuzz_must(out.len > 1 && gz_utf8_valid(out));
        out.len--; // its line end
        fuzz_must(gz_route_line(r, out, &twice, &err) == GZ_OK);
        fuzz_must(gz_str_eq(gz_buf_str(&once), gz_buf_str(&twice)));
        gz_router_free(r);
    }
    once.len = 0;
    gz_lint_pack(pack, 1000, &once);
    fuzz_must(gz_utf8_valid(gz_buf_str(&once)));
    gz_buf_release(&once);
    gz_buf_release(&twice);
}

// One folder with one file in it, the same every time.
static void
put_sheet(const char *folder, const char *name, struct gz_str text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "wb");
    fuzz_must(f);
    fuzz_must(fwrite(text.ptr, 1, text.len, f) == text.len);
    fclose(f);
}

static void
take_sheet(const char *folder, const char *name)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    unlink(path);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_cut cut = gz_str_cut(text, GZ_STR("\n"));
    struct gz_arena arena = { 0 };
    const char *name = NULL;

    if (!schema)
        schema = gz_schema_load(&setup);
    for (int s = 0; s < GZ_SHEETS && !name; s++)
        if (gz_str_is(cut.head, gz_pack_sheet_name((enum gz_pack_sheet)s)))
            name = gz_pack_sheet_name((enum gz_pack_sheet)s);
    if (name) {
        char folder[] = "/tmp/gz-fuzz-pack-XXXXXX";
        struct gz_pack_options o = { .dir = folder };
        struct gz_err err = { 0 };
        struct gz_pack *pack;

        fuzz_must(mkdtemp(folder));
        put_sheet(folder, name, cut.tail);
        pack = gz_pack_load(&o, &arena, &err);
        take_sheet(folder, name);
        rmdir(folder);
        fuzz_must(pack || (err.kind == GZ_ERR_USAGE && err.text[0]));
        if (pack)
            use(pack, &arena);
        gz_pack_release(pack);
    }
    gz_arena_free(&arena);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
