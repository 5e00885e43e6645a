// SPDX-License-Identifier: MIT
#include "route/route.h"

#include <string.h>

#include "civic/checker.h"
#include "record/cursor.h"
#include "record/keyset.h"
#include "record/writer.h"
#include "route/classify.h"
#include "route/explain.h"
#include "route/strip.h"

// The fields that are written, as gz_decision has them.
enum field {
    CATEGORY,
    CATEGORY_SRC,
    CATEGORY_SCORE,
    BREADTH,
    RESOURCE_POOL,
    LADDER,
    TIER,
    DUTY,
    TO_ORG,
    TO_CO_ORGS,
    COPY_ORGS,
    CALL_ORGS,
    OWNER,
    AGENDA_TIER,
    DUE_AT,
    DUE_SRC,
    ROUTE_OUTCOME,
    STEP,
    STEPS,
    UNRECORDED,
    CHECKS,
    RULES,
    EVIDENCE,
    ALTERNATIVES,
    CATEGORIES,
    FIELD,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    "category",  "category_src",  "category_score", "breadth",      "resource_pool",
    "ladder",    "tier",          "duty",           "to_org",       "to_co_orgs",
    "copy_orgs", "call_orgs",     "owner",          "agenda_tier",  "due_at",
    "due_src",   "route_outcome", "step",           "steps",        "unrecorded",
    "checks",    "rules",         "evidence",       "alternatives", "categories",
    "field",
};

// Which member is which fact. Text that may be escaped is decoded when it is read.
static const struct fact {
    const char *key;
    size_t to;
} facts[] = {
#define FACT(key, member)                                                                \
    {                                                                                    \
        key, offsetof(struct gz_facts, member)                                           \
    }
    FACT("title", title),
    FACT("topic", title),
    FACT("text", text),
    FACT("category_given", category_given),
    FACT("kind", kind),
    FACT("district", district),
    FACT("subdistrict", subdistrict),
    FACT("community", community),
    FACT("compound", compound),
    FACT("building", building),
    FACT("door", door),
    FACT("address", address),
    FACT("channel", channel),
    FACT("channel_class", channel_class),
    FACT("similar_persons", linked[GZ_LINKED_PERSONS]),
    FACT("similar_places", linked[GZ_LINKED_PLACES]),
    FACT("similar_days", linked[GZ_LINKED_DAYS]),
    FACT("redo_count", linked[GZ_LINKED_REDO]),
    FACT("case_owner", case_owner),
    FACT("lead_org", lead_org),
    FACT("role", role),
    FACT("forum", forum),
    FACT("tier_given", tier_given),
    FACT("received_at", received_at),
    FACT("held_at", received_at),
    FACT("collected_at", received_at),
    FACT("submitted_at", received_at),
    FACT("assigned_at", assigned_at),
    FACT("due_given", due_given),
    FACT("deadline_class", deadline_class),
    FACT("breadth_given", breadth_given),
    FACT("repeat_of", repeat_of),
    FACT("fu_solved", fu_solved),
#undef FACT
};

// A kind of record that is routed.
struct kind {
    struct gz_str name;
    bool petition, forum;
    bool decided;             // classified and routed; else it is only checked
    enum field field[FIELDS]; // its route fields, in order
    size_t fields;
    uint64_t own; // of the keys of the set: those that are its route fields
    uint8_t fact[GZ_COUNT(facts)]; // the key that is this fact of it, or NO_KEY
};

enum { KINDS = 10, NO_KEY = 255, MAX_KEYS = 64, MAX_UNDECIDED = 8 };

struct gz_router {
    struct gz_route_options options;
    struct gz_classifier *classifier;
    struct gz_decider *decider;
    struct gz_explainer why;
    const struct gz_pack *pack;
    struct gz_checker checker;
    struct gz_checked checked;
    struct gz_keyset keys;
    struct gz_member member[MAX_KEYS];
    int rec_key;
    struct kind kind[KINDS];
    struct gz_arena record;
    struct gz_decision decision;
    struct gz_buf scratch;
    struct gz_str undecided[MAX_UNDECIDED];
    size_t undecideds;
};

