// SPDX-License-Identifier: MIT
#include "civic/cond.h"

#include "base/num.h"
#include "base/tr.h"

enum op {
    OP_IS,       // the text is one of the words; of a list, one of its strings is
    OP_STARTS,   // the text starts with one of the words
    OP_CONTAINS, // one of the words is in it
    OP_PRESENT,  // it is there
    OP_ABSENT,
    OP_NUMBER, // compared with a number
    OP_TIME,   // compared with a moment
    OP_FIELD,  // compared with another field's moment
    OP_SPAN,   // seconds from one field to another compared with a number
    OP_PAST,   // a deadline that has passed at the as-of moment
    OP_BEFORE, // a moment before the as-of moment
    OP_ALL,
    OP_ANY,
    OP_NOT,
    OP_NAMED, // one of the scheme's: judged once a record
};

enum rel { REL_LT, REL_LE, REL_GT, REL_GE };

struct gz_cond {
    enum op op;
    enum rel rel;
    int slot;
    int slot2;
    const struct gz_str *word;
    size_t count; // of words or kids
    const struct gz_cond **kid;
    struct gz_dec number;
    struct gz_time time;
};

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
        int64_t days = gz_json_int(v, -1);

        if (days < 0 || days > 36500) {
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
    gz_json_fault(s->doc, json, err,
                  there ? _("the scheme's condition '" GZ_STR_FMT "' names itself")
                        : _("the scheme declares no condition '" GZ_STR_FMT "'"),
                  GZ_STR_ARG(gz_str_first(name, 60)));
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

// ---- judging ----

static bool
related(enum rel rel, int order)
{
    switch (rel) {
    case REL_LT:
        return order < 0;
    case REL_LE:
        return order <= 0;
    case REL_GT:
        return order > 0;
    case REL_GE:
        return order >= 0;
    }
    return false;
}

static bool
word_is(const struct gz_cond *c, struct gz_str text)
{
    for (size_t i = 0; i < c->count; i++)
        if (gz_str_eq(c->word[i], text))
            return true;
    return false;
}

static bool
holds_is(const struct gz_cond *c, struct gz_slots *s)
{
    size_t n;
    struct gz_str *list;

    if (s->member[c->slot].type != GZ_VALUE_ARRAY)
        return gz_slot_present(s, c->slot) && word_is(c, gz_slot_text(s, c->slot));
    list = gz_slot_list(s, c->slot, &n);
    for (size_t i = 0; i < n; i++)
        if (word_is(c, list[i]))
            return true;
    return false;
}

static bool
holds_starts(const struct gz_cond *c, struct gz_slots *s)
{
    struct gz_str text = gz_slot_text(s, c->slot);

    for (size_t i = 0; i < c->count; i++)
        if (text.len && gz_str_starts(text, c->word[i]))
            return true;
    return false;
}

static bool
holds_contains(const struct gz_cond *c, struct gz_slots *s)
{
    struct gz_str text = gz_slot_text(s, c->slot);

    for (size_t i = 0; i < c->count; i++)
        if (gz_str_find(text, c->word[i]) != (size_t)-1)
            return true;
    return false;
}

static bool
compare_times(const struct gz_cond *c, const struct gz_time *a, const struct gz_time *b)
{
    int64_t sec;
    bool days;

    if (!a || !b || !gz_time_between(*b, *a, &sec, &days))
        return false;
    return related(c->rel, (sec > 0) - (sec < 0));
}

static bool
holds_span(const struct gz_cond *c, struct gz_slots *s)
{
    const struct gz_time *a = gz_slot_time(s, c->slot), *b = gz_slot_time(s, c->slot2);
    struct gz_dec d;
    int64_t sec;
    bool days;

    if (!a || !b || !gz_time_between(*a, *b, &sec, &days) || days)
        return false;
    d.units = (gz_i128)sec * 1000000000;
    return related(c->rel, gz_dec_cmp(d, c->number));
}

static bool
holds_as_of(const struct gz_cond *c, struct gz_slots *s, int64_t as_of)
{
    const struct gz_time *t = gz_slot_time(s, c->slot);

    if (!t || as_of == INT64_MIN || t->prec < GZ_PREC_DAY)
        return false;
    as_of += (int64_t)c->number.units;
    if (c->op == OP_BEFORE)
        return t->sec < as_of;
    // A deadline that is a date lasts to the end of it.
    return (t->prec == GZ_PREC_DAY ? t->sec + 86400 : t->sec) <= as_of;
}

bool
gz_cond_holds(const struct gz_cond *c, struct gz_slots *s, int64_t as_of)
{
    struct gz_dec d;

    switch (c->op) {
    case OP_IS:
        return holds_is(c, s);
    case OP_STARTS:
        return holds_starts(c, s);
    case OP_CONTAINS:
        return holds_contains(c, s);
    case OP_PRESENT:
        return gz_slot_present(s, c->slot);
    case OP_ABSENT:
        return !gz_slot_present(s, c->slot);
    case OP_NUMBER:
        return gz_slot_present(s, c->slot) &&
               gz_dec_parse(gz_slot_text(s, c->slot), &d) &&
               related(c->rel, gz_dec_cmp(d, c->number));
    case OP_TIME:
        return compare_times(c, gz_slot_time(s, c->slot), &c->time);
    case OP_FIELD:
        return compare_times(c, gz_slot_time(s, c->slot), gz_slot_time(s, c->slot2));
    case OP_SPAN:
        return holds_span(c, s);
    case OP_PAST:
    case OP_BEFORE:
        return holds_as_of(c, s, as_of);
    case OP_ALL:
        for (size_t i = 0; i < c->count; i++)
            if (!gz_cond_holds(c->kid[i], s, as_of))
                return false;
        return true;
    case OP_ANY:
        for (size_t i = 0; i < c->count; i++)
            if (gz_cond_holds(c->kid[i], s, as_of))
                return true;
        return false;
    case OP_NOT:
        return !gz_cond_holds(c->kid[0], s, as_of);
    case OP_NAMED:
        if (!s->note[c->slot])
            s->note[c->slot] = gz_cond_holds(c->kid[0], s, as_of) ? 2 : 1;
        return s->note[c->slot] == 2;
    }
    return false;
}

static uint64_t
bit_of(int slot)
{
    return slot < 64 ? UINT64_C(1) << slot : 0;
}

uint64_t
gz_cond_must(const struct gz_cond *c)
{
    uint64_t must = 0;

    switch (c->op) {
    case OP_ABSENT:
    case OP_NOT:
        return 0;
    case OP_ALL:
    case OP_NAMED:
        for (size_t i = 0; i < c->count; i++)
            must |= gz_cond_must(c->kid[i]);
        return must;
    case OP_ANY:
        must = c->count ? UINT64_MAX : 0;
        for (size_t i = 0; i < c->count; i++)
            must &= gz_cond_must(c->kid[i]);
        return must;
    case OP_SPAN:
    case OP_FIELD:
        return bit_of(c->slot) | bit_of(c->slot2);
    case OP_IS:
    case OP_STARTS:
    case OP_CONTAINS:
    case OP_PRESENT:
    case OP_NUMBER:
    case OP_TIME:
    case OP_PAST:
    case OP_BEFORE:
        break;
    }
    return bit_of(c->slot);
}

enum gz_cond_constant
gz_cond_constant(const struct gz_cond *c)
{
    enum gz_cond_constant all = GZ_COND_ALWAYS, any = GZ_COND_NEVER;

    if (c->op != OP_ALL && c->op != OP_ANY && c->op != OP_NOT && c->op != OP_NAMED)
        return GZ_COND_VARIES;
    for (size_t i = 0; i < c->count; i++) {
        enum gz_cond_constant k = gz_cond_constant(c->kid[i]);

        if (k == GZ_COND_NEVER || (k == GZ_COND_VARIES && all == GZ_COND_ALWAYS))
            all = k;
        if (k == GZ_COND_ALWAYS || (k == GZ_COND_VARIES && any == GZ_COND_NEVER))
            any = k;
    }
    if (c->op == OP_NOT)
        return all == GZ_COND_VARIES   ? GZ_COND_VARIES
               : all == GZ_COND_ALWAYS ? GZ_COND_NEVER
                                       : GZ_COND_ALWAYS;
    return c->op == OP_ANY ? any : all;
}

// ---- what a condition needs ----

struct needs {
    const struct gz_slots *slots;
    struct gz_arena *arena;
    struct gz_str *field;
    size_t count;
    size_t cap;
};

static void
add_need(struct needs *n, struct gz_str field)
{
    for (size_t i = 0; i < n->count; i++)
        if (gz_str_eq(n->field[i], field))
            return;
    n->field =
        gz_arena_grow(n->arena, n->field, &n->cap, n->count + 1, sizeof(*n->field));
    n->field[n->count++] = field;
}

// One entry for all alternatives; none when one of them needs nothing.
static void
add_alternatives(struct needs *n, const struct gz_cond *c)
{
    struct gz_buf joined = { 0 };
    bool all = c->count > 0;

    for (size_t i = 0; i < c->count && all; i++) {
        size_t count;
        struct gz_str *kid = gz_cond_needs(c->kid[i], n->slots, n->arena, &count);

        all = count > 0;
        if (!all)
            break;
        if (joined.len)
            gz_buf_char(&joined, '|');
        gz_buf_add(&joined, kid[0]);
    }
    if (all)
        add_need(n, gz_arena_dup(n->arena, gz_buf_str(&joined)));
    gz_buf_release(&joined);
}

static void
walk_needs(struct needs *n, const struct gz_cond *c)
{
    switch (c->op) {
    case OP_ABSENT:
    case OP_NOT:
        return;
    case OP_ALL:
    case OP_NAMED:
        for (size_t i = 0; i < c->count; i++)
            walk_needs(n, c->kid[i]);
        return;
    case OP_ANY:
        add_alternatives(n, c);
        return;
    case OP_SPAN:
    case OP_FIELD:
        add_need(n, n->slots->keys.keys[c->slot2]);
        break;
    case OP_IS:
    case OP_STARTS:
    case OP_CONTAINS:
    case OP_PRESENT:
    case OP_NUMBER:
    case OP_TIME:
    case OP_PAST:
    case OP_BEFORE:
        break;
    }
    add_need(n, n->slots->keys.keys[c->slot]);
}

struct gz_str *
gz_cond_needs(const struct gz_cond *c, const struct gz_slots *slots,
              struct gz_arena *arena, size_t *count)
{
    struct needs n = { .slots = slots, .arena = arena };

    walk_needs(&n, c);
    *count = n.count;
    return n.field;
}
