// SPDX-License-Identifier: MIT
#include "report/suppress.h"

// ---- cells ----

static bool
is_count(const struct gz_grid *t, size_t c)
{
    return c >= t->keys && t->column[c].type == GZ_GRID_COUNT &&
           !gz_str_is(t->column[c].key, "residents") &&
           !gz_str_is(t->column[c].key, "per_10000");
}

// The column that rows are sized by: the first count.
static size_t
size_column(const struct gz_grid *t)
{
    size_t c = t->keys;

    while (c < t->columns && !is_count(t, c))
        c++;
    return c;
}

static enum gz_family
family_of(struct gz_str key)
{
    if (gz_str_is(key, "received"))
        return GZ_FAMILY_RECEIVED;
    return gz_str_is(key, "closed") ? GZ_FAMILY_CLOSED : GZ_FAMILY_REST;
}

// Shares and changes are those of the size. Rates over it are of the rest: whoever sees
// them and it has their numerator.
enum gz_family
gz_suppress_family(const struct gz_grid *t, size_t column)
{
    static const char *const size[] = { "share", "residents", "per_10000" };
    struct gz_str key = t->column[column].key;
    size_t by = size_column(t);
    bool same =
        gz_str_starts(key, GZ_STR("base_")) || gz_str_starts(key, GZ_STR("change_"));

    for (size_t i = 0; i < GZ_COUNT(size); i++)
        same |= gz_str_is(key, size[i]);
    return family_of(same && by < t->columns ? t->column[by].key : key);
}

// The whole part of a count; -1: none.
static gz_i128
count_of(const struct gz_grid *t, size_t r, size_t c)
{
    const struct gz_grid_cell *cell = &t->row[r].cell[c];
    gz_i128 v = cell->figure.value;

    if (!is_count(t, c) || cell->type != GZ_GRID_COUNT || !cell->figure.known)
        return -1;
    for (unsigned i = 0; i < cell->figure.places; i++)
        v /= 10;
    return v < 0 ? -v : v;
}

static bool
is_small(const struct gz_suppress *s, gz_i128 n)
{
    return n > 0 && n < s->small;
}

bool
gz_suppress_has_small(const struct gz_suppress *s, const struct gz_grid *t, size_t row,
                      enum gz_family family)
{
    for (size_t c = t->keys; c < t->columns; c++)
        if (gz_suppress_family(t, c) == family && is_small(s, count_of(t, row, c)))
            return true;
    return false;
}

// ---- names of rows ----

static size_t
last_key(const struct gz_grid *t)
{
    size_t c = t->keys;

    while (c > 0 && t->column[c - 1].type != GZ_GRID_TEXT)
        c--;
    return c; // 0: the row has no name
}

// The names of a row: its last key, and with those before it joined in front, as units
// are often written (房山区 + 张坊镇).
static struct gz_str
name_of(const struct gz_suppress *s, const struct gz_grid *t, size_t row, size_t from,
        enum gz_family family)
{
    struct gz_buf b = { 0 };
    struct gz_str name;