// ---- building ----

static int
field_of(struct gz_str name)
{
    for (int i = 0; i < FIELDS; i++)
        if (gz_str_is(name, field_names[i]))
            return i;
    return -1;
}

// The route fields of a kind are those after `ext` in the schema.
static void
learn_kind(struct gz_router *r, struct kind *k, const struct gz_kind *schema)
{
    bool after = false;

    k->name = schema->name;
    for (size_t i = 0; i < schema->count; i++) {
        struct gz_str name = schema->field[i].name;
        int field = after ? field_of(name) : -1;

        if (field >= 0) {
            k->field[k->fields++] = (enum field)field;
            k->own |= (uint64_t)1 << gz_keyset_add(&r->keys, name);
        }
        after = after || gz_str_is(name, "ext");
    }
    for (size_t i = 0; i < GZ_COUNT(facts); i++) {
        struct gz_str key = gz_str_of(facts[i].key);

        k->fact[i] =
            gz_kind_field(schema, key) ? (uint8_t)gz_keyset_add(&r->keys, key) : NO_KEY;
    }
}

struct gz_router *
gz_router_new(const struct gz_pack *pack, const struct gz_schema *schema,
              const struct gz_route_options *options, struct gz_arena *arena,
              struct gz_err *err)
{
    static const char *const names[KINDS] = { "petition", "meeting",    "agenda_item",
                                              "proposal", "whistle",    "project",
                                              "election", "resolution", "forum",
                                              "event" };
    struct gz_router *r = gz_arena_new(arena, struct gz_router, 1);

    r->options = *options;
    r->pack = pack;
    r->classifier = gz_classifier_new(pack, false, arena, err);
    if (!r->classifier)
        return NULL;
    gz_checker_make(&r->checker, pack, arena);
    r->decider = gz_decider_new(pack, &options->decide, arena);
    r->why = (struct gz_explainer){ .pack = pack,
                                    .model = options->model,
                                    .learned_names = options->learned_names,
                                    .arena = &r->record,
                                    .decision = &r->decision };
    if (options->model)
        r->why.predictor = gz_predictor_new(options->model);
    gz_keyset_init(&r->keys, arena);
    r->rec_key = gz_keyset_add(&r->keys, GZ_STR("rec"));
    for (int i = 0; i < KINDS; i++) {
        struct kind *k = &r->kind[i];

        learn_kind(r, k, gz_schema_kind(schema, gz_str_of(names[i])));
        k->petition = i == 0;
        k->forum = i == 1 || i == 2;
        k->decided = i < 4;
    }
    return r;
}

void
gz_router_free(struct gz_router *r)
{
    if (!r)
        return;
    gz_classifier_free(r->classifier);
    gz_decider_free(r->decider);
    gz_predictor_free(r->why.predictor);
    gz_arena_free(&r->record);
    gz_buf_release(&r->scratch);
    gz_explain_release(&r->why);
}

size_t
gz_router_undecided(const struct gz_router *r, const struct gz_str **id)
{
    *id = r->undecided;
    return r->undecideds;
}

// ---- writing ----

static void
put_list(struct gz_buf *out, const char *key, const struct gz_names *n)
{
    if (n->count)
        gz_write_list(out, key, n->item, n->count);
}

// All matters of a text that holds several; the first by the name that category has.
static void
put_matters(struct gz_router *r, const char *key, struct gz_buf *out)
{
    const struct gz_decision *d = &r->decision;
    struct gz_str path[GZ_MATTERS];

    if (d->matters < 2)
        return;
    for (size_t i = 0; i < d->matters; i++)
        path[i] = i == 0 && gz_explain_learned_name(&r->why)
                      ? d->label
                      : r->pack->category[d->matter[i]].path;
    gz_write_list(out, key, path, d->matters);
}

