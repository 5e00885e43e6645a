// SPDX-License-Identifier: MIT
#include "report/people.h"

#include "base/num.h"
#include "base/tr.h"
#include "pack/sheet.h"

void
gz_people_add(struct gz_people *p, struct gz_people_row row)
{
    bool added;
    uint32_t n = gz_map_put(&p->name, row.name, &added);

    p->row = gz_arena_grow(p->arena, p->row, &p->cap, p->rows + 1, sizeof *p->row);
    p->first = gz_arena_grow(p->arena, p->first, &p->first_cap, n + 1, sizeof *p->first);
    row.next = added ? 0 : p->first[n];
    p->row[p->rows++] = row;
    p->first[n] = p->rows;
}

static int
column(const struct gz_sheet *s, const char *en, const char *zh)
{
    int c = gz_sheet_column(s, en);

    return c >= 0 ? c : gz_sheet_column(s, zh);
}

static bool
is_day(struct gz_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (i == 4 || i == 7 ? s.ptr[i] != '-' : s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len == 10 || s.len == 0;
}

enum gz_err_kind
gz_people_load(struct gz_people *p, const char *path, struct gz_err *err)
{
    struct gz_sheet *s = gz_sheet_load(path, p->arena, err);
    int unit, population, parent, from, to, source;

    if (!s)
        return err->kind;
    unit = column(s, "unit", "单位");
    population = column(s, "population", "人口");
    parent = column(s, "parent", "上级");
    from = column(s, "valid_from", "起始日期");
    to = column(s, "valid_to", "截止日期");
    source = column(s, "source", "来源");
    if (unit < 0 || population < 0)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("%s: expected columns unit and population"), path);
    for (size_t i = 0; i < s->rows; i++) {
        const struct gz_sheet_row *r = &s->row[i];
        struct gz_people_row row = { .name = gz_sheet_cell(r, unit),
                                     .parent = gz_sheet_cell(r, parent),
                                     .from = gz_sheet_cell(r, from),
                                     .to = gz_sheet_cell(r, to),
                                     .source = gz_sheet_cell(r, source) };
        uint64_t n;

        if (!gz_num_u64(gz_sheet_cell(r, population), &n) || n == 0 || n > 2000000000)
            return gz_sheet_fault(s, r, population, err,
                                  _("expected a number of residents"));
        if (!is_day(row.from) || !is_day(row.to))
            return gz_sheet_fault(s, r, is_day(row.from) ? to : from, err,
                                  _("expected a date such as 2026-01-01"));
        row.population = (int64_t)n;
        gz_people_add(p, row);
    }
    return GZ_OK;
}

void
gz_people_release(struct gz_people *p)
{
    gz_map_release(&p->name);
}

const struct gz_people_row *
gz_people_find(const struct gz_people *p, struct gz_str name, struct gz_str parent,
               struct gz_str day)
{
    uint32_t n = gz_map_get(&p->name, name);
    const struct gz_people_row *best = NULL;

    if (n == GZ_MAP_NONE)
        return NULL;
    for (size_t at = p->first[n]; at; at = p->row[at - 1].next) {
        const struct gz_people_row *r = &p->row[at - 1];

        if (r->parent.len && parent.len && !gz_str_eq(r->parent, parent))
            continue;
        if (day.len && ((r->from.len && gz_str_cmp(r->from, day) > 0) ||
                        (r->to.len && gz_str_cmp(r->to, day) < 0)))
            continue;
        if (!best || gz_str_cmp(r->from, best->from) > 0)
            best = r;
    }
    return best;
}
