// SPDX-License-Identifier: MIT
#include "tally/plan.h"

#include "base/num.h"
#include "base/tr.h"
#include "civic/cond.h"
#include "pack/find.h"

// What reading a plan carries about.
struct reading {
    struct gz_arena *arena;
    struct gz_slots *slots; // only to compile conditions and see what they need
    const struct gz_scheme *scheme;
    const struct gz_schema *schema;
    const struct gz_kind *kind; // of the table or list that is read
    struct gz_json_doc *doc;
    struct gz_plan *plan;
    struct gz_err *err;
};

static bool
fault(struct reading *r, const gz_json *v, const char *what)
{
    gz_json_fault(r->doc, v, r->err, "%s", what);
    return false;
}

static struct gz_str
text_of(struct reading *r, const gz_json *object, const char *key)
{
    return gz_arena_dup(r->arena, gz_json_string(gz_json_get(object, key)));
}

static void
read_title(struct reading *r, const gz_json *v, struct gz_str *zh, struct gz_str *en)
{
    const gz_json *title = gz_json_get(v, "title");

    *zh = text_of(r, title, "zh");
    *en = text_of(r, title, "en");
}

// Names go into keys and headers: letters, digits and '_', not first.
static bool
read_name(struct reading *r, const gz_json *v, struct gz_str *out)
{
    struct gz_str name = text_of(r, v, "name");

    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];

        if (c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
            !(c >= 'A' && c <= 'Z') && (c != '_' || i == 0))
            return fault(r, v,
                         _("a name has letters, digits and '_', which is not first"));
    }
    *out = name;
    return name.len || fault(r, v, _("a table, measure or list has a name"));
}

static bool
only_members(struct reading *r, const gz_json *v, const char *const *known)
{
    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return fault(r, v, _("expected an object"));
    for (size_t i = 0; i < gz_json_count(v); i++) {
        struct gz_str key = gz_json_key(v, i);
        size_t k = 0;

        while (known[k] && !gz_str_is(key, known[k]))
            k++;
        if (!known[k]) {
            gz_json_fault(r->doc, gz_json_at(v, i), r->err,
                          _("unknown line '" GZ_STR_FMT "' in a plan"),
                          GZ_STR_ARG(gz_str_first(key, 60)));
            return false;
        }
    }
    return true;
}

static bool
read_kind(struct reading *r, const gz_json *v, struct gz_str *rec)
{
    struct gz_str name = text_of(r, v, "rec");

    r->kind = gz_schema_kind(r->schema, name.len ? name : GZ_STR("petition"));
    if (!r->kind)
        return fault(r, gz_json_get(v, "rec"), _("unknown kind of record"));
    *rec = r->kind->name;
    return true;
}

// Compile a condition only to see whether it is right and what it reads.
static bool
try_condition(struct reading *r, const gz_json *v, struct gz_cond_setup *found,
              const struct gz_cond **cond)
{
    *found = (struct gz_cond_setup){ .arena = r->arena,
                                     .slots = r->slots,
                                     .kind = r->kind,
                                     .scheme = r->scheme,
                                     .doc = r->doc };
    *cond = v ? gz_cond_compile(found, v, r->err) : NULL;
    return !v || *cond;
}

// ---- dimensions ----

static const struct gz_field *
field_named(struct reading *r, struct gz_str name, const gz_json *at)
{
    const struct gz_field *f = gz_kind_field(r->kind, name);
    const struct gz_field *near = f ? NULL : gz_kind_nearest(r->kind, name);

    if (near)
        gz_json_fault(r->doc, at, r->err,
                      _("unknown field '" GZ_STR_FMT "' of '" GZ_STR_FMT
                        "': is it '" GZ_STR_FMT "'?"),
                      GZ_STR_ARG(gz_str_first(name, 60)), GZ_STR_ARG(r->kind->name),
                      GZ_STR_ARG(near->name));
    else if (!f)
        gz_json_fault(r->doc, at, r->err,
                      _("unknown field '" GZ_STR_FMT "' of '" GZ_STR_FMT "'"),
                      GZ_STR_ARG(gz_str_first(name, 60)), GZ_STR_ARG(r->kind->name));
    return f;
}

