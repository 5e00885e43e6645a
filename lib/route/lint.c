// SPDX-License-Identifier: MIT
#include "route/lint.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/map.h"
#include "base/near.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "pack/packfile.h"
#include "route/linter.h"

// ---- reporting ----

void
gz_lint_report(struct gz_linter *l, enum gz_lint_level level, enum gz_pack_sheet s,
               size_t row, const char *column, size_t within, const char *fmt, ...)
{
    const struct gz_sheet *sheet = l->pack->sheet[s];
    uint64_t line = sheet->row[row].line;
    uint64_t col =
        gz_pack_cell_column(l->pack->text[s], line, gz_sheet_column(sheet, column));
    struct gz_err err = { 0 };
    struct gz_buf place = { 0 };
    char text[512];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    gz_err_set(&err, GZ_ERR_USAGE, "%s: %s",
               level == GZ_LINT_FAULT ? _("fault") : _("warning"), text);
    gz_err_at(&err, sheet->name, line, col ? col + within : 0);
    gz_err_format(&err, &place);
    gz_buf_add(l->out, gz_buf_str(&place));
    gz_buf_char(l->out, '\n');
    gz_buf_release(&place);
    if (level == GZ_LINT_FAULT)
        l->count.faults++;
    else
        l->count.warnings++;
}

static struct gz_str
cell(const struct gz_linter *l, enum gz_pack_sheet s, size_t row, const char *column)
{
    const struct gz_sheet *sheet = l->pack->sheet[s];

    return gz_sheet_cell(&sheet->row[row], gz_sheet_column(sheet, column));
}

static uint64_t
line_of(const struct gz_linter *l, enum gz_pack_sheet s, size_t row)
{
    return l->pack->sheet[s]->row[row].line;
}

// ---- ids and names ----

static void
check_unique(struct gz_linter *l, enum gz_pack_sheet s, const char *column)
{
    struct gz_map seen = { 0 };
    size_t *first = gz_arena_new(&l->arena, size_t, gz_pack_rows(l->pack, s) + 1);

    for (size_t i = 0; i < gz_pack_rows(l->pack, s); i++) {
        bool added;
        uint32_t n = gz_map_put(&seen, cell(l, s, i, column), &added);

        if (added)
            first[n] = i;
        else
            gz_lint_report(l, GZ_LINT_FAULT, s, i, column, 0,
                           _("'" GZ_STR_FMT "' stands in line %llu too"),
                           GZ_STR_ARG(seen.keys[n]),
                           (unsigned long long)line_of(l, s, first[n]));
    }
    gz_map_release(&seen);
}

static void
check_synonyms(struct gz_linter *l)
{
    struct gz_map seen = { 0 };
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_CATEGORIES), cap = 0;
    size_t *owner = NULL;

    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < p->category[i].synonyms.count; j++) {
            bool added;
            uint32_t n = gz_map_put(&seen, p->category[i].synonyms.item[j], &added);

            owner = gz_arena_grow(&l->arena, owner, &cap, n + 1u, sizeof(*owner));
            if (added)
                owner[n] = i;
            else if (owner[n] != i)
                gz_lint_report(
                    l, GZ_LINT_WARNING, GZ_SHEET_CATEGORIES, i, "synonyms", 0,
                    _("'" GZ_STR_FMT "' already means '" GZ_STR_FMT "' (line %llu)"),
                    GZ_STR_ARG(seen.keys[n]), GZ_STR_ARG(p->category[owner[n]].path),
                    (unsigned long long)line_of(l, GZ_SHEET_CATEGORIES, owner[n]));
        }
    gz_map_release(&seen);
}

static bool
is_tier(const struct gz_pack *p, struct gz_str tier)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_LADDERS); i++)
        if (gz_str_eq(p->rung[i].tier, tier))
            return true;
    return false;
}

static void
check_tiers(struct gz_linter *l, enum gz_pack_sheet s, const char *column)
{
    for (size_t i = 0; i < gz_pack_rows(l->pack, s); i++) {
        struct gz_str tier = cell(l, s, i, column);

        if (tier.len && !is_tier(l->pack, tier))
            gz_lint_report(l, GZ_LINT_FAULT, s, i, column, 0,
                           _("no ladder has a tier '" GZ_STR_FMT "'"), GZ_STR_ARG(tier));
    }
}

