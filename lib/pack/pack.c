// SPDX-License-Identifier: MIT
#include "pack/pack.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/time.h"
#include "base/tr.h"
#include "io/file.h"
#include "pack/packfile.h"

// One row while it is read. The first fault stays in *err, and the rest is read on.
struct row {
    struct gz_pack *pack;
    const struct gz_sheet *sheet;
    const struct gz_sheet_row *row;
    struct gz_str raw; // the sheet as it stands
    struct gz_arena *arena;
    struct gz_err *err;
};

// ---- cells ----

static struct gz_str
text(const struct row *r, const char *column)
{
    return gz_sheet_cell(r->row, gz_sheet_column(r->sheet, column));
}

static void __attribute__((format(printf, 3, 4)))
fault(const struct row *r, const char *column, const char *fmt, ...)
{
    char why[200];
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, sizeof(why), fmt, args);
    va_end(args);
    gz_sheet_fault(r->sheet, r->row, gz_sheet_column(r->sheet, column), r->err, "%s",
                   why);
    gz_err_at(
        r->err, NULL, 0,
        gz_pack_cell_column(r->raw, r->row->line, gz_sheet_column(r->sheet, column)));
}

static struct gz_str
must(const struct row *r, const char *column)
{
    struct gz_str s = text(r, column);

    if (s.len == 0)
        fault(r, column, _("nothing in column '%s'"), column);
    return s;
}

static struct gz_words
words(const struct row *r, const char *column)
{
    struct gz_cut cut = { .tail = text(r, column), .found = true };
    struct gz_words w = { 0 };
    size_t cap = 0;

    while (cut.found) {
        struct gz_str word;

        cut = gz_str_cut(cut.tail, GZ_STR("|"));
        word = gz_str_trim(cut.head);
        if (word.len == 0)
            continue;
        w.item = gz_arena_grow(r->arena, w.item, &cap, w.count + 1, sizeof(*w.item));
        w.item[w.count++] = word;
    }
    return w;
}

// Is the cell the first of two words, the second, or empty (then the first)?
static bool
is_second(const struct row *r, const char *column, const char *first, const char *second)
{
    struct gz_str s = text(r, column);

    if (s.len && !gz_str_is(s, first) && !gz_str_is(s, second))
        fault(r, column, _("'" GZ_STR_FMT "' is neither '%s' nor '%s'"), GZ_STR_ARG(s),
              first, second);
    return gz_str_is(s, second);
}

static int64_t
number(const struct row *r, const char *column, int64_t fallback, int64_t min,
       int64_t max)
{
    struct gz_str s = text(r, column);
    int64_t n = fallback;

    if (s.len && (!gz_num_i64(s, &n) || n < min || n > max))
        fault(r, column, _("'" GZ_STR_FMT "' is no whole number from %lld to %lld"),
              GZ_STR_ARG(s), (long long)min, (long long)max);
    return n;
}

static int64_t
day(const struct row *r, const char *column, int64_t fallback)
{
    struct gz_str s = text(r, column);
    struct gz_time t;

    if (s.len == 0)
        return fallback;
    if (!gz_time_parse(s, &t) || t.prec != GZ_PREC_DAY) {
        fault(r, column, _("'" GZ_STR_FMT "' is no date like 2025-03-19"), GZ_STR_ARG(s));
        return fallback;
    }
    return gz_time_day(t);
}

static struct gz_valid
valid(const struct row *r)
{
    struct gz_valid v = { day(r, "valid_from", INT64_MIN),
                          day(r, "valid_to", INT64_MAX) };

    if (v.from > v.to)
        fault(r, "valid_to", _("ends before it begins"));
    return v;
}

static uint32_t
category(const struct row *r, bool or_any)
{
    struct gz_str s = must(r, "category");
    uint32_t n;

    if (or_any && gz_str_is(s, "*"))
        return GZ_ANY_CATEGORY;
    n = gz_map_get(&r->pack->by_code, s);
    if (n == GZ_MAP_NONE && s.len)
        fault(r, "category", _("unknown category '" GZ_STR_FMT "'"), GZ_STR_ARG(s));
    return n == GZ_MAP_NONE ? 0 : n;
}

// ---- rows, a function a sheet ----

