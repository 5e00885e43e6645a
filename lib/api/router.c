// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "api/inside.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "pack/pack.h"
#include "record/schema.h"
#include "route/route.h"

enum { THRESHOLD = 3, OVERRULE = 100 };

struct libgz_router {
    struct gz_arena setup;
    struct gz_schema *schema;
    struct gz_pack *pack;
    struct gz_router *router;
    struct gz_buf line;
};

struct libgz_router *
libgz_router_new(const struct libgz_router_options *options, struct libgz_error *error)
{
    static const struct libgz_router_options none = { 0 };
    const struct libgz_router_options *o = options ? options : &none;
    struct gz_route_options route = { .explain = o->explain };
    struct gz_pack_options where = { o->pack, NULL };
    struct libgz_router *r = gz_mem_zalloc(1, sizeof(*r));
    struct gz_err err = { 0 };

    route.decide.mode = o->dispatch ? GZ_ROUTE_DISPATCH : GZ_ROUTE_AUDIT;
    route.decide.threshold = o->threshold > 0 ? o->threshold : THRESHOLD;
    route.decide.overrule = OVERRULE;
    r->schema = gz_schema_load(&r->setup);
    r->pack = gz_pack_load(&where, &r->setup, &err);
    if (r->pack)
        r->router = gz_router_new(r->pack, r->schema, &route, &r->setup, &err);
    if (r->router)
        return r;
    gz_api_fail(error, &err);
    libgz_router_free(r);
    return NULL;
}

void
libgz_router_free(struct libgz_router *r)
{
    if (!r)
        return;
    gz_router_free(r->router);
    gz_pack_release(r->pack);
    gz_schema_release(r->schema);
    gz_buf_release(&r->line);
    gz_arena_free(&r->setup);
    free(r);
}

bool
libgz_router_route(struct libgz_router *r, struct libgz_text record,
                   struct libgz_text *routed, struct libgz_error *error)
{
    struct gz_err err = { 0 };

    r->line.len = 0;
    if (!gz_utf8_valid(gz_api_str(record)))
        gz_err_set(&err, GZ_ERR_DATA, "not UTF-8");
    else
        gz_route_line(r->router, gz_api_str(record), &r->line, &err);
    if (err.kind)
        return gz_api_fail(error, &err);
    *routed = (struct libgz_text){ r->line.ptr, r->line.len - 1 }; // no line end
    return true;
}