static void
check_duty_words(struct gz_linter *l, enum gz_pack_sheet s)
{
    static const char *const duties[] = { "field", "area", "delivery", "coordination" };

    for (size_t i = 0; i < gz_pack_rows(l->pack, s); i++) {
        struct gz_str d = cell(l, s, i, "duty");
        bool known = d.len == 0;

        for (size_t j = 0; j < GZ_COUNT(duties); j++)
            known = known || gz_str_is(d, duties[j]);
        if (!known)
            gz_lint_report(
                l, GZ_LINT_FAULT, s, i, "duty", 0,
                _("'" GZ_STR_FMT "' is none of field, area, delivery, coordination"),
                GZ_STR_ARG(d));
    }
}

static void
check_classes(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;

    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_CATEGORIES); i++) {
        struct gz_str want = p->category[i].deadline_class;
        bool known = want.len == 0;

        for (size_t j = 0; j < gz_pack_rows(p, GZ_SHEET_DEADLINES); j++)
            known = known || gz_str_eq(p->deadline[j].name, want);
        if (!known)
            gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_CATEGORIES, i, "deadline_class", 0,
                           _("no class '" GZ_STR_FMT "' in deadlines.csv"),
                           GZ_STR_ARG(want));
    }
}

// Where no code of the sheet is known, the categories are other ones, and the sheet does
// not matter.
static void
check_fields(struct gz_linter *l)
{
    size_t known = 0;

    for (size_t i = 0; i < gz_pack_rows(l->pack, GZ_SHEET_FIELDS); i++)
        known += l->pack->field[i].categories;
    if (known == 0)
        return;
    for (size_t i = 0; i < gz_pack_rows(l->pack, GZ_SHEET_FIELDS); i++) {
        struct gz_cut cut = { .tail = cell(l, GZ_SHEET_FIELDS, i, "categories"),
                              .found = true };

        while (cut.found) {
            struct gz_str code;

            cut = gz_str_cut(cut.tail, GZ_STR("|"));
            code = gz_str_trim(cut.head);
            if (code.len && gz_map_get(&l->pack->by_code, code) == GZ_MAP_NONE)
                gz_lint_report(l, GZ_LINT_WARNING, GZ_SHEET_FIELDS, i, "categories", 0,
                               _("unknown category '" GZ_STR_FMT "'"), GZ_STR_ARG(code));
        }
    }
}

// ---- units ----

static size_t
unit_row(const struct gz_pack *p, struct gz_str name)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_UNITS); i++) {
        if (gz_str_eq(p->unit[i].name, name))
            return i;
        for (size_t j = 0; j < p->unit[i].aliases.count; j++)
            if (gz_str_eq(p->unit[i].aliases.item[j], name))
                return i;
    }
    return SIZE_MAX;
}

// The unit whose name or alias is nearest to one that is not there, as a hint; or "".
static const char *
nearest_unit(const struct gz_pack *p, struct gz_str name, struct gz_near *near)
{
    size_t rows = gz_pack_rows(p, GZ_SHEET_UNITS);

    // Of names of two characters, any is near any other.
    *near = (struct gz_near){ .want = name };
    for (size_t i = 0; i < rows && gz_utf8_count(name) > 2; i++) {
        gz_near_try(near, p->unit[i].name);
        for (size_t j = 0; j < p->unit[i].aliases.count; j++)
            gz_near_try(near, p->unit[i].aliases.item[j]);
    }
    return gz_near_hint(near);
}

static void
check_parents(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_UNITS);
    struct gz_near near;

    for (size_t i = 0; i < rows; i++) {
        size_t at = i, steps = 0;

        while (at != SIZE_MAX && p->unit[at].parent.len && steps++ <= rows)
            at = unit_row(p, p->unit[at].parent);
        if (at == SIZE_MAX && steps == 1)
            gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_UNITS, i, "parent", 0,
                           _("unknown unit '" GZ_STR_FMT "'%s"),
                           GZ_STR_ARG(p->unit[i].parent),
                           nearest_unit(p, p->unit[i].parent, &near));
        else if (at != SIZE_MAX && steps > rows)
            gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_UNITS, i, "parent", 0,
                           _("'" GZ_STR_FMT "' is below itself"),
                           GZ_STR_ARG(p->unit[i].name));
    }
}

