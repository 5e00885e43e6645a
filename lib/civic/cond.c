// SPDX-License-Identifier: MIT
#include "civic/cond.h"

#include "base/near.h"
#include "base/tr.h"
#include "civic/condop.h"

struct gz_cond_named {
    struct gz_cond_named *next;
    struct gz_str name;
    const struct gz_kind *kind;
    const struct gz_cond *cond;
    struct gz_str *field; // that it reads
    size_t field_count;
    bool needs_as_of;
};

enum { MAX_DEPTH = 8 };

static const char *const rel_name[] = { "lt", "le", "gt", "ge" };

// ---- compiling ----

static void
note_field(struct gz_cond_setup *s, struct gz_str name)
{
    for (size_t i = 0; i < s->field_count; i++)
        if (gz_str_eq(s->field[i], name))
            return;
    s->field = gz_arena_grow(s->arena, s->field, &s->field_cap, s->field_count + 1,
                             sizeof(*s->field));
    s->field[s->field_count++] = name;
}

// Under "follow_up": "first" a scheme's fu_solved is the record's fu1_solved.
static struct gz_str
which_follow_up(const struct gz_cond_setup *s, struct gz_str name)
{
    if (!s->scheme || !s->scheme->first_follow_up || !gz_str_starts(name, GZ_STR("fu_")))
        return name;
    return gz_arena_printf(s->arena, "fu1_" GZ_STR_FMT, GZ_STR_ARG(gz_str_from(name, 3)));
}

static int
unknown_field(struct gz_cond_setup *s, struct gz_str name, const gz_json *at,
              struct gz_err *err)
{
    const struct gz_field *near = gz_kind_nearest(s->kind, name);

    if (near)
        gz_json_fault(s->doc, at, err,
                      _("unknown field '" GZ_STR_FMT "' of '" GZ_STR_FMT
                        "': is it '" GZ_STR_FMT "'?"),
                      GZ_STR_ARG(gz_str_first(name, 60)), GZ_STR_ARG(s->kind->name),
                      GZ_STR_ARG(near->name));
    else
        gz_json_fault(s->doc, at, err,
                      _("unknown field '" GZ_STR_FMT "' of '" GZ_STR_FMT "'"),
                      GZ_STR_ARG(gz_str_first(name, 60)), GZ_STR_ARG(s->kind->name));
    return -1;
}

int
gz_cond_slot(struct gz_cond_setup *s, struct gz_str name, const gz_json *at,
             struct gz_err *err)
{
    const struct gz_field *f;
    int slot;

    if (s->kind) {
        f = gz_kind_field(s->kind, which_follow_up(s, name));
        if (!f)
            return unknown_field(s, name, at, err);
        name = f->name;
    } else {
        name = gz_arena_dup(s->arena, which_follow_up(s, name));
    }
    slot = gz_slots_add(s->slots, name);
    if (slot < 0)
        gz_json_fault(s->doc, at, err, _("more than %d fields in plan and scheme"),
                      (int)GZ_SLOTS_MAX);
    else
        note_field(s, name);
    return slot;
}

static bool
compile_words(struct gz_cond_setup *s, struct gz_cond *c, const gz_json *v,
              struct gz_err *err)
{
    bool array = gz_json_type(v) == GZ_JSON_ARRAY;
    struct gz_str *word;

    c->count = array ? gz_json_count(v) : 1;
    word = gz_arena_new(s->arena, struct gz_str, c->count);
    for (size_t i = 0; i < c->count; i++) {
        const gz_json *one = array ? gz_json_at(v, i) : v;

        if (gz_json_type(one) != GZ_JSON_STRING) {
            gz_json_fault(s->doc, one, err,
                          _("expected a string or an array of strings"));
            return false;
        }
        word[i] = gz_arena_dup(s->arena, gz_json_string(one));
    }
    c->word = word;
    return true;
}