static void
read_category(const struct row *r, size_t i)
{
    struct gz_category *c = &r->pack->category[i];
    bool added;

    *c = (struct gz_category){ .code = must(r, "code"),
                               .path = must(r, "path"),
                               .en = text(r, "en"),
                               .zh = text(r, "zh"),
                               .deadline_class = text(r, "deadline_class"),
                               .duty = text(r, "duty"),
                               .synonyms = words(r, "synonyms") };
    gz_map_put(&r->pack->by_code, c->code, &added);
    if (!added)
        fault(r, "code", _("category '" GZ_STR_FMT "' is there twice"),
              GZ_STR_ARG(c->code));
    c->top = (uint32_t)i;
    for (size_t j = 0; j < i; j++) {
        struct gz_category *top = &r->pack->category[j];

        if (gz_str_starts(c->path, top->path) && c->path.len > top->path.len &&
            c->path.ptr[top->path.len] == '/') {
            c->top = top->top;
            break;
        }
    }
}

static void
read_rule(const struct row *r, size_t i)
{
    struct gz_str fields = text(r, "fields");

    r->pack->rule[i] = (struct gz_category_rule){
        .id = must(r, "id"),
        .pattern = must(r, "pattern"),
        .category = category(r, false),
        .weight = (int32_t)number(r, "weight", 1, -1000, 1000),
        .regex = is_second(r, "kind", "keyword", "regex"),
        .in_title = fields.len == 0 || gz_str_find(fields, GZ_STR("title")) != SIZE_MAX,
        .in_text = fields.len == 0 || gz_str_find(fields, GZ_STR("text")) != SIZE_MAX,
        .needs = words(r, "requires"),
        .excludes = words(r, "excludes"),
        .valid = valid(r),
    };
    if (!r->pack->rule[i].in_title && !r->pack->rule[i].in_text)
        fault(r, "fields", _("'" GZ_STR_FMT "': expected title, text or title|text"),
              GZ_STR_ARG(fields));
}

static void
read_referral(const struct row *r, size_t i)
{
    r->pack->referral[i] = (struct gz_referral){
        .id = must(r, "id"),
        .step = must(r, "step"),
        .outcome = must(r, "outcome"),
        .pattern = must(r, "pattern"),
        .target = text(r, "target"),
        .basis = text(r, "basis"),
        .regex = is_second(r, "kind", "keyword", "regex"),
        .guards = words(r, "guards"),
        .valid = valid(r),
    };
    if (!gz_str_is(r->pack->referral[i].step, "R0") &&
        !gz_str_is(r->pack->referral[i].step, "R1"))
        fault(r, "step", _("expected R0 (emergency) or R1 (referred elsewhere)"));
}

static void
read_dispatch(const struct row *r, size_t i)
{
    r->pack->dispatch[i] = (struct gz_dispatch){
        .id = must(r, "id"),
        .kind = text(r, "kind"),
        .area = text(r, "area"),
        .tier = text(r, "tier"),
        .duty = text(r, "duty"),
        .basis = text(r, "basis"),
        .category = category(r, true),
        .lead = words(r, "lead"),
        .co = words(r, "co"),
        .copy = words(r, "copy"),
        .call = words(r, "call"),
        .valid = valid(r),
    };
    must(r, "lead");
}

static void
read_duty(const struct row *r, size_t i)
{
    r->pack->duty[i] = (struct gz_duty){ .category = category(r, false),
                                         .lead = !is_second(r, "list", "lead", "assist"),
                                         .basis = text(r, "basis"),
                                         .valid = valid(r) };
}

static void
read_unit(const struct row *r, size_t i)
{
    r->pack->unit[i] = (struct gz_unit){ .name = must(r, "name"),
                                         .kind = text(r, "kind"),
                                         .tier = text(r, "tier"),
                                         .parent = text(r, "parent"),
                                         .aliases = words(r, "aliases"),
                                         .valid = valid(r) };
}

static void
read_rung(const struct row *r, size_t i)
{
    r->pack->rung[i] =
        (struct gz_rung){ .ladder = must(r, "ladder"),
                          .tier = must(r, "tier"),
                          .zh = text(r, "zh"),
                          .en = text(r, "en"),
                          .order = (uint32_t)number(r, "order", 0, 0, 1000),
                          .names = words(r, "names"),
                          .whole = words(r, "whole") };
}