static void
write_field(struct gz_router *r, enum field field, const struct gz_names *evidence,
            const struct gz_names *alternatives, struct gz_buf *out)
{
    const struct gz_decision *d = &r->decision;
    const char *key = field_names[field];

    switch (field) {
    case CATEGORY:
        if (gz_explain_learned_name(&r->why))
            gz_write_text(out, key, d->label);
        else if (d->category != GZ_NO_CATEGORY)
            gz_write_text(out, key, r->pack->category[d->category].path);
        break;
    case CATEGORY_SRC:
        gz_write_text(out, key, gz_str_of(d->category_src));
        break;
    case CATEGORY_SCORE:
        if (d->has_score && d->label.len) {
            gz_buf_lit(out, ",\"category_score\":");
            gz_share_put(out, d->score);
        } else if (d->has_score) {
            gz_write_i64(out, key, d->score);
        }
        break;
    case BREADTH:
        gz_write_text(out, key, d->breadth);
        break;
    case RESOURCE_POOL:
        gz_write_text(out, key, d->resource_pool);
        break;
    case LADDER:
        gz_write_text(out, key, d->ladder);
        break;
    case TIER:
        gz_write_text(out, key, d->tier);
        break;
    case DUTY:
        gz_write_text(out, key, d->duty);
        break;
    case TO_ORG:
        gz_write_text(out, key, d->to_org);
        break;
    case TO_CO_ORGS:
        put_list(out, key, &d->co);
        break;
    case COPY_ORGS:
        put_list(out, key, &d->copy);
        break;
    case CALL_ORGS:
        put_list(out, key, &d->call);
        break;
    case OWNER:
        gz_write_text(out, key, d->owner);
        break;
    case AGENDA_TIER:
        gz_write_text(out, key, d->agenda_tier);
        break;
    case DUE_AT:
        gz_write_text(out, key, d->due_at);
        break;
    case DUE_SRC:
        gz_write_text(out, key, d->due_src);
        break;
    case ROUTE_OUTCOME:
        gz_write_text(out, key, d->outcome);
        break;
    case STEP:
    case STEPS:
    case UNRECORDED:
    case CHECKS:
        gz_checked_put(&r->checked, key, out);
        break;
    case RULES:
        if (d->rules.count)
            gz_write_json_list(out, key, d->rules.item, d->rules.count);
        break;
    case EVIDENCE:
        if (r->options.explain)
            put_list(out, key, evidence);
        break;
    case ALTERNATIVES:
        if (r->options.explain)
            put_list(out, key, alternatives);
        break;
    case CATEGORIES:
        put_matters(r, key, out);
        break;
    case FIELD:
        gz_write_text(out, key, d->field);
        break;
    case FIELDS:
        break;
    }
}

static void
splice(struct gz_router *r, const struct kind *k, struct gz_str line, struct gz_buf *out)
{
    uint64_t own = k->own;
    bool any = false;

    for (; own; own &= own - 1)
        any = any || r->member[__builtin_ctzll(own)].type != GZ_VALUE_NONE;
    if (any) {
        gz_strip(line, &r->keys, k->own, &r->record, out);
        return;
    }
    while (line.len && line.ptr[line.len - 1] != '}')
        line.len--;
    line.len--;
    while (line.len && memchr(" \t\r", line.ptr[line.len - 1], 3))
        line.len--;
    gz_buf_add(out, line);
}

// ---- one line ----

static void
read_facts(struct gz_router *r, const struct kind *k, struct gz_facts *f)
{
    memset(f, 0, sizeof(*f));
    f->petition = k->petition;
    f->forum_kind = k->forum;
    for (size_t i = 0; i < GZ_COUNT(facts); i++) {
        const struct gz_member *m;
        struct gz_str s;

        if (k->fact[i] == NO_KEY)
            continue;
        m = &r->member[k->fact[i]];
        if (m->type == GZ_VALUE_NONE)
            continue;
        s = gz_member_text(m, &r->record);
        memcpy((char *)f + facts[i].to, &s, sizeof(s));
    }
}

