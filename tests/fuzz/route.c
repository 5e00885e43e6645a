// SPDX-License-Identifier: MIT
// Records through gz-route with what is built in: a line is refused, or comes out as a
// record; and routed again it is the same, to the byte.
#include "route/route.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "io/json.h"

static struct gz_arena setup;
static struct gz_router *router[2];

static void
begin(void)
{
    static const struct gz_pack_options where = { NULL, NULL };
    struct gz_schema *schema = gz_schema_load(&setup);
    struct gz_err err = { 0 };
    struct gz_pack *pack = gz_pack_load(&where, &setup, &err);

    fuzz_must(pack);
    for (int i = 0; i < 2; i++) {
        struct gz_route_options o = { .explain = i };

        o.decide.threshold = 3;
        o.decide.mode = i ? GZ_ROUTE_DISPATCH : (enum gz_route_mode)0;
        router[i] = gz_router_new(pack, schema, &o, &setup, &err);
        fuzz_must(router[i]);
    }
}

static void
check(struct gz_router *r, struct gz_str line)
{
    struct gz_buf once = { 0 }, twice = { 0 };
    struct gz_err err = { 0 };

    if (gz_route_line(r, line, &once, &err)) {
        fuzz_must(err.kind == GZ_ERR_DATA && err.code[0] && once.len == 0);
    } else {
        struct gz_str out = gz_buf_str(&once);
        struct gz_json_doc *doc;

        fuzz_must(out.len && out.ptr[out.len - 1] == '\n');
        out.len--;
        fuzz_must(!memchr(out.ptr, '\n', out.len) && gz_utf8_valid(out));
        fuzz_must(gz_route_line(r, out, &twice, &err) == GZ_OK);
        fuzz_must(gz_str_eq(gz_buf_str(&once), gz_buf_str(&twice)));
        // What stands in a record before is not ours: it may be no JSON, if it was none.
        if ((doc = gz_json_parse(line, "", &err)) != NULL) {
            gz_json_free(doc);
            fuzz_must((doc = gz_json_parse(out, "", &err)) != NULL);
            gz_json_free(doc);
        }
    }
    gz_buf_release(&once);
    gz_buf_release(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);
    struct gz_str line = gz_str_cut(text, GZ_STR("\n")).head;

    if (!router[0])
        begin();
    if (gz_utf8_valid(line))
        for (int i = 0; i < 2; i++)
            check(router[i], line);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
