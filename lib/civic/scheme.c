// SPDX-License-Identifier: MIT
#include "civic/scheme.h"

#include "base/tr.h"
#include "pack/find.h"
#include "record/writer.h"

enum { MAX_BASES = 4, DAY = 86400 };

// Where the members go that fill() meets.
struct filling {
    struct gz_arena *arena;
    const struct gz_json_doc *doc;
    struct gz_scheme *s;
    struct gz_err *err;
};

static bool
fault(struct filling *f, const gz_json *v, const char *what)
{
    gz_json_fault(f->doc, v, f->err, "%s", what);
    return false;
}

// ---- small values ----

static bool
fill_text(struct filling *f, const gz_json *v, struct gz_str *out)
{
    if (gz_json_type(v) != GZ_JSON_STRING)
        return fault(f, v, _("expected a string"));
    *out = gz_arena_dup(f->arena, gz_json_string(v));
    return true;
}

// {"zh":"…","en":"…"}
static bool
fill_names(struct filling *f, const gz_json *v, struct gz_str *zh, struct gz_str *en)
{
    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return fault(f, v, _("expected {\"zh\":…,\"en\":…}"));
    *zh = gz_arena_dup(f->arena, gz_json_string(gz_json_get(v, "zh")));
    *en = gz_arena_dup(f->arena, gz_json_string(gz_json_get(v, "en")));
    return true;
}

static bool
fill_texts(struct filling *f, const gz_json *v, const struct gz_str **out, size_t *count)
{
    struct gz_str *text;

    *count = gz_json_count(v);
    if (gz_json_type(v) != GZ_JSON_ARRAY || *count == 0)
        return fault(f, v, _("expected an array of strings"));
    text = gz_arena_new(f->arena, struct gz_str, *count);
    for (size_t i = 0; i < *count; i++)
        if (!fill_text(f, gz_json_at(v, i), &text[i]))
            return false;
    *out = text;
    return true;
}

static bool
fill_decimal(struct filling *f, const gz_json *v, struct gz_dec *out)
{
    struct gz_str text =
        gz_json_type(v) == GZ_JSON_STRING ? gz_json_string(v) : gz_json_raw(v);

    return gz_dec_parse(text, out) || fault(f, v, _("expected a decimal number"));
}

static bool
fill_int(struct filling *f, const gz_json *v, int64_t least, int64_t most, int32_t *out)
{
    int64_t n = gz_json_int(v, INT64_MIN);

    if (n < least || n > most) {
        gz_json_fault(f->doc, v, f->err, _("expected a whole number from %lld to %lld"),
                      (long long)least, (long long)most);
        return false;
    }
    *out = (int32_t)n;
    return true;
}

// One of a few words; its number.
static bool
fill_word(struct filling *f, const gz_json *v, const char *const *word, int *out)
{
    struct gz_buf all = { 0 };

    for (int i = 0; word[i]; i++) {
        if (gz_str_is(gz_json_string(v), word[i])) {
            *out = i;
            gz_buf_release(&all);
            return true;
        }
        gz_buf_printf(&all, "%s%s", i ? ", " : "", word[i]);
    }
    gz_json_fault(f->doc, v, f->err, _("expected one of: " GZ_STR_FMT),
                  GZ_STR_ARG(gz_buf_str(&all)));
    gz_buf_release(&all);
    return false;
}

// "12:00", "24:00": seconds after midnight.
static bool
fill_cut(struct filling *f, const gz_json *v, int32_t *out)
{
    struct gz_str s = gz_json_string(v);
    uint64_t h, m;

    if (s.len != 5 || s.ptr[2] != ':' || !gz_num_u64(gz_str_first(s, 2), &h) ||
        !gz_num_u64(gz_str_from(s, 3), &m) || h * 60 + m > 1440 || m > 59 || h + m == 0)
        return fault(f, v, _("expected an hour such as \"12:00\" or \"24:00\""));
    *out = (int32_t)(h * 60 + m) * 60;
    return true;
}

// ---- windows ----