static bool
read_part(struct reading *r, struct gz_str part, const gz_json *at, struct gz_dim *d)
{
    static const struct {
        const char *name;
        enum gz_dim_part part;
    } parts[] = {
        { "year", GZ_DIM_YEAR },   { "quarter", GZ_DIM_QUARTER },
        { "month", GZ_DIM_MONTH }, { "week", GZ_DIM_WEEK },
        { "day", GZ_DIM_DAY },     { "weekday", GZ_DIM_WEEKDAY },
        { "hour", GZ_DIM_HOUR },
    };
    uint64_t level;

    for (size_t i = 0; i < GZ_COUNT(parts); i++)
        if (gz_str_is(part, parts[i].name)) {
            d->part = parts[i].part;
            return true;
        }
    d->part = GZ_DIM_LEVEL;
    if (!gz_num_u64(part, &level) || level < 1 || level > 9)
        return fault(r, at,
                     _("after ':' comes a level from 1 to 9, or year, quarter, month, "
                       "week, day, weekday, hour"));
    d->level = (int32_t)level;
    return true;
}

static bool
read_fields(struct reading *r, struct gz_str names, const gz_json *at, struct gz_dim *d)
{
    struct gz_str *field = NULL;
    size_t cap = 0;
    struct gz_cut cut = { .tail = names, .found = true };

    while (cut.found) {
        const struct gz_field *f;

        cut = gz_str_cut(cut.tail, GZ_STR("|"));
        f = field_named(r, gz_str_trim(cut.head), at);
        if (!f)
            return false;
        if (d->part > GZ_DIM_LEVEL && f->type != GZ_FIELD_TIME)
            return fault(r, at, _("only a time has years, months, days ..."));
        field = gz_arena_grow(r->arena, field, &cap, d->field_count + 1, sizeof(*field));
        field[d->field_count++] = f->name;
        d->multi = d->multi || f->type == GZ_FIELD_LIST;
    }
    d->field = field;
    return true;
}

// [{"value","zh","en","when"}, ...]: the first whose condition holds.
static bool
read_cases(struct reading *r, const gz_json *v, struct gz_dim *d)
{
    static const char *const known[] = { "value", "zh", "en", "when", NULL };
    struct gz_dim_case *c = gz_arena_new(r->arena, struct gz_dim_case, gz_json_count(v));

    if (gz_json_type(v) != GZ_JSON_ARRAY || gz_json_count(v) == 0)
        return fault(r, v, _("expected an array of cases"));
    d->cases = c;
    for (size_t i = 0; i < gz_json_count(v); i++) {
        const gz_json *at = gz_json_at(v, i);
        struct gz_cond_setup found = { 0 };
        const struct gz_cond *cond;

        if (!only_members(r, at, known))
            return false;
        c[i] = (struct gz_dim_case){ text_of(r, at, "value"), text_of(r, at, "zh"),
                                     text_of(r, at, "en"), gz_json_get(at, "when") };
        if (!c[i].value.len)
            return fault(r, at, _("a case has a value"));
        if (!try_condition(r, c[i].when, &found, &cond))
            return false;
        if (found.needs_as_of)
            return fault(r, at, _("a case cannot depend on the as-of date"));
        d->case_count++;
    }
    return true;
}

// "category|category_given:1", "received_at:month", "scheme.unit",
// {"name","of","title"}, or {"name","cases","title"}.
static bool
read_dim(struct reading *r, const gz_json *v, struct gz_dim *d)
{
    static const char *const known[] = { "name", "of", "title", "cases", NULL };
    bool object = gz_json_type(v) == GZ_JSON_OBJECT;
    struct gz_str of =
        object ? text_of(r, v, "of") : gz_arena_dup(r->arena, gz_json_string(v));
    struct gz_cut cut = gz_str_cut(of, GZ_STR(":"));

    *d = (struct gz_dim){ .name = of };
    if (object) {
        if (!only_members(r, v, known) || !read_name(r, v, &d->name))
            return false;
        read_title(r, v, &d->zh, &d->en);
    }
    if (object && !of.len && gz_json_get(v, "cases"))
        return read_cases(r, gz_json_get(v, "cases"), d);
    if (!of.len)
        return fault(r, v, _("expected a field, such as \"category:1\""));
    if (gz_str_is(of, "scheme.unit") || gz_str_is(of, "scheme.unit_by")) {
        d->field = r->scheme->unit;
        d->field_count = r->scheme->unit_count;
        d->which = gz_str_is(of, "scheme.unit_by");
        if (!object)
            d->name = d->which ? GZ_STR("unit_by") : GZ_STR("unit");
        return true;
    }
    if (gz_str_is(of, "scheme.exclusion")) {
        d->exclusion = true;
        if (!object)
            d->name = GZ_STR("exclusion");
        return true;
    }
    if (gz_str_is(of, "scheme.counts")) {
        d->counts = true;
        if (!object)
            d->name = GZ_STR("counts");
        return true;
    }
    return (!cut.found || read_part(r, cut.tail, v, d)) && read_fields(r, cut.head, v, d);
}