static void
read_deadline(const struct row *r, size_t i)
{
    r->pack->deadline[i] =
        (struct gz_deadline){ .name = must(r, "class"),
                              .basis = text(r, "basis"),
                              .amount = number(r, "amount", 0, 0, 100000),
                              .hours = is_second(r, "unit", "day", "hour"),
                              .work = is_second(r, "days", "calendar", "work"),
                              .synonyms = words(r, "synonyms"),
                              .inlets = words(r, "channel_class"),
                              .channels = words(r, "channels"),
                              .valid = valid(r) };
    must(r, "amount");
}

static void
read_breadth(const struct row *r, size_t i)
{
    static const char *const counts[GZ_LINKED] = { "persons", "places", "days", "redo" };
    struct gz_breadth *b = &r->pack->breadth[i];

    *b = (struct gz_breadth){ .name = must(r, "breadth"),
                              .pool = text(r, "pool"),
                              .tier = text(r, "agenda_tier"),
                              .basis = text(r, "basis"),
                              .synonyms = words(r, "synonyms") };
    for (int j = 0; j < GZ_LINKED; j++)
        b->least[j] = number(r, counts[j], 0, 1, 1000000);
}

static void
read_negator(const struct row *r, size_t i)
{
    r->pack->negator[i] =
        (struct gz_negator){ .word = must(r, "word"),
                             .after = is_second(r, "where", "before", "after") };
}

static void
read_day(const struct row *r, size_t i)
{
    r->pack->day[i] = (struct gz_day){ .day = day(r, "date", 0),
                                       .work = is_second(r, "day", "off", "work") };
    must(r, "date");
    if (i && r->pack->day[i].day <= r->pack->day[i - 1].day)
        fault(r, "date", _("dates are to be in order, each once"));
}

static bool
yes(const struct row *r, const char *column)
{
    return is_second(r, column, "no", "yes");
}

// ">1/2", ">=2/3"; nothing asks for nothing.
static struct gz_share
share(const struct row *r, const char *column)
{
    struct gz_str s = text(r, column), n = gz_str_from(s, 1);
    struct gz_share out = { .more = true };
    struct gz_cut cut;
    uint64_t num, den;

    if (s.len == 0)
        return (struct gz_share){ 0 };
    if (n.len && *n.ptr == '=') {
        out.more = false;
        n = gz_str_from(n, 1);
    }
    cut = gz_str_cut(n, GZ_STR("/"));
    if (*s.ptr != '>' || !gz_num_u64(cut.head, &num) || !gz_num_u64(cut.tail, &den) ||
        den == 0 || den > 1000 || num > den)
        fault(r, column, _("'" GZ_STR_FMT "' is no share like >1/2 or >=2/3"),
              GZ_STR_ARG(s));
    else
        out = (struct gz_share){ (uint32_t)num, (uint32_t)den, out.more };
    return out;
}

static void
read_transition(const struct row *r, size_t i)
{
    struct gz_transition *t = &r->pack->transition[i];

    *t = (struct gz_transition){ .machine = must(r, "machine"),
                                 .from = text(r, "from"),
                                 .to = must(r, "to"),
                                 .step = text(r, "step"),
                                 .fields = words(r, "field"),
                                 .needs = words(r, "needs"),
                                 .codes = words(r, "code"),
                                 .terminal = yes(r, "terminal") };
    if (t->needs.count != t->codes.count)
        fault(r, "code", _("%zu codes for %zu needs"), t->codes.count, t->needs.count);
}

static void
read_step(const struct row *r, size_t i)
{
    r->pack->step[i] = (struct gz_step_word){ .vocabulary = must(r, "vocabulary"),
                                              .step = must(r, "step"),
                                              .machine = must(r, "machine"),
                                              .state = must(r, "state"),
                                              .words = words(r, "words"),
                                              .supervise = yes(r, "supervise"),
                                              .evaluate = yes(r, "evaluate") };
    must(r, "words");
}

static void
read_party(const struct row *r, size_t i)
{
    r->pack->party[i] = (struct gz_party){ .set = must(r, "set"),
                                           .name = must(r, "party"),
                                           .words = words(r, "words") };
}

static void
read_vote(const struct row *r, size_t i)
{
    r->pack->vote[i] =
        (struct gz_vote_rule){ .rule = must(r, "rule"),
                               .basis = text(r, "basis"),
                               .words = words(r, "words"),
                               .part_heads = share(r, "part_heads"),
                               .part_area = share(r, "part_area"),
                               .yes_heads = share(r, "yes_heads"),
                               .yes_area = share(r, "yes_area"),
                               .of_all = is_second(r, "of", "voted", "all"),
                               .valid = valid(r) };
}