static bool
fill_period(struct filling *f, const gz_json *v)
{
    static const char *const kinds[] = { "all",  "year", "quarter", "month",
                                         "week", "day",  NULL };
    struct gz_window *w = &f->s->period;
    int32_t start_day = 1;

    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return fault(f, v, _("expected an object: kind, start_day, cut"));
    for (size_t i = 0; i < gz_json_count(v); i++) {
        struct gz_str key = gz_json_key(v, i);
        const gz_json *one = gz_json_at(v, i);
        int kind;

        if (gz_str_is(key, "kind")) {
            if (!fill_word(f, one, kinds, &kind))
                return false;
            w->kind = (enum gz_period_kind)kind;
        } else if (gz_str_is(key, "start_day")) {
            if (!fill_int(f, one, 1, 31, &start_day))
                return false;
        } else if (gz_str_is(key, "cut")) {
            if (!fill_cut(f, one, &w->cut_sec))
                return false;
        } else {
            return fault(f, one, _("a period has kind, start_day and cut"));
        }
    }
    if (start_day > 1 && w->kind != GZ_PERIOD_MONTH)
        return fault(f, v, _("only a month has a start_day"));
    w->end_day = start_day - 1;
    return true;
}

static bool
fill_window(struct filling *f, const gz_json *v, struct gz_window *w)
{
    *w = f->s->period;
    w->from_back = w->end_day ? 1 : 0;
    for (size_t i = 0; i < gz_json_count(v); i++) {
        struct gz_str key = gz_json_key(v, i);
        const gz_json *one = gz_json_at(v, i);
        bool good = gz_str_is(key, "start_day") ? fill_int(f, one, 1, 31, &w->from_day)
                    : gz_str_is(key, "months_back")
                        ? fill_int(f, one, 0, 12, &w->from_back)
                    : gz_str_is(key, "end_day") ? fill_int(f, one, 1, 31, &w->end_day)
                    : gz_str_is(key, "cut")
                        ? fill_cut(f, one, &w->cut_sec)
                        : fault(f, one,
                                _("a window has start_day, months_back, end_day "
                                  "and cut"));

        if (!good)
            return false;
    }
    if (gz_json_type(v) != GZ_JSON_OBJECT || w->kind != GZ_PERIOD_MONTH)
        return fault(f, v, _("a window is an object, in a scheme of months"));
    if (gz_window_start(w, 24000) >= gz_window_end(w, 24000))
        return fault(f, v, _("the window ends before it starts"));
    return true;
}

static bool
fill_windows(struct filling *f, const gz_json *v)
{
    size_t n = gz_json_count(v);
    struct gz_str *name = gz_arena_new(f->arena, struct gz_str, n);
    struct gz_window *w = gz_arena_new(f->arena, struct gz_window, n);

    if (gz_json_type(v) != GZ_JSON_OBJECT)
        return fault(f, v, _("expected an object of windows"));
    for (size_t i = 0; i < n; i++) {
        name[i] = gz_arena_dup(f->arena, gz_json_key(v, i));
        if (!fill_window(f, gz_json_at(v, i), &w[i]))
            return false;
    }
    f->s->window_name = name;
    f->s->window = w;
    f->s->window_count = n;
    return true;
}

// ---- rates, score, ranks ----

static bool
fill_terms(struct filling *f, const gz_json *v, const struct gz_term **out, size_t *count)
{
    struct gz_term *t;

    if (gz_json_type(v) == GZ_JSON_STRING) { // "valid" is {"valid":1}
        t = gz_arena_new(f->arena, struct gz_term, 1);
        t->measure = gz_arena_dup(f->arena, gz_json_string(v));
        gz_dec_parse(GZ_STR("1"), &t->weight);
        *out = t;
        *count = 1;
        return true;
    }
    *count = gz_json_count(v);
    if (gz_json_type(v) != GZ_JSON_OBJECT || *count == 0)
        return fault(f, v, _("expected a measure or an object of weights"));
    t = gz_arena_new(f->arena, struct gz_term, *count);
    for (size_t i = 0; i < *count; i++) {
        t[i].measure = gz_arena_dup(f->arena, gz_json_key(v, i));
        if (!fill_decimal(f, gz_json_at(v, i), &t[i].weight))
            return false;
    }
    *out = t;
    return true;
}