static bool
read_dims(struct reading *r, const gz_json *v, const struct gz_dim **out, size_t *count)
{
    struct gz_dim *d;
    size_t multi = 0;

    *count = v ? gz_json_count(v) : 0;
    d = gz_arena_new(r->arena, struct gz_dim, *count);
    *out = d;
    if (v && gz_json_type(v) != GZ_JSON_ARRAY)
        return fault(r, v, _("expected an array of fields"));
    for (size_t i = 0; i < *count; i++) {
        if (!read_dim(r, gz_json_at(v, i), &d[i]))
            return false;
        multi += d[i].multi;
    }
    if (*count > GZ_PLAN_DIMS)
        return fault(r, v, _("a table has at most 16 dimensions"));
    return multi < 2 || fault(r, v, _("only one of a table's dimensions can be a list"));
}

// ---- measures ----

static void
need(struct gz_arena *arena, struct gz_measure *m, size_t *cap, struct gz_str field)
{
    struct gz_str *needs;

    for (size_t i = 0; i < m->needs_count; i++)
        if (gz_str_eq(m->needs[i], field))
            return;
    needs = gz_arena_new(arena, struct gz_str, m->needs_count + 1);
    if (m->needs_count)
        memcpy(needs, m->needs, m->needs_count * sizeof(*needs));
    needs[m->needs_count++] = field;
    m->needs = needs;
    *cap = m->needs_count;
}

static bool
check_where(struct reading *r, const gz_json *v, struct gz_measure *m, size_t *cap)
{
    struct gz_cond_setup found;
    const struct gz_cond *cond;
    struct gz_str *field;
    size_t count = 0;

    if (!try_condition(r, v, &found, &cond))
        return false;
    field = cond ? gz_cond_needs(cond, r->slots, r->arena, &count) : NULL;
    for (size_t i = 0; i < count; i++)
        need(r->arena, m, cap, field[i]);
    m->needs_as_of = m->needs_as_of || found.needs_as_of;
    return true;
}

static bool
read_measure_field(struct reading *r, const gz_json *v, struct gz_measure *m, size_t i)
{
    const struct gz_field *f = field_named(r, gz_json_string(v), v);

    if (!f)
        return false;
    if (m->kind == GZ_MEASURE_DURATION && f->type != GZ_FIELD_TIME)
        return fault(r, v, _("a duration goes from one time to another"));
    if (m->kind == GZ_MEASURE_SUM && f->type != GZ_FIELD_NUM)
        return fault(r, v, _("only a number can be summed"));
    m->field[i] = f->name;
    return true;
}

static bool
read_what(struct reading *r, const gz_json *v, struct gz_measure *m)
{
    const gz_json *sum = gz_json_get(v, "sum"), *set = gz_json_get(v, "distinct");
    const gz_json *span = gz_json_get(v, "duration");

    if (!!sum + !!set + !!span > 1)
        return fault(r, v, _("a measure is one of sum, distinct, duration, or a count"));
    if (sum) {
        m->kind = GZ_MEASURE_SUM;
        return read_measure_field(r, sum, m, 0);
    }
    if (set) {
        m->kind = GZ_MEASURE_DISTINCT;
        return read_measure_field(r, set, m, 0);
    }
    if (!span)
        return true;
    m->kind = GZ_MEASURE_DURATION;
    if (gz_json_type(span) != GZ_JSON_ARRAY || gz_json_count(span) != 2)
        return fault(r, span, _("a duration is [\"from\",\"to\"]"));
    return read_measure_field(r, gz_json_at(span, 0), m, 0) &&
           read_measure_field(r, gz_json_at(span, 1), m, 1);
}

// The time field that `key` names in the measure, or else in its table.
static bool
read_at(struct reading *r, const gz_json *v, const gz_json *table, const char *key,
        struct gz_str *out)
{
    const gz_json *at = gz_json_get(v, key);
    const struct gz_field *f;

    if (!at && !gz_json_get(v, "at"))
        at = gz_json_get(table, key);
    if (!at || gz_json_type(at) == GZ_JSON_NULL)
        return true;
    f = field_named(r, gz_json_string(at), at);
    if (!f)
        return false;
    *out = f->name;
    return f->type == GZ_FIELD_TIME || fault(r, at, _("a period is told from a time"));
}