static void
check_named(struct gz_linter *l, size_t row, const char *column, struct gz_words w)
{
    const struct gz_str mark = GZ_STR("{district}");
    struct gz_near near;

    for (size_t j = 0; j < w.count; j++) {
        struct gz_str s = w.item[j];

        if (gz_str_is(s, "@subdistrict") || gz_str_is(s, "@district") ||
            gz_str_is(s, "@community"))
            continue;
        if (gz_str_starts(s, GZ_STR("@")))
            gz_lint_report(
                l, GZ_LINT_FAULT, GZ_SHEET_DISPATCH, row, column, 0,
                _("'" GZ_STR_FMT "': expected @subdistrict, @district or @community"),
                GZ_STR_ARG(s));
        else if (unit_row(l->pack, s) == SIZE_MAX &&
                 (!gz_str_starts(s, mark) ||
                  unit_row(l->pack, gz_str_from(s, mark.len)) == SIZE_MAX))
            gz_lint_report(
                l, GZ_LINT_WARNING, GZ_SHEET_DISPATCH, row, column, 0,
                _("unit '" GZ_STR_FMT "' is not in units.csv%s"), GZ_STR_ARG(s),
                nearest_unit(l->pack,
                             gz_str_starts(s, mark) ? gz_str_from(s, mark.len) : s,
                             &near));
    }
}

static void
check_dispatch(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;

    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_DISPATCH); i++) {
        const struct gz_dispatch *a = &p->dispatch[i];

        check_named(l, i, "lead", a->lead);
        check_named(l, i, "co", a->co);
        check_named(l, i, "copy", a->copy);
        check_named(l, i, "call", a->call);
        for (size_t j = 0; j < i; j++) {
            const struct gz_dispatch *b = &p->dispatch[j];
            bool same_category = a->category == b->category ||
                                 b->category == GZ_ANY_CATEGORY ||
                                 (a->category != GZ_ANY_CATEGORY &&
                                  b->category == p->category[a->category].top);

            // A lead that is a place of the record may be unknown: then the next row
            // has its turn, and nothing is shadowed.
            if (same_category && !b->area.len && !b->kind.len && b->lead.count &&
                !gz_str_starts(b->lead.item[b->lead.count - 1], GZ_STR("@")) &&
                b->valid.from <= a->valid.from && a->valid.to <= b->valid.to) {
                gz_lint_report(
                    l, GZ_LINT_WARNING, GZ_SHEET_DISPATCH, i, "id", 0,
                    _("never reached: '" GZ_STR_FMT "' in line %llu comes first"),
                    GZ_STR_ARG(b->id),
                    (unsigned long long)line_of(l, GZ_SHEET_DISPATCH, j));
                break;
            }
        }
    }
}

// ---- places ----

static size_t
place_row(const struct gz_pack *p, struct gz_str name)
{
    for (size_t i = 0; i < gz_pack_rows(p, GZ_SHEET_PLACES); i++)
        if (gz_str_eq(p->place[i].id, name) || gz_str_eq(p->place[i].name, name))
            return i;
    return SIZE_MAX;
}

static void
check_place(struct gz_linter *l, size_t i)
{
    static const char *const tiers[] = { "province",    "city",      "district",
                                         "subdistrict", "community", "grid",
                                         "compound",    "building",  "door" };
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_PLACES), at = i, steps = 0;
    bool known = false;

    for (size_t j = 0; j < GZ_COUNT(tiers); j++)
        known = known || gz_str_is(p->place[i].tier, tiers[j]);
    if (!known)
        gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "tier", 0,
                       _("'" GZ_STR_FMT "' is no tier of places"),
                       GZ_STR_ARG(p->place[i].tier));
    while (at != SIZE_MAX && p->place[at].parent.len && steps++ <= rows)
        at = place_row(p, p->place[at].parent);
    if (at == SIZE_MAX && steps == 1)
        gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "parent", 0,
                       _("unknown place '" GZ_STR_FMT "'"),
                       GZ_STR_ARG(p->place[i].parent));
    else if (at != SIZE_MAX && steps > rows)
        gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "parent", 0,
                       _("'" GZ_STR_FMT "' is below itself"),
                       GZ_STR_ARG(p->place[i].name));
    for (size_t j = 0; j < p->place[i].successors.count; j++)
        if (place_row(p, p->place[i].successors.item[j]) == SIZE_MAX)
            gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "successor", 0,
                           _("unknown place '" GZ_STR_FMT "'"),
                           GZ_STR_ARG(p->place[i].successors.item[j]));
    if (p->place[i].successors.count && p->place[i].valid.to == INT64_MAX)
        gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "successor", 0,
                       _("has a successor, but does not end"));
}