static bool
fill_rate(struct filling *f, const gz_json *v, struct gz_rate *r)
{
    const gz_json *num = gz_json_get(v, "num"), *den = gz_json_get(v, "den");

    r->name = gz_arena_dup(f->arena, gz_json_string(gz_json_get(v, "name")));
    r->zh = gz_arena_dup(f->arena, gz_json_string(gz_json_get(v, "zh")));
    r->en = gz_arena_dup(f->arena, gz_json_string(gz_json_get(v, "en")));
    if (!r->name.len || !num || !den)
        return fault(f, v, _("a rate has name, num and den"));
    return fill_terms(f, num, &r->num, &r->num_count) &&
           fill_terms(f, den, &r->den, &r->den_count);
}

static bool
fill_rates(struct filling *f, const gz_json *v)
{
    size_t n = gz_json_count(v);
    struct gz_rate *r = gz_arena_new(f->arena, struct gz_rate, n);

    if (gz_json_type(v) != GZ_JSON_ARRAY)
        return fault(f, v, _("expected an array of rates"));
    for (size_t i = 0; i < n; i++)
        if (!fill_rate(f, gz_json_at(v, i), &r[i]))
            return false;
    f->s->rate = r;
    f->s->rate_count = n;
    return true;
}

static bool
fill_score(struct filling *f, const gz_json *v)
{
    const gz_json *weights = gz_json_get(v, "weights");
    const gz_json *scale = gz_json_get(v, "scale"), *places = gz_json_get(v, "decimals");
    size_t n = weights ? gz_json_count(weights) : 0;
    struct gz_score_part *part = gz_arena_new(f->arena, struct gz_score_part, n);

    f->s->score_count = 0;
    if (gz_json_type(v) == GZ_JSON_NULL)
        return true;
    if (n == 0)
        return fault(f, v, _("a score is null or has weights"));
    for (size_t i = 0; i < n; i++) {
        part[i].rate = gz_arena_dup(f->arena, gz_json_key(weights, i));
        if (!fill_decimal(f, gz_json_at(weights, i), &part[i].weight))
            return false;
    }
    f->s->score = part;
    f->s->score_count = n;
    return (!scale || fill_decimal(f, scale, &f->s->score_scale)) &&
           (!places || fill_int(f, places, 0, 6, &f->s->score_decimals));
}

// ["score", "-received", "unit"]: '-' is descending; rates and scores always are.
static bool
fill_rank(struct filling *f, const gz_json *v)
{
    const struct gz_str *by;
    struct gz_rank_key *key;
    size_t n;

    if (!fill_texts(f, v, &by, &n))
        return false;
    key = gz_arena_new(f->arena, struct gz_rank_key, n);
    for (size_t i = 0; i < n; i++) {
        key[i].descending = gz_str_starts(by[i], GZ_STR("-"));
        key[i].by = gz_str_from(by[i], key[i].descending);
    }
    f->s->rank = key;
    f->s->rank_count = n;
    return true;
}

static bool
fill_exclusions(struct filling *f, const gz_json *v)
{
    size_t n = gz_json_count(v);
    struct gz_exclusion *e = gz_arena_new(f->arena, struct gz_exclusion, n);

    if (gz_json_type(v) != GZ_JSON_ARRAY)
        return fault(f, v, _("expected an array of exclusions"));
    for (size_t i = 0; i < n; i++) {
        const gz_json *one = gz_json_at(v, i);

        e[i].code = gz_arena_dup(f->arena, gz_json_string(gz_json_get(one, "code")));
        e[i].zh = gz_arena_dup(f->arena, gz_json_string(gz_json_get(one, "zh")));
        e[i].en = gz_arena_dup(f->arena, gz_json_string(gz_json_get(one, "en")));
        e[i].when = gz_json_get(one, "when");
        if (!e[i].code.len || !e[i].when)
            return fault(f, one, _("an exclusion has code and when"));
    }
    f->s->exclusion = e;
    f->s->exclusion_count = n;
    return true;
}

// ---- the members of a scheme ----