static void
name_undecided(struct gz_router *r, const struct gz_findings *f)
{
    size_t count = gz_classifier_rule_count(r->classifier);

    r->undecideds = 0;
    if (!f->undecided)
        return;
    for (size_t i = 0; i < count && r->undecideds < MAX_UNDECIDED; i++) {
        struct gz_names *rules = &r->decision.rules;
        struct gz_str id = gz_classifier_rule_id(r->classifier, i);

        if (!(f->undecided[i / 64] >> (i % 64) & 1))
            continue;
        r->undecided[r->undecideds++] = id;
        if (rules->count == GZ_CHAIN)
            continue;
        r->scratch.len = 0;
        gz_buf_lit(&r->scratch, "\"undecided:");
        gz_write_escaped(&r->scratch, id);
        gz_buf_char(&r->scratch, '"');
        rules->item[rules->count++] = gz_arena_dup(&r->record, gz_buf_str(&r->scratch));
    }
}

// What the model says, before anything is decided.
static void
ask_model(struct gz_router *r, const struct gz_findings *found, struct gz_facts *f)
{
    r->why.guesses = 0;
    if (!r->why.predictor)
        return;
    r->why.guesses =
        gz_predict(r->why.predictor, found->title, found->text, r->why.guess, GZ_GUESSES);
    if (r->why.guesses)
        f->learned =
            (struct gz_learned){ gz_model_path(r->options.model, r->why.guess[0].class),
                                 gz_share_steps(r->why.guess[0].probability) };
}

static const struct kind *
kind_of(struct gz_router *r)
{
    struct gz_str rec = gz_member_text(&r->member[r->rec_key], &r->record);

    for (int i = 0; i < KINDS; i++)
        if (gz_str_eq(rec, r->kind[i].name))
            return &r->kind[i];
    return NULL;
}

// Classify and route the record at hand.
static void
decide(struct gz_router *r, const struct kind *k, struct gz_names *evidence,
       struct gz_names *alternatives)
{
    const struct gz_findings *found;
    struct gz_facts f;
    int64_t day;

    struct gz_subject subject;

    read_facts(r, k, &f);
    f.given_is = gz_decider_given(r->decider, f.category_given);
    subject = (struct gz_subject){ f.title, f.text, { NULL, 0 } };
    if (f.given_is == GZ_NO_CATEGORY)
        subject.given = f.category_given;
    day = gz_facts_day(&f);
    found = gz_classify(r->classifier, &subject, day, r->options.explain);
    ask_model(r, found, &f);
    gz_decide(r->decider, &f, day, found, &r->record, &r->decision);
    name_undecided(r, found);
    if (r->options.explain)
        gz_explain(&r->why, &f, found, evidence, alternatives);
}

enum gz_err_kind
gz_route_line(struct gz_router *r, struct gz_str line, struct gz_buf *out,
              struct gz_err *err)
{
    struct gz_names evidence, alternatives;
    const struct kind *k;

    gz_arena_reset(&r->record);
    r->undecideds = 0;
    if (!gz_keyset_read(&r->keys, line, &r->record, r->member, err))
        return err->kind;
    k = kind_of(r);
    if (!k) {
        gz_buf_add(out, line);
        gz_buf_char(out, '\n');
        return GZ_OK;
    }
    if (k->decided)
        decide(r, k, &evidence, &alternatives);
    if (!k->petition)
        gz_checker_check(&r->checker, k->name, line, &r->record, &r->checked);
    splice(r, k, line, out);
    for (size_t i = 0; i < k->fields; i++)
        write_field(r, k->field[i], &evidence, &alternatives, out);
    gz_buf_lit(out, "}\n");
    return GZ_OK;
}
