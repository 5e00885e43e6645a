// SPDX-License-Identifier: MIT
// Who is ranked with whom, and the classes that a ranking puts units in.
#include "base/tr.h"
#include "civic/scheme.h"

static bool
read_names(struct gz_arena *arena, const gz_json *list, const struct gz_str **out,
           size_t *count)
{
    struct gz_str *name;

    *count = list ? gz_json_count(list) : 0;
    if (list && gz_json_type(list) != GZ_JSON_ARRAY)
        return false;
    name = gz_arena_new(arena, struct gz_str, *count + 1);
    for (size_t i = 0; i < *count; i++) {
        name[i] = gz_arena_dup(arena, gz_json_string(gz_json_at(list, i)));
        if (!name[i].len)
            return false;
    }
    *out = name;
    return true;
}

bool
gz_scheme_fill_groups(struct gz_scheme *s, struct gz_arena *arena,
                      const struct gz_json_doc *doc, const gz_json *v, struct gz_err *err)
{
    size_t n = gz_json_count(v);
    struct gz_rank_group *group = gz_arena_new(arena, struct gz_rank_group, n + 1);
    bool good = gz_json_type(v) == GZ_JSON_ARRAY;

    for (size_t i = 0; good && i < n; i++) {
        const gz_json *one = gz_json_at(v, i);
        struct gz_rank_group *g = &group[i];

        g->zh = gz_arena_dup(arena, gz_json_string(gz_json_get(one, "zh")));
        g->en = gz_arena_dup(arena, gz_json_string(gz_json_get(one, "en")));
        good = read_names(arena, gz_json_get(one, "units"), &g->unit, &g->unit_count) &&
               read_names(arena, gz_json_get(one, "ends"), &g->end, &g->end_count) &&
               g->unit_count + g->end_count > 0 && g->zh.len + g->en.len > 0;
        if (!good)
            v = one;
    }
    s->rank_group = group;
    s->rank_group_count = n;
    if (!good)
        gz_json_fault(
            doc, v, err, "%s",
            _("rank_groups is an array of {\"zh\":…,\"en\":…} with \"units\" or "
              "\"ends\", arrays of strings"));
    return good;
}

bool
gz_scheme_fill_classes(struct gz_scheme *s, struct gz_arena *arena,
                       const struct gz_json_doc *doc, const gz_json *v,
                       struct gz_err *err)
{
    static const char *const take[] = { "first", "last", "risen", "most" };
    size_t n = gz_json_count(v);
    struct gz_class *class = gz_arena_new(arena, struct gz_class, n + 1);
    bool good = gz_json_type(v) == GZ_JSON_ARRAY;

    for (size_t i = 0; good && i < n; i++) {
        const gz_json *one = gz_json_at(v, i);
        struct gz_class *c = &class[i];
        size_t word = 0;

        c->name = gz_arena_dup(arena, gz_json_string(gz_json_get(one, "name")));
        c->zh = gz_arena_dup(arena, gz_json_string(gz_json_get(one, "zh")));
        c->en = gz_arena_dup(arena, gz_json_string(gz_json_get(one, "en")));
        c->n = gz_json_int(gz_json_get(one, "n"), 0);
        while (word < GZ_COUNT(take) &&
               !gz_str_is(gz_json_string(gz_json_get(one, "take")), take[word]))
            word++;
        c->take = (enum gz_class_take)word;
        good = c->name.len && word < GZ_COUNT(take) && c->n > 0;
        if (!good)
            v = one;
    }
    s->classes = class;
    s->class_count = n;
    if (!good)
        gz_json_fault(doc, v, err, "%s",
                      _("classes is an array of {\"name\":…,\"zh\":…,\"en\":…,\"take\":…,"
                        "\"n\":…}; take is first, last, risen or most"));
    return good;
}

static bool
ends_in(struct gz_str s, struct gz_str end)
{
    return s.len >= end.len && gz_str_eq(gz_str_from(s, s.len - end.len), end);
}

size_t
gz_scheme_rank_group(const struct gz_scheme *s, struct gz_str unit)
{
    for (size_t g = 0; g < s->rank_group_count; g++) {
        const struct gz_rank_group *group = &s->rank_group[g];

        for (size_t i = 0; i < group->unit_count; i++)
            if (gz_str_eq(group->unit[i], unit))
                return g;
        for (size_t i = 0; i < group->end_count; i++)
            if (ends_in(unit, group->end[i]))
                return g;
    }
    return s->rank_group_count;
}