static bool
fill_how(struct filling *f, struct gz_str key, const gz_json *v, bool *known)
{
    static const char *const follow_up[] = { "final", "first", NULL };
    static const char *const rounding[] = { "half_up", "half_even", NULL };
    static const char *const zero[] = { "dash", "zero", "hundred", NULL };
    static const char *const summary[] = { "both", "pooled", "mean", NULL };
    struct gz_scheme *s = f->s;
    int word = 0;
    bool good = true;

    if (gz_str_is(key, "follow_up")) {
        good = fill_word(f, v, follow_up, &word);
        s->first_follow_up = word == 1;
    } else if (gz_str_is(key, "rounding")) {
        good = fill_word(f, v, rounding, &word);
        s->rounding = (enum gz_rounding)word;
    } else if (gz_str_is(key, "zero_den")) {
        good = fill_word(f, v, zero, &word);
        s->zero_den = (enum gz_zero_den)word;
    } else if (gz_str_is(key, "summary")) {
        good = fill_word(f, v, summary, &word);
        s->summary = (enum gz_summary)word;
    } else if (gz_str_is(key, "decimals")) {
        good = fill_int(f, v, 0, 6, &s->decimals);
    } else if (gz_str_is(key, "small_n")) {
        s->small_n = gz_json_int(v, -1);
        good = s->small_n >= 0 || fault(f, v, _("expected a whole number"));
    } else if (gz_str_is(key, "official")) {
        s->official = gz_json_is_true(v);
    } else {
        *known = false;
    }
    return good;
}

static bool
fill_without(struct filling *f, const gz_json *v)
{
    struct gz_scheme *s = f->s;

    return fill_text(f, gz_json_get(v, "field"), &s->without_field) &&
           fill_text(f, gz_json_get(v, "scheme"), &s->without_take);
}

static bool
fill_what(struct filling *f, struct gz_str key, const gz_json *v)
{
    struct gz_scheme *s = f->s;
    bool known = true, good = fill_how(f, key, v, &known);

    if (known)
        return good;
    if (gz_str_is(key, "name"))
        return fill_text(f, v, &s->name);
    if (gz_str_is(key, "title"))
        return fill_names(f, v, &s->title_zh, &s->title_en);
    if (gz_str_is(key, "note"))
        return fill_names(f, v, &s->note_zh, &s->note_en);
    if (gz_str_is(key, "valid_from"))
        return fill_text(f, v, &s->valid_from);
    if (gz_str_is(key, "valid_to"))
        return fill_text(f, v, &s->valid_to);
    if (gz_str_is(key, "period"))
        return true; // before the others, for windows are made of it
    if (gz_str_is(key, "windows"))
        return fill_windows(f, v);
    if (gz_str_is(key, "unit"))
        return fill_texts(f, v, &s->unit, &s->unit_count);
    if (gz_str_is(key, "without"))
        return fill_without(f, v);
    if (gz_str_is(key, "exclude"))
        return fill_exclusions(f, v);
    if (gz_str_is(key, "rates"))
        return fill_rates(f, v);
    if (gz_str_is(key, "score"))
        return fill_score(f, v);
    if (gz_str_is(key, "rank"))
        return fill_rank(f, v);
    if (gz_str_is(key, "rank_groups"))
        return gz_scheme_fill_groups(s, f->arena, f->doc, v, f->err);
    if (gz_str_is(key, "classes"))
        return gz_scheme_fill_classes(s, f->arena, f->doc, v, f->err);
    if (gz_str_is(key, "conditions"))
        return gz_json_type(v) == GZ_JSON_OBJECT ||
               fault(f, v, _("expected an object of conditions"));
    if (gz_str_is(key, "roles") || gz_str_is(key, "kinds"))
        return gz_str_is(gz_json_string(v), "all") || gz_json_type(v) == GZ_JSON_ARRAY ||
               fault(f, v, _("expected \"all\" or an array of words"));
    if (gz_str_is(key, "base") || gz_str_is(key, "remark"))
        return true;
    gz_json_fault(f->doc, v, f->err, _("unknown line '" GZ_STR_FMT "' in a scheme"),
                  GZ_STR_ARG(gz_str_first(key, 60)));
    return false;
}

