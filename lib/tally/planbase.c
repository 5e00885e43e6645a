// SPDX-License-Identifier: MIT
// A plan made of another: its tables and lists, all or some, and some of its own.
#include "base/tr.h"
#include "pack/find.h"
#include "record/writer.h"
#include "tally/plan.h"

enum { MAX_DEPTH = 4 };

static bool
is_taken(const gz_json *take, struct gz_str name)
{
    for (size_t i = 0; take && i < gz_json_count(take); i++)
        if (gz_str_eq(gz_json_string(gz_json_at(take, i)), name))
            return true;
    return take == NULL;
}

static bool
has_named(const gz_json *list, struct gz_str name)
{
    for (size_t i = 0; list && i < gz_json_count(list); i++)
        if (gz_str_eq(gz_json_string(gz_json_get(gz_json_at(list, i), "name")), name))
            return true;
    return false;
}

// Those of the base that are taken and have no namesake in the plan, then its own.
static void
put_array(struct gz_buf *out, const char *key, const gz_json *base, const gz_json *own,
          const gz_json *take)
{
    const char *sep = "";

    gz_buf_printf(out, ",\"%s\":[", key);
    for (size_t i = 0; base && i < gz_json_count(base); i++) {
        const gz_json *one = gz_json_at(base, i);
        struct gz_str name = gz_json_string(gz_json_get(one, "name"));

        if (!is_taken(take, name) || has_named(own, name))
            continue;
        gz_buf_cstr(out, sep);
        gz_json_compact(gz_json_raw(one), out);
        sep = ",";
    }
    for (size_t i = 0; own && i < gz_json_count(own); i++) {
        gz_buf_cstr(out, sep);
        gz_json_compact(gz_json_raw(gz_json_at(own, i)), out);
        sep = ",";
    }
    gz_buf_char(out, ']');
}

// What is taken has to be there.
static bool
check_taken(const struct gz_json_doc *doc, const gz_json *take, const gz_json *from,
            struct gz_err *err)
{
    for (size_t i = 0; take && i < gz_json_count(take); i++) {
        const gz_json *one = gz_json_at(take, i);

        if (!has_named(from, gz_json_string(one))) {
            gz_json_fault(doc, one, err, _("the base has none of this name"));
            return false;
        }
    }
    return true;
}

static bool
put_joined(struct gz_buf *out, const struct gz_json_doc *doc, const gz_json *base,
           struct gz_err *err)
{
    static const char *const plain[] = { "title", "where", "account", "remark",
                                         "scheme" };
    const gz_json *own = gz_json_root(doc), *take = gz_json_get(own, "take");
    const gz_json *tables = gz_json_get(base, "tables"),
                  *lists = gz_json_get(base, "lists");
    const gz_json *take_lists = gz_json_get(own, "take_lists");

    if (!check_taken(doc, take, tables, err) || !check_taken(doc, take_lists, lists, err))
        return false;
    gz_buf_lit(out, "{\"name\":");
    gz_write_string(out, gz_json_string(gz_json_get(own, "name")));
    for (size_t i = 0; i < GZ_COUNT(plain); i++) {
        const gz_json *v = gz_json_get(own, plain[i]);

        if (!v)
            v = gz_json_get(base, plain[i]);
        if (!v)
            continue;
        gz_buf_printf(out, ",\"%s\":", plain[i]);
        gz_json_compact(gz_json_raw(v), out);
    }
    put_array(out, "tables", tables, gz_json_get(own, "tables"), take);
    put_array(out, "lists", lists, gz_json_get(own, "lists"), take_lists);
    gz_buf_char(out, '}');
    return true;
}

bool
gz_plan_join(struct gz_arena *arena, const struct gz_json_doc *doc, int depth,
             struct gz_str *text, struct gz_err *err)
{
    static const char *const known[] = { "name",   "title",   "base",  "take",
                                         "tables", "lists",   "where", "take_lists",
                                         "remark", "account", "scheme" };
    const gz_json *root = gz_json_root(doc), *name = gz_json_get(root, "base");
    struct gz_json_doc *base = NULL;
    struct gz_str whole;
    struct gz_buf out = { 0 };
    struct gz_found found;
    bool good = false;

    for (size_t i = 0; i < gz_json_count(root); i++) {
        bool there = false;

        for (size_t k = 0; k < GZ_COUNT(known); k++)
            there = there || gz_str_is(gz_json_key(root, i), known[k]);
        if (!there) {
            gz_json_fault(doc, gz_json_at(root, i), err,
                          _("unknown member '" GZ_STR_FMT "'"),
                          GZ_STR_ARG(gz_str_first(gz_json_key(root, i), 60)));
            return false;
        }
    }
    if (!gz_json_string(name).len || depth > MAX_DEPTH) {
        gz_json_fault(doc, name, err, _("expected the name or file of another plan"));
        return false;
    }
    if (gz_find(arena, "plans", gz_arena_cstr(arena, gz_json_string(name)), &found, err))
        return false;
    base = gz_json_parse(found.text, found.name, err);
    if (base && gz_json_get(gz_json_root(base), "base")) {
        good = gz_plan_join(arena, base, depth + 1, &whole, err);
        gz_json_free(base);
        base = good ? gz_json_parse(whole, found.name, err) : NULL;
    }
    good = base && put_joined(&out, doc, gz_json_root(base), err);
    *text = gz_arena_dup(arena, gz_buf_str(&out));
    gz_buf_release(&out);
    gz_json_free(base);
    return good;
}