    gz_buf_char(&b, (char)('0' + (int)family));
    for (size_t c = from; c < last_key(t); c++)
        if (t->column[c].type == GZ_GRID_TEXT)
            gz_buf_add(&b, t->row[row].cell[c].text);
    name = gz_arena_dup(s->arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return name;
}

bool
gz_suppress_hides(const struct gz_suppress *s, const struct gz_grid *t, size_t row,
                  enum gz_family family)
{
    for (size_t from = 0; from < last_key(t); from++)
        if (gz_map_get(&s->hidden, name_of(s, t, row, from, family)) != GZ_MAP_NONE)
            return true;
    return false;
}

// With the families after it.
static void
hide(struct gz_suppress *s, const struct gz_grid *t, size_t row, enum gz_family family)
{
    for (int f = (int)family; f < GZ_FAMILIES; f++)
        for (size_t from = 0; from < last_key(t); from++) {
            bool added;

            gz_map_put(&s->hidden, name_of(s, t, row, from, (enum gz_family)f), &added);
            s->changed |= added;
        }
}

static bool
is_body(const struct gz_grid *t, size_t r)
{
    return t->row[r].role == GZ_ROLE_BODY;
}

// Do two rows agree in the first `keys` columns?
static bool
agree(const struct gz_grid *t, size_t a, size_t b, size_t keys)
{
    for (size_t c = 0; c < keys; c++)
        if (t->column[c].type == GZ_GRID_TEXT &&
            !gz_str_eq(t->row[a].cell[c].text, t->row[b].cell[c].text))
            return false;
    return true;
}

// ---- enough of them ----

// Is a sum of what is hidden in the group so small that it bounds its parts?
static bool
sum_is_small(const struct gz_suppress *s, const struct gz_grid *t, size_t like,
             size_t keys, enum gz_family family)
{
    for (size_t c = t->keys; c < t->columns; c++) {
        gz_i128 sum = 0;

        if (gz_suppress_family(t, c) != family)
            continue;
        for (size_t r = 0; r < t->rows; r++)
            if (is_body(t, r) && agree(t, r, like, keys) && count_of(t, r, c) > 0 &&
                gz_suppress_hides(s, t, r, family))
                sum += count_of(t, r, c);
        if (is_small(s, sum))
            return true;
    }
    return false;
}

// The smallest row of the group that is shown; t->rows: none. *hidden counts the others
// that have anything to hide: rows of 0 protect nobody.
static size_t
smallest_shown(const struct gz_suppress *s, const struct gz_grid *t, size_t like,
               size_t keys, enum gz_family family, size_t *hidden)
{
    size_t best = t->rows, by = size_column(t);

    *hidden = 0;
    for (size_t r = 0; r < t->rows; r++) {
        if (!is_body(t, r) || !agree(t, r, like, keys))
            continue;
        if (gz_suppress_hides(s, t, r, family))
            *hidden += 1;
        else if (best == t->rows || count_of(t, r, by) < count_of(t, best, by))
            best = r;
    }
    return best;
}

// Rows that agree in the first `keys` columns sum to a row that may be known: among them
// hide the smallest until what is hidden cannot be told apart.
static void
hide_more(struct gz_suppress *s, const struct gz_grid *t, size_t like, size_t keys,
          enum gz_family family)
{
    for (;;) {
        size_t hidden, next = smallest_shown(s, t, like, keys, family, &hidden);

        if (hidden == 0 || next == t->rows ||
            (hidden > 1 && !sum_is_small(s, t, like, keys, family)))
            return;
        hide(s, t, next, family);
    }
}

void
gz_suppress_visit(struct gz_suppress *s, const struct gz_grid *t)
{
    for (int f = 0; f < GZ_FAMILIES; f++)
        for (size_t r = 0; r < t->rows; r++) {
            if (!is_body(t, r))
                continue;
            if (gz_suppress_has_small(s, t, r, (enum gz_family)f))
                hide(s, t, r, (enum gz_family)f);
            if (!gz_suppress_hides(s, t, r, (enum gz_family)f))
                continue;
            for (size_t keys = 0; keys < last_key(t); keys++)
                hide_more(s, t, r, keys, (enum gz_family)f);
        }
}

// Is a key column before the last, or some of them joined, the name of a hidden row?
static bool
is_below(const struct gz_suppress *s, const struct gz_grid *t, size_t row, size_t keys,
         enum gz_family family)
{
    struct gz_grid above = *t;

    above.keys = keys;
    return gz_suppress_hides(s, &above, row, family);
}

void
gz_suppress_below(struct gz_suppress *s, const struct gz_grid *t)
{
    for (int f = 0; f < GZ_FAMILIES; f++)
        for (size_t keys = 1; keys < last_key(t); keys++)
            for (size_t r = 0; r < t->rows; r++) {
                size_t hidden, next;

                if (!is_body(t, r) || t->column[keys - 1].type != GZ_GRID_TEXT ||
                    !is_below(s, t, r, keys, (enum gz_family)f))
                    continue;
                next = smallest_shown(s, t, r, keys, (enum gz_family)f, &hidden);
                if (hidden == 0 && next < t->rows)
                    hide(s, t, next, (enum gz_family)f);
            }
}