// What stands after lt, le, gt or ge: a number, a moment, or {"field":OTHER}.
static bool
compile_operand(struct gz_cond_setup *s, struct gz_cond *c, const gz_json *v,
                struct gz_err *err)
{
    switch (gz_json_type(v)) {
    case GZ_JSON_NUMBER:
        c->op = OP_NUMBER;
        if (gz_dec_parse(gz_json_raw(v), &c->number))
            return true;
        break;
    case GZ_JSON_STRING:
        c->op = OP_TIME;
        if (gz_time_parse(gz_json_string(v), &c->time))
            return true;
        break;
    case GZ_JSON_OBJECT:
        c->op = OP_FIELD;
        c->slot2 = gz_cond_slot(s, gz_json_string(gz_json_get(v, "field")), v, err);
        return c->slot2 >= 0;
    case GZ_JSON_NULL:
    case GZ_JSON_BOOL:
    case GZ_JSON_ARRAY:
        break;
    }
    gz_json_fault(s->doc, v, err,
                  _("expected a number, a time or {\"field\":NAME} to compare with"));
    return false;
}

static bool
compile_test(struct gz_cond_setup *s, struct gz_cond *c, struct gz_str key,
             const gz_json *v, struct gz_err *err)
{
    for (size_t r = 0; r < GZ_COUNT(rel_name); r++)
        if (gz_str_is(key, rel_name[r])) {
            c->rel = (enum rel)r;
            return compile_operand(s, c, v, err);
        }
    if (gz_str_is(key, "is") || gz_str_is(key, "has")) {
        c->op = OP_IS;
        return compile_words(s, c, v, err);
    }
    if (gz_str_is(key, "starts")) {
        c->op = OP_STARTS;
        return compile_words(s, c, v, err);
    }
    if (gz_str_is(key, "contains")) {
        c->op = OP_CONTAINS;
        return compile_words(s, c, v, err);
    }
    if (gz_str_is(key, "present") || gz_str_is(key, "absent")) {
        c->op = gz_json_is_true(v) == gz_str_is(key, "present") ? OP_PRESENT : OP_ABSENT;
        return true;
    }
    if (gz_str_is(key, "past_due") || gz_str_is(key, "before_as_of")) {
        c->op = gz_str_is(key, "past_due") ? OP_PAST : OP_BEFORE;
        s->needs_as_of = true;
        return true;
    }
    // The same at a moment some days later or earlier.
    if (gz_str_is(key, "past_due_in") || gz_str_is(key, "older_than_days")) {
        int64_t days = gz_json_int(v, INT64_MIN);

        if (days < (gz_str_is(key, "past_due_in") ? -36500 : 0) || days > 36500) {
            gz_json_fault(s->doc, v, err, _("expected a number of days"));
            return false;
        }
        c->op = gz_str_is(key, "past_due_in") ? OP_PAST : OP_BEFORE;
        c->number.units = (c->op == OP_PAST ? days : -days) * 86400;
        s->needs_as_of = true;
        return true;
    }
    gz_json_fault(s->doc, v, err, _("unknown test '" GZ_STR_FMT "'"),
                  GZ_STR_ARG(gz_str_first(key, 40)));
    return false;
}

static bool
compile_field(struct gz_cond_setup *s, struct gz_cond *c, const gz_json *json,
              struct gz_err *err)
{
    size_t tests = 0;

    c->slot = gz_cond_slot(s, gz_json_string(gz_json_get(json, "field")), json, err);
    if (c->slot < 0)
        return false;
    for (size_t i = 0; i < gz_json_count(json); i++) {
        struct gz_str key = gz_json_key(json, i);

        if (gz_str_is(key, "field"))
            continue;
        if (tests++) {
            gz_json_fault(s->doc, json, err,
                          _("one test for each field; join with 'all'"));
            return false;
        }
        if (!compile_test(s, c, key, gz_json_at(json, i), err))
            return false;
    }
    if (tests)
        return true;
    gz_json_fault(s->doc, json, err, _("a field without a test: is, present, lt ..."));
    return false;
}