static bool
fill(struct filling *f, const gz_json *root)
{
    const gz_json *period = gz_json_get(root, "period");

    if (gz_json_type(root) != GZ_JSON_OBJECT)
        return fault(f, root, _("a scheme is a JSON object"));
    if (period && !fill_period(f, period))
        return false;
    for (size_t i = 0; i < gz_json_count(root); i++)
        if (!fill_what(f, gz_json_key(root, i), gz_json_at(root, i)))
            return false;
    return f->s->name.len || fault(f, root, _("a scheme has a name"));
}

// ---- base and compact text ----

static const gz_json *
get_key(const gz_json *object, struct gz_str key)
{
    for (size_t i = 0; object && i < gz_json_count(object); i++)
        if (gz_str_eq(gz_json_key(object, i), key))
            return gz_json_at(object, i);
    return NULL;
}

// The members of `base` with those of `own` in their place, then the rest of `own`.
// Conditions are joined one by one.
static void
put_joined(struct gz_buf *b, const gz_json *base, const gz_json *own, bool top)
{
    const char *sep = "{";

    for (int pass = 0; pass < 2; pass++) {
        const gz_json *from = pass ? own : base;

        for (size_t i = 0; from && i < gz_json_count(from); i++) {
            struct gz_str key = gz_json_key(from, i);
            const gz_json *mine = get_key(own, key), *theirs = get_key(base, key);

            if ((pass && theirs) || (top && gz_str_is(key, "base")))
                continue;
            gz_buf_cstr(b, sep);
            gz_write_string(b, key);
            gz_buf_char(b, ':');
            if (top && mine && theirs && gz_str_is(key, "conditions"))
                put_joined(b, theirs, mine, false);
            else
                gz_json_compact(gz_json_raw(mine ? mine : theirs), b);
            sep = ",";
        }
    }
    gz_buf_cstr(b, *sep == '{' ? "{}" : "}");
}

static bool join_text(struct filling *f, const gz_json *root, int depth,
                      struct gz_buf *out);

static bool
put_with_base(struct filling *f, const gz_json *root, const gz_json *base, int depth,
              struct gz_buf *out)
{
    const char *name = gz_arena_cstr(f->arena, gz_json_string(base));
    struct gz_found found;
    struct gz_json_doc *doc = NULL;
    struct gz_buf text = { 0 };
    bool good = false;

    if (depth == MAX_BASES)
        return fault(f, base, _("a base has a base, too often"));
    if (gz_find(f->arena, "schemes", name, &found, f->err))
        return false;
    doc = gz_json_parse(found.text, found.name, f->err);
    if (doc && join_text(f, gz_json_root(doc), depth + 1, &text)) {
        struct gz_json_doc *whole = gz_json_parse(gz_buf_str(&text), found.name, f->err);

        if (whole)
            put_joined(out, gz_json_root(whole), root, true);
        good = whole != NULL;
        gz_json_free(whole);
    }
    gz_json_free(doc);
    gz_buf_release(&text);
    return good;
}

static bool
join_text(struct filling *f, const gz_json *root, int depth, struct gz_buf *out)
{
    const gz_json *base = gz_json_get(root, "base");

    if (base)
        return put_with_base(f, root, base, depth, out);
    put_joined(out, NULL, root, true);
    return true;
}

// ---- derived conditions ----

// "roles":["lead",""] is {"any":[{"field":"role","is":["lead"]},{"field":"role",…}]}.
static void
put_choice(struct gz_buf *b, const gz_json *list, const char *field)
{
    if (!list || gz_json_type(list) != GZ_JSON_ARRAY)
        return;
    gz_buf_printf(b, "{\"any\":[{\"field\":\"%s\",\"is\":", field);
    gz_json_compact(gz_json_raw(list), b);
    gz_buf_char(b, '}');
    for (size_t i = 0; i < gz_json_count(list); i++)
        if (gz_json_string(gz_json_at(list, i)).len == 0)
            gz_buf_printf(b, ",{\"field\":\"%s\",\"absent\":true}", field);
    gz_buf_lit(b, "]},");
}