static void
check_places(struct gz_linter *l)
{
    const struct gz_pack *p = l->pack;
    size_t rows = gz_pack_rows(p, GZ_SHEET_PLACES);
    struct gz_map seen = { 0 };
    size_t *last = gz_arena_new(&l->arena, size_t, rows + 1);

    for (size_t i = 0; i < rows; i++) {
        struct gz_valid a = p->place[i].valid;
        bool added;
        uint32_t n = gz_map_put(&seen, p->place[i].id, &added);

        // Rows of one id are to be in order of time.
        if (!added && a.from <= p->place[last[n]].valid.to)
            gz_lint_report(l, GZ_LINT_FAULT, GZ_SHEET_PLACES, i, "valid_from", 0,
                           _("holds on days on which line %llu holds too"),
                           (unsigned long long)line_of(l, GZ_SHEET_PLACES, last[n]));
        last[n] = i;
        check_place(l, i);
    }
    gz_map_release(&seen);
}

// ---- dates ----

// Rows of one name are to follow one another in time.
static void
check_dates(struct gz_linter *l, enum gz_pack_sheet s, const char *column,
            struct gz_valid (*valid)(const struct gz_pack *p, size_t i))
{
    size_t rows = gz_pack_rows(l->pack, s);

    for (size_t i = 0; i < rows; i++) {
        struct gz_valid a = valid(l->pack, i);
        bool earlier = false, touches = a.from == INT64_MIN;

        for (size_t j = 0; j < rows; j++) {
            struct gz_valid b = valid(l->pack, j);

            if (i == j || !gz_str_eq(cell(l, s, i, column), cell(l, s, j, column)))
                continue;
            if (j < i && a.from <= b.to && b.from <= a.to)
                gz_lint_report(l, GZ_LINT_FAULT, s, i, "valid_from", 0,
                               _("holds on days on which line %llu holds too"),
                               (unsigned long long)line_of(l, s, j));
            earlier = earlier || b.to < a.from;
            touches = touches || (b.to < INT64_MAX && b.to + 1 == a.from);
        }
        if (earlier && !touches)
            gz_lint_report(l, GZ_LINT_WARNING, s, i, "valid_from", 0,
                           _("no row of this name holds on the day before"));
    }
}

static struct gz_valid
unit_valid(const struct gz_pack *p, size_t i)
{
    return p->unit[i].valid;
}

static struct gz_valid
deadline_valid(const struct gz_pack *p, size_t i)
{
    return p->deadline[i].valid;
}

struct gz_lint
gz_lint_pack(const struct gz_pack *pack, uint32_t budget, struct gz_buf *out)
{
    struct gz_linter l = { .pack = pack, .out = out, .budget = budget };

    check_unique(&l, GZ_SHEET_CATEGORIES, "path");
    check_synonyms(&l);
    check_classes(&l);
    check_fields(&l);
    check_duty_words(&l, GZ_SHEET_CATEGORIES);
    check_unique(&l, GZ_SHEET_RULES, "id");
    check_unique(&l, GZ_SHEET_REFERRALS, "id");
    gz_lint_patterns(&l);
    gz_lint_rules(&l);
    check_unique(&l, GZ_SHEET_DISPATCH, "id");
    check_dispatch(&l);
    check_duty_words(&l, GZ_SHEET_DISPATCH);
    check_tiers(&l, GZ_SHEET_DISPATCH, "tier");
    check_tiers(&l, GZ_SHEET_UNITS, "tier");
    check_tiers(&l, GZ_SHEET_BREADTH, "agenda_tier");
    check_parents(&l);
    check_unique(&l, GZ_SHEET_ANSWERS, "id");
    check_places(&l);
    check_dates(&l, GZ_SHEET_UNITS, "name", unit_valid);
    check_dates(&l, GZ_SHEET_DEADLINES, "class", deadline_valid);
    gz_arena_free(&l.arena);
    return l.count;
}