static bool
read_measure(struct reading *r, const gz_json *v, const gz_json *table,
             struct gz_measure *m)
{
    static const char *const known[] = { "name",     "title",    "where", "sum",
                                         "distinct", "duration", "at",    "or_at",
                                         "window",   NULL };
    size_t cap = 0;

    if (!only_members(r, v, known) || !read_name(r, v, &m->name) || !read_what(r, v, m) ||
        !read_at(r, v, table, "at", &m->at) || !read_at(r, v, table, "or_at", &m->or_at))
        return false;
    read_title(r, v, &m->zh, &m->en);
    m->window = text_of(r, v, "window");
    if (!m->window.len)
        m->window = text_of(r, table, "window");
    if (!m->window.len)
        m->window = GZ_STR("main");
    m->where = gz_json_get(v, "where");
    for (size_t i = 0; i < 2; i++)
        if (m->field[i].len)
            need(r->arena, m, &cap, m->field[i]);
    // The table's own filter says which rows there are, not what the measure needs.
    return check_where(r, m->where, m, &cap);
}

enum { MAX_MEASURES = 1000 };

static bool
read_measures(struct reading *r, const gz_json *v, struct gz_table *t)
{
    const gz_json *list = gz_json_get(v, "measures");
    struct gz_measure *m;

    t->measure_count = list ? gz_json_count(list) : 0;
    if (!t->measure_count || gz_json_type(list) != GZ_JSON_ARRAY)
        return fault(r, v, _("a table has an array of measures"));
    // They are compared with one another, here and for each row.
    if (t->measure_count > MAX_MEASURES)
        return fault(r, list, _("a table has at most 1000 measures"));
    m = gz_arena_new(r->arena, struct gz_measure, t->measure_count);
    t->measure = m;
    for (size_t i = 0; i < t->measure_count; i++) {
        if (!read_measure(r, gz_json_at(list, i), v, &m[i]))
            return false;
        t->periods = t->periods || m[i].at.len;
        for (size_t k = 0; k < i; k++)
            if (gz_str_eq(m[k].name, m[i].name))
                return fault(r, gz_json_at(list, i), _("two measures have this name"));
    }
    return true;
}

// ---- tables and lists ----

static bool
read_table(struct reading *r, const gz_json *v, struct gz_table *t)
{
    static const char *const known[] = { "name",     "title", "rec",    "by",
                                         "at",       "or_at", "window", "where",
                                         "measures", "total", NULL };
    const gz_json *total = gz_json_get(v, "total");
    struct gz_cond_setup found;
    const struct gz_cond *cond;

    if (!only_members(r, v, known) || !read_name(r, v, &t->name) ||
        !read_kind(r, v, &t->rec))
        return false;
    read_title(r, v, &t->zh, &t->en);
    t->where = gz_json_get(v, "where");
    t->apart = total && !gz_json_is_true(total);
    return read_dims(r, gz_json_get(v, "by"), &t->dim, &t->dim_count) &&
           try_condition(r, t->where, &found, &cond) && read_measures(r, v, t);
}

static bool
read_list(struct reading *r, const gz_json *v, struct gz_list *l)
{
    static const char *const known[] = { "name",  "title",  "rec",     "where",
                                         "order", "id",     "columns", "limit",
                                         "at",    "window", NULL };
    struct gz_cond_setup found;
    const struct gz_cond *cond;
    const struct gz_field *id;

    if (!only_members(r, v, known) || !read_name(r, v, &l->name) ||
        !read_kind(r, v, &l->rec))
        return false;
    read_title(r, v, &l->zh, &l->en);
    l->where = gz_json_get(v, "where");
    l->limit = (uint64_t)gz_json_int(gz_json_get(v, "limit"), 200);
    if (l->limit < 1 || l->limit > 100000)
        return fault(r, v, _("a list's limit is from 1 to 100000"));
    if (!read_dims(r, gz_json_get(v, "order"), &l->order, &l->order_count) ||
        !read_dims(r, gz_json_get(v, "columns"), &l->column, &l->column_count) ||
        !try_condition(r, l->where, &found, &cond))
        return false;
    l->needs_as_of = found.needs_as_of;
    id = field_named(r, gz_json_string(gz_json_get(v, "id")), v);
    if (!id)
        return false;
    l->id = id->name;
    l->window = GZ_STR("main");
    if (gz_json_get(v, "window"))
        l->window = text_of(r, v, "window");
    if (gz_json_get(v, "at")) {
        const struct gz_field *at = field_named(r, text_of(r, v, "at"), v);

        if (!at)
            return false;
        if (at->type != GZ_FIELD_TIME)
            return fault(r, v, _("a list's at is a time field"));
        l->at = at->name;
    }
    return l->column_count || fault(r, v, _("a list has columns"));
}