// {"from":A,"to":B,"lt":600}
static bool
compile_span(struct gz_cond_setup *s, struct gz_cond *c, const gz_json *json,
             struct gz_err *err)
{
    const gz_json *limit = NULL;

    c->slot = gz_cond_slot(s, gz_json_string(gz_json_get(json, "from")), json, err);
    if (c->slot < 0)
        return false;
    c->slot2 = gz_cond_slot(s, gz_json_string(gz_json_get(json, "to")), json, err);
    if (c->slot2 < 0)
        return false;
    for (size_t r = 0; r < GZ_COUNT(rel_name) && !limit; r++) {
        limit = gz_json_get(json, rel_name[r]);
        c->rel = (enum rel)r;
    }
    if (!limit || gz_json_type(limit) != GZ_JSON_NUMBER ||
        !gz_dec_parse(gz_json_raw(limit), &c->number)) {
        gz_json_fault(s->doc, json, err, _("a span wants lt, le, gt or ge in seconds"));
        return false;
    }
    c->op = OP_SPAN;
    return true;
}

static bool
compile_kids(struct gz_cond_setup *s, struct gz_cond *c, const gz_json *array,
             struct gz_err *err)
{
    if (gz_json_type(array) != GZ_JSON_ARRAY) {
        gz_json_fault(s->doc, array, err, _("expected an array of conditions"));
        return false;
    }
    c->count = gz_json_count(array);
    c->kid = gz_arena_new(s->arena, const struct gz_cond *, c->count);
    for (size_t i = 0; i < c->count; i++)
        if (!(c->kid[i] = gz_cond_compile(s, gz_json_at(array, i), err)))
            return false;
    return true;
}

// One that was compiled before reads the same fields again.
static const struct gz_cond *
find_named(struct gz_cond_setup *s, struct gz_str name)
{
    const struct gz_cond_named *n = s->named;

    while (n && (!gz_str_eq(n->name, name) || n->kind != s->kind))
        n = n->next;
    if (!n)
        return NULL;
    for (size_t i = 0; i < n->field_count; i++)
        note_field(s, n->field[i]);
    s->needs_as_of = s->needs_as_of || n->needs_as_of;
    return n->cond;
}

// Compile what the scheme says, with the fields it reads gathered apart.
static const struct gz_cond *
add_named(struct gz_cond_setup *s, struct gz_str name, const gz_json *there,
          const struct gz_json_doc *where, struct gz_err *err)
{
    struct gz_cond_setup inner = *s;
    struct gz_cond_named *n = gz_arena_new(s->arena, struct gz_cond_named, 1);
    struct gz_cond *c = gz_arena_new(s->arena, struct gz_cond, 1);

    inner.doc = where;
    inner.depth++;
    inner.field = NULL;
    inner.field_count = inner.field_cap = 0;
    inner.needs_as_of = false;
    c->count = 1;
    c->kid = gz_arena_new(s->arena, const struct gz_cond *, 1);
    c->kid[0] = gz_cond_compile(&inner, there, err);
    if (!c->kid[0])
        return NULL;
    c->op = OP_NAMED;
    c->slot = (int)s->slots->notes++;
    *n = (struct gz_cond_named){
        inner.named,      gz_arena_dup(s->arena, name),
        s->kind,          s->slots->notes <= GZ_SLOTS_NOTES ? c : c->kid[0],
        inner.field,      inner.field_count,
        inner.needs_as_of
    };
    s->named = n;
    return find_named(s, name);
}

// The conditions that a scheme may be meant to have: those of schemes that are built in.
static void
unknown_condition(struct gz_cond_setup *s, struct gz_str name, const gz_json *json,
                  struct gz_err *err)
{
    static const char *const known[] = {
        "closed",  "valid",    "not_valid", "contacted", "solved",
        "partial", "unsolved", "satisfied", "basic",     "unsatisfied",
        "unrated", "counted",  "excluded",
    };
    struct gz_near near = { .want = name };
    const struct gz_json_doc *where;