static void
read_body(const struct row *r, size_t i)
{
    r->pack->body[i] = (struct gz_body){ .name = must(r, "body"),
                                         .basis = text(r, "basis"),
                                         .words = words(r, "words"),
                                         .members = number(r, "members", 0, 0, 100000),
                                         .days = number(r, "days", 0, 0, 10000),
                                         .odd = yes(r, "odd"),
                                         .owners = share(r, "owners") };
}

static void
read_place(const struct row *r, size_t i)
{
    struct gz_str id = text(r, "id"), name = must(r, "name");

    r->pack->place[i] = (struct gz_place){ .id = id.len ? id : name,
                                           .name = name,
                                           .tier = must(r, "tier"),
                                           .parent = text(r, "parent"),
                                           .aliases = words(r, "aliases"),
                                           .successors = words(r, "successor"),
                                           .valid = valid(r) };
}

static void
read_answer(const struct row *r, size_t i)
{
    r->pack->answer[i] =
        (struct gz_answer){ .id = must(r, "id"),
                            .pattern = must(r, "pattern"),
                            .answer = must(r, "answer"),
                            .basis = text(r, "basis"),
                            .regex = is_second(r, "kind", "keyword", "regex"),
                            .needs = words(r, "requires"),
                            .excludes = words(r, "excludes"),
                            .valid = valid(r) };
}

// Codes that the categories do not have are left out: a pack of one's own with other
// categories need not have fields of its own, too. --check names them.
static void
read_field(const struct row *r, size_t i)
{
    struct gz_committee_field *f = &r->pack->field[i];
    struct gz_words codes = words(r, "categories");

    *f = (struct gz_committee_field){ .name = must(r, "field"),
                                      .en = text(r, "en"),
                                      .names = words(r, "names") };
    f->category = gz_arena_new(r->arena, uint32_t, codes.count + 1);
    for (size_t j = 0; j < codes.count; j++) {
        uint32_t n = gz_map_get(&r->pack->by_code, codes.item[j]);

        if (n != GZ_MAP_NONE)
            f->category[f->categories++] = n;
    }
}

// ---- sheets ----

static const struct kind {
    const char *file;
    const char *columns; // that must be there
    size_t size, align;
    size_t member; // of the array in struct gz_pack
    void (*read)(const struct row *r, size_t i);
} kinds[GZ_SHEETS] = {
#define SHEET(file, columns, type, array, read)                                          \
    {                                                                                    \
        file, columns, sizeof(struct type), _Alignof(struct type),                       \
            offsetof(struct gz_pack, array), read                                        \
    }
    [GZ_SHEET_CATEGORIES] =
        SHEET("categories.csv", "code path", gz_category, category, read_category),
    [GZ_SHEET_RULES] = SHEET("rules.csv", "id category weight kind pattern",
                             gz_category_rule, rule, read_rule),
    [GZ_SHEET_REFERRALS] = SHEET("referrals.csv", "id step outcome kind pattern guards",
                                 gz_referral, referral, read_referral),
    [GZ_SHEET_DISPATCH] =
        SHEET("dispatch.csv", "id category lead", gz_dispatch, dispatch, read_dispatch),
    [GZ_SHEET_DUTIES] = SHEET("duties.csv", "category list", gz_duty, duty, read_duty),
    [GZ_SHEET_UNITS] = SHEET("units.csv", "name aliases tier", gz_unit, unit, read_unit),
    [GZ_SHEET_LADDERS] =
        SHEET("ladders.csv", "ladder order tier names", gz_rung, rung, read_rung),
    [GZ_SHEET_DEADLINES] = SHEET("deadlines.csv", "class amount unit days", gz_deadline,
                                 deadline, read_deadline),
    [GZ_SHEET_BREADTH] = SHEET("breadth.csv", "breadth synonyms pool agenda_tier",
                               gz_breadth, breadth, read_breadth),
    [GZ_SHEET_NEGATIONS] =
        SHEET("negations.csv", "word where", gz_negator, negator, read_negator),
    [GZ_SHEET_CALENDAR] = SHEET("calendar.csv", "date day", gz_day, day, read_day),
    [GZ_SHEET_STATES] = SHEET("states.csv", "machine from to needs code", gz_transition,
                              transition, read_transition),
    [GZ_SHEET_STEPS] = SHEET("steps.csv", "vocabulary words step machine state",
                             gz_step_word, step, read_step),
    [GZ_SHEET_PARTIES] =
        SHEET("parties.csv", "set party words", gz_party, party, read_party),
    [GZ_SHEET_VOTES] =
        SHEET("votes.csv", "rule words yes_heads", gz_vote_rule, vote, read_vote),
    [GZ_SHEET_BODIES] = SHEET("bodies.csv", "body words", gz_body, body, read_body),
    [GZ_SHEET_PLACES] =
        SHEET("places.csv", "name tier parent", gz_place, place, read_place),
    [GZ_SHEET_ANSWERS] =
        SHEET("answers.csv", "id kind pattern answer", gz_answer, answer, read_answer),
    [GZ_SHEET_FIELDS] = SHEET("fields.csv", "field names categories", gz_committee_field,
                              field, read_field),
#undef SHEET
};