static bool
derive(struct gz_scheme *s, struct gz_err *err)
{
    const gz_json *root = gz_json_root(s->doc);
    const gz_json *own = gz_json_get(gz_json_get(root, "conditions"), "counted");
    struct gz_buf b = { 0 };

    gz_buf_lit(&b, "{\"counted\":{\"all\":[");
    put_choice(&b, gz_json_get(root, "roles"), "role");
    put_choice(&b, gz_json_get(root, "kinds"), "kind");
    if (own)
        gz_json_compact(gz_json_raw(own), &b);
    else if (b.ptr[b.len - 1] == ',')
        b.len--;
    gz_buf_lit(&b, "]},\"excluded\":{\"any\":[");
    for (size_t i = 0; i < s->exclusion_count; i++) {
        if (i)
            gz_buf_char(&b, ',');
        gz_json_compact(gz_json_raw(s->exclusion[i].when), &b);
    }
    gz_buf_lit(&b, "]}}");
    s->derived = gz_json_parse(gz_buf_str(&b), "scheme", err);
    gz_buf_release(&b);
    return s->derived != NULL;
}

// ---- from outside ----

static void
set_defaults(struct gz_scheme *s)
{
    static const struct gz_str unit[] = { { "lead_org", 8 }, { "subdistrict", 11 } };

    s->period = (struct gz_window){ .kind = GZ_PERIOD_MONTH, .cut_sec = DAY };
    s->unit = unit;
    s->unit_count = GZ_COUNT(unit);
    s->decimals = 1;
    s->score_decimals = 1;
    gz_dec_parse(GZ_STR("100"), &s->score_scale);
}

struct gz_scheme *
gz_scheme_parse(struct gz_arena *arena, struct gz_str text, const char *name,
                struct gz_err *err)
{
    struct gz_scheme *s = gz_arena_new(arena, struct gz_scheme, 1);
    struct filling f = { arena, NULL, s, err };
    struct gz_buf joined = { 0 };

    // Once as it was given, so that faults have their place; then with its base.
    set_defaults(s);
    f.doc = s->source = gz_json_parse(text, name, err);
    if (!s->source || !fill(&f, gz_json_root(s->source)) ||
        !join_text(&f, gz_json_root(s->source), 0, &joined))
        goto fail;
    s->text = gz_arena_dup(arena, gz_buf_str(&joined));
    set_defaults(s);
    f.doc = s->doc = gz_json_parse(s->text, name, err);
    if (!s->doc || !fill(&f, gz_json_root(s->doc)) || !derive(s, err))
        goto fail;
    gz_buf_release(&joined);
    return s;
fail:
    gz_buf_release(&joined);
    gz_scheme_release(s);
    return NULL;
}

void
gz_scheme_release(struct gz_scheme *s)
{
    if (!s)
        return;
    gz_json_free(s->doc);
    gz_json_free(s->source);
    gz_json_free(s->derived);
    s->doc = s->source = s->derived = NULL;
}

struct gz_scheme *
gz_scheme_load(struct gz_arena *arena, const char *name_or_path, struct gz_err *err)
{
    struct gz_found found;

    if (gz_find(arena, "schemes", name_or_path, &found, err))
        return NULL;
    return gz_scheme_parse(arena, found.text, found.name, err);
}

const gz_json *
gz_scheme_condition(const struct gz_scheme *s, struct gz_str name,
                    const struct gz_json_doc **doc)
{
    const gz_json *v;

    if (gz_str_is(name, "counted") || gz_str_is(name, "excluded")) {
        *doc = s->derived;
        return get_key(gz_json_root(s->derived), name);
    }
    *doc = s->source;
    v = get_key(gz_json_get(gz_json_root(s->source), "conditions"), name);
    if (v)
        return v;
    *doc = s->doc;
    return get_key(gz_json_get(gz_json_root(s->doc), "conditions"), name);
}

struct gz_window
gz_scheme_window(const struct gz_scheme *s, struct gz_str name)
{
    for (size_t i = 0; i < s->window_count; i++)
        if (gz_str_eq(s->window_name[i], name))
            return s->window[i];
    if (gz_str_is(name, "calendar"))
        return (struct gz_window){ .kind = s->period.kind, .cut_sec = DAY };
    return s->period;
}

const struct gz_rate *
gz_scheme_rate(const struct gz_scheme *s, struct gz_str name)
{
    for (size_t i = 0; i < s->rate_count; i++)
        if (gz_str_eq(s->rate[i].name, name))
            return &s->rate[i];
    return NULL;
}