    for (size_t i = 0; i < GZ_COUNT(known); i++)
        if (s->scheme && gz_scheme_condition(s->scheme, gz_str_of(known[i]), &where))
            gz_near_try(&near, gz_str_of(known[i]));
    gz_json_fault(s->doc, json, err,
                  _("the scheme declares no condition '" GZ_STR_FMT "'%s"),
                  GZ_STR_ARG(gz_str_first(name, 60)), gz_near_hint(&near));
}

// {"scheme":"solved"}: what the scheme says.
static const struct gz_cond *
compile_named(struct gz_cond_setup *s, const gz_json *json, struct gz_err *err)
{
    struct gz_str name = gz_json_string(gz_json_get(json, "scheme"));
    const struct gz_json_doc *where = NULL;
    const gz_json *there =
        s->scheme ? gz_scheme_condition(s->scheme, name, &where) : NULL;
    const struct gz_cond *c = find_named(s, name);

    if (c)
        return c;
    if (there && s->depth < MAX_DEPTH)
        return add_named(s, name, there, where, err);
    if (there)
        gz_json_fault(s->doc, json, err,
                      _("the scheme's condition '" GZ_STR_FMT "' names itself"),
                      GZ_STR_ARG(gz_str_first(name, 60)));
    else
        unknown_condition(s, name, json, err);
    return NULL;
}

const struct gz_cond *
gz_cond_compile(struct gz_cond_setup *s, const gz_json *json, struct gz_err *err)
{
    struct gz_cond *c = gz_arena_new(s->arena, struct gz_cond, 1);
    const gz_json *v;

    if (gz_json_type(json) != GZ_JSON_OBJECT) {
        gz_json_fault(s->doc, json, err, _("a condition is an object"));
        return NULL;
    }
    if (gz_json_get(json, "scheme"))
        return compile_named(s, json, err);
    if (gz_json_get(json, "field"))
        return compile_field(s, c, json, err) ? c : NULL;
    if (gz_json_get(json, "from"))
        return compile_span(s, c, json, err) ? c : NULL;
    if ((v = gz_json_get(json, "all"))) {
        c->op = OP_ALL;
        return compile_kids(s, c, v, err) ? c : NULL;
    }
    if ((v = gz_json_get(json, "any"))) {
        c->op = OP_ANY;
        return compile_kids(s, c, v, err) ? c : NULL;
    }
    if ((v = gz_json_get(json, "not"))) {
        c->op = OP_NOT;
        c->count = 1;
        c->kid = gz_arena_new(s->arena, const struct gz_cond *, 1);
        c->kid[0] = gz_cond_compile(s, v, err);
        return c->kid[0] ? c : NULL;
    }
    gz_json_fault(s->doc, json, err,
                  _("expected a condition: field, from, all, any, not or scheme"));
    return NULL;
}

enum gz_err_kind
gz_cond_check_scheme(const struct gz_scheme *scheme, const struct gz_schema *schema,
                     struct gz_err *err)
{
    struct gz_arena arena = { 0 };
    struct gz_slots *slots = gz_arena_new(&arena, struct gz_slots, 1);
    struct gz_cond_setup s = { .arena = &arena,
                               .slots = slots,
                               .kind = gz_schema_kind(schema, GZ_STR("petition")),
                               .scheme = scheme,
                               .doc = scheme->source };
    const gz_json *given = gz_json_get(gz_json_root(scheme->source), "conditions");

    gz_slots_init(slots, &arena);
    for (size_t i = 0; i < gz_json_count(given) && !err->kind; i++)
        gz_cond_compile(&s, gz_json_at(given, i), err);
    s.doc = scheme->doc;
    for (size_t i = 0; i < scheme->exclusion_count && !err->kind; i++)
        gz_cond_compile(&s, scheme->exclusion[i].when, err);
    for (size_t i = 0; i < scheme->unit_count && !err->kind; i++)
        gz_cond_slot(&s, scheme->unit[i], gz_json_get(gz_json_root(scheme->doc), "unit"),
                     err);
    gz_arena_free(&arena);
    return err->kind;
}