static bool
read_lists(struct reading *r, const gz_json *lists)
{
    size_t n = lists ? gz_json_count(lists) : 0;
    struct gz_list *l = gz_arena_new(r->arena, struct gz_list, n);

    for (size_t i = 0; i < n; i++)
        if (!read_list(r, gz_json_at(lists, i), &l[i]))
            return false;
    r->plan->list = l;
    r->plan->list_count = n;
    return true;
}

static bool
read_plan(struct reading *r, const gz_json *root)
{
    static const char *const known[] = { "name",   "title",   "tables", "lists", "where",
                                         "remark", "account", "scheme", NULL };
    struct gz_plan *p = r->plan;
    const gz_json *tables = gz_json_get(root, "tables");
    const gz_json *account = gz_json_get(root, "account");
    struct gz_table *t;

    if (!only_members(r, root, known) || !read_name(r, root, &p->name))
        return false;
    p->full_account = gz_str_is(gz_json_string(account), "full");
    if (account && !p->full_account && !gz_str_is(gz_json_string(account), "brief"))
        return fault(r, account, _("an account is \"brief\" or \"full\""));
    read_title(r, root, &p->zh, &p->en);
    p->where = gz_json_get(root, "where");
    p->table_count = tables ? gz_json_count(tables) : 0;
    if (!p->table_count || gz_json_type(tables) != GZ_JSON_ARRAY)
        return fault(r, root, _("a plan has an array of tables"));
    t = gz_arena_new(r->arena, struct gz_table, p->table_count);
    p->table = t;
    for (size_t i = 0; i < p->table_count; i++) {
        if (!read_table(r, gz_json_at(tables, i), &t[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (gz_str_eq(t[k].name, t[i].name))
                return fault(r, gz_json_at(tables, i), _("two tables have this name"));
    }
    return read_lists(r, gz_json_get(root, "lists"));
}

// ---- from outside ----

struct gz_plan *
gz_plan_parse(struct gz_arena *arena, struct gz_str text, const char *name,
              const struct gz_scheme *scheme, const struct gz_schema *schema,
              struct gz_err *err)
{
    struct gz_plan *p = gz_arena_new(arena, struct gz_plan, 1);
    struct gz_slots *slots = gz_arena_new(arena, struct gz_slots, 1);
    struct reading r = { arena, slots, scheme, schema, NULL, NULL, p, err };
    struct gz_buf compact = { 0 };
    bool good;

    gz_slots_init(slots, arena);
    p->doc = r.doc = gz_json_parse(text, name, err);
    if (p->doc && gz_json_get(gz_json_root(p->doc), "base")) {
        if (!gz_plan_join(arena, p->doc, 0, &text, err)) {
            gz_plan_release(p);
            return NULL;
        }
        gz_json_free(p->doc);
        p->doc = r.doc = gz_json_parse(text, name, err);
    }
    good = p->doc && read_plan(&r, gz_json_root(p->doc));
    if (!good) {
        gz_plan_release(p);
        return NULL;
    }
    gz_json_compact(text, &compact);
    p->text = gz_arena_dup(arena, gz_buf_str(&compact));
    gz_buf_release(&compact);
    return p;
}

void
gz_plan_release(struct gz_plan *p)
{
    if (!p)
        return;
    gz_json_free(p->doc);
    p->doc = NULL;
}

struct gz_plan *
gz_plan_load(struct gz_arena *arena, const char *name_or_path,
             const struct gz_scheme *scheme, const struct gz_schema *schema,
             struct gz_err *err)
{
    struct gz_found found;

    if (gz_find(arena, "plans", name_or_path, &found, err))
        return NULL;
    return gz_plan_parse(arena, found.text, found.name, scheme, schema, err);
}

const struct gz_table *
gz_plan_table(const struct gz_plan *p, struct gz_str name)
{
    for (size_t i = 0; i < p->table_count; i++)
        if (gz_str_eq(p->table[i].name, name))
            return &p->table[i];
    return NULL;
}

const struct gz_measure *
gz_table_measure(const struct gz_table *t, struct gz_str name)
{
    for (size_t i = 0; i < t->measure_count; i++)
        if (gz_str_eq(t->measure[i].name, name))
            return &t->measure[i];
    return NULL;
}