const char *
gz_pack_sheet_name(enum gz_pack_sheet s)
{
    return kinds[s].file;
}

static enum gz_err_kind
check_columns(const struct gz_sheet *sheet, const char *columns, struct gz_err *err)
{
    struct gz_cut cut = { .tail = gz_str_of(columns), .found = true };

    while (cut.found) {
        char name[32];

        cut = gz_str_cut(cut.tail, GZ_STR(" "));
        snprintf(name, sizeof(name), GZ_STR_FMT, GZ_STR_ARG(cut.head));
        if (gz_sheet_column(sheet, name) < 0) {
            gz_err_set(err, GZ_ERR_USAGE, _("no column '%s' in this sheet"), name);
            gz_err_at(err, sheet->name, 1, 0);
            return err->kind;
        }
    }
    return GZ_OK;
}

static enum gz_err_kind
find_sheet(const struct gz_pack_options *o, enum gz_pack_sheet s, struct gz_arena *arena,
           struct gz_pack_file *file, struct gz_err *err)
{
    if (s != GZ_SHEET_RULES || !o->rules)
        return gz_pack_file_find(o->dir, kinds[s].file, arena, file, err);
    file->name = o->rules;
    file->text = gz_file_read(o->rules, GZ_FILE_LIMIT, arena, err);
    return err->kind;
}

static enum gz_err_kind
load_sheet(struct gz_pack *p, const struct gz_pack_options *o, enum gz_pack_sheet s,
           struct gz_arena *arena, struct gz_err *err)
{
    const struct kind *k = &kinds[s];
    struct gz_pack_file file = { 0 };
    struct gz_sheet *sheet;
    void *rows;

    if (find_sheet(o, s, arena, &file, err))
        return err->kind;
    sheet = gz_sheet_parse(file.text, file.name, arena, err);
    if (!sheet || check_columns(sheet, k->columns, err))
        return err->kind;
    p->sheet[s] = sheet;
    p->text[s] = file.text;
    rows = gz_arena_alloc(arena, sheet->rows + 1, k->size, k->align);
    memcpy((char *)p + k->member, &rows, sizeof(rows));
    for (size_t i = 0; i < sheet->rows && !err->kind; i++) {
        struct row r = { p, sheet, &sheet->row[i], file.text, arena, err };

        k->read(&r, i);
    }
    return err->kind;
}

struct gz_pack *
gz_pack_load(const struct gz_pack_options *options, struct gz_arena *arena,
             struct gz_err *err)
{
    struct gz_pack *p = gz_arena_new(arena, struct gz_pack, 1);

    if (options->dir && access(options->dir, R_OK | X_OK) != 0) {
        gz_err_set(err, GZ_ERR_USAGE, _("pack '%s': %s"), options->dir, strerror(errno));
        return NULL;
    }
    // Categories come first: the other sheets name them.
    for (int s = 0; s < GZ_SHEETS; s++)
        if (load_sheet(p, options, (enum gz_pack_sheet)s, arena, err)) {
            err->kind = GZ_ERR_USAGE; // a sheet that cannot be read is a wrong pack
            gz_pack_release(p);
            return NULL;
        }
    return p;
}

void
gz_pack_release(struct gz_pack *p)
{
    if (p)
        gz_map_release(&p->by_code);
}
