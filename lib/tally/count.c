// SPDX-License-Identifier: MIT
#include "tally/count.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tr.h"
#include "tally/counter.h"

enum { DAY = 86400 };

// ---- periods asked for, and the as-of moment ----

static bool
parse_period(struct gz_counter *c, const char *text, struct gz_err *err)
{
    struct gz_window *w = &c->scheme->period;
    struct gz_cut cut = gz_str_cut(gz_str_of(text), GZ_STR(".."));
    enum gz_period_kind first, last;

    if (!gz_period_parse(cut.head, &first, &c->asked.first) ||
        !gz_period_parse(cut.found ? cut.tail : cut.head, &last, &c->asked.last) ||
        first != last || c->asked.first > c->asked.last) {
        gz_err_set(err, GZ_ERR_USAGE,
                   _("'%s' is no period: 2026-03, 2026-Q1, 2026, 2026-W12, 2026-03-19, "
                     "all, or two of them with '..' between"),
                   text);
        return false;
    }
    if (first != w->kind && (w->end_day || c->scheme->window_count) &&
        first != GZ_PERIOD_ALL) {
        gz_err_set(
            err, GZ_ERR_USAGE,
            _("scheme '" GZ_STR_FMT "' has periods of its own: '%s' is none of them"),
            GZ_STR_ARG(c->scheme->name), text);
        return false;
    }
    w->kind = first;
    if (first == GZ_PERIOD_ALL)
        c->asked = (struct gz_period_range){ 0, 0 };
    return true;
}

// The first second that is too late, and how it is shown: a date when it is a midnight.
static struct gz_str
show_as_of(struct gz_counter *c, int64_t end)
{
    struct gz_time t = { end, GZ_NO_OFFSET, GZ_PREC_MINUTE };
    char text[32];

    if (end % DAY == 0) {
        t.sec = end - DAY;
        t.prec = GZ_PREC_DAY;
    }
    return gz_arena_dup(c->arena, (struct gz_str){ text, gz_time_format(t, text) });
}

static bool
parse_as_of(struct gz_counter *c, const char *text, struct gz_str *shown,
            struct gz_err *err)
{
    struct gz_time t;

    *shown = (struct gz_str){ "", 0 };
    if (text) {
        if (!gz_time_parse(gz_str_of(text), &t) || t.prec < GZ_PREC_DAY) {
            gz_err_set(err, GZ_ERR_USAGE, _("'%s' is no date for --as-of: 2026-03-31"),
                       text);
            return false;
        }
        c->as_of = t.prec == GZ_PREC_DAY ? t.sec + DAY : t.sec;
    } else if (c->asked.first <= c->asked.last && c->scheme->period.kind) {
        c->as_of = gz_window_end(&c->scheme->period, c->asked.last);
    } else {
        return true;
    }
    *shown = show_as_of(c, c->as_of);
    return true;
}

static void
make_head(struct gz_counter *c, const char *period, struct gz_str as_of)
{
    struct gz_str asked = gz_str_of(period);
    char id[17];
    struct gz_tally *t;

    gz_tally_id(c->plan->text, c->scheme->text, asked, as_of, id);
    t = gz_store_tally(c->store, gz_str_of(id));
    c->id = t->id;
    t->has_head = true;
    t->heads = t->ends = 1;
    t->plan = gz_arena_dup(&t->arena, c->plan->text);
    t->scheme = gz_arena_dup(&t->arena, c->scheme->text);
    t->period = gz_arena_dup(&t->arena, asked);
    t->as_of = gz_arena_dup(&t->arena, as_of);
}

struct gz_counter *
gz_counter_new(struct gz_arena *setup, const struct gz_plan *plan,
               struct gz_scheme *scheme, const struct gz_schema *schema,
               const struct gz_count_options *options, struct gz_store *store,
               struct gz_err *err)
{
    struct gz_counter *c = gz_arena_new(setup, struct gz_counter, 1);
    struct gz_str as_of;

    *c = (struct gz_counter){ .arena = setup,
                              .plan = plan,
                              .scheme = scheme,
                              .schema = schema,
                              .store = store,
                              .asked = { 1, 0 },
                              .as_of = INT64_MIN,
                              .max_rows = options->max_rows,
                              .memory = options->memory };
    gz_slots_init(&c->slots, setup);
    c->rec_slot = gz_slots_add(&c->slots, GZ_STR("rec"));
    gz_map_put(&c->text, GZ_STR(""), NULL);
    if ((options->period && !parse_period(c, options->period, err)) ||
        !parse_as_of(c, options->as_of, &as_of, err) || !gz_counter_compile(c, err)) {
        gz_counter_free(c);
        return NULL;
    }
    make_head(c, options->period ? options->period : "", as_of);
    return c;
}

struct gz_str
gz_counter_id(const struct gz_counter *c)
{
    return c->id;
}

// ---- rows ----

static inline uint32_t
hash_key(const uint32_t *key, size_t n)
{
    uint64_t h = 0;

    for (size_t i = 0; i < n; i++) {
        h = (h ^ key[i]) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    return (uint32_t)h;
}

static inline bool
same_key(const uint32_t *a, const uint32_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

static void
grow_slots(struct gz_c_table *t)
{
    size_t width = t->dim_count + 1;
    uint32_t slots = t->slots ? t->slots * 2 : 64;

    if (slots > UINT32_MAX / 4)
        gz_fatal_memory(SIZE_MAX);
    free(t->slot);
    t->slot = gz_mem_zalloc(slots, sizeof(*t->slot));
    t->slots = slots;
    for (uint32_t row = 0; row < t->rows; row++) {
        uint32_t at = hash_key(t->key + row * width, width) & (slots - 1);

        while (t->slot[at])
            at = (at + 1) & (slots - 1);
        t->slot[at] = row + 1;
    }
}

static union gz_c_cell *
add_row(struct gz_counter *c, struct gz_c_table *t, const uint32_t *key, uint32_t at)
{
    size_t width = t->dim_count + 1;
    union gz_c_cell *cell;

    if (c->max_rows && c->rows >= c->max_rows)
        return NULL;
    c->rows++;
    if (t->rows == t->cap) {
        t->cap = t->cap ? t->cap * 2 : 32;
        t->key = gz_mem_realloc(t->key, gz_mem_mul(t->cap, width), sizeof(*t->key));
        t->cell =
            gz_mem_realloc(t->cell, gz_mem_mul(t->cap, t->measure_count), sizeof(*cell));
    }
    memcpy(t->key + t->rows * width, key, width * sizeof(*key));
    cell = t->cell + t->rows * t->measure_count;
    memset(cell, 0, t->measure_count * sizeof(*cell));
    t->slot[at] = ++t->rows;
    return cell;
}

// The cells of the row with this key, made if need be; NULL at the limit.
static inline union gz_c_cell *
row_of(struct gz_counter *c, struct gz_c_table *t, const uint32_t *key)
{
    size_t width = t->dim_count + 1;
    uint32_t at;

    if (t->rows * 2 >= t->slots)
        grow_slots(t);
    at = hash_key(key, width) & (t->slots - 1);
    while (t->slot[at]) {
        uint32_t row = t->slot[at] - 1;

        if (same_key(t->key + row * width, key, width))
            return t->cell + row * t->measure_count;
        at = (at + 1) & (t->slots - 1);
    }
    return add_row(c, t, key, at);
}

// ---- moments ----

static void
find_moment(struct gz_counter *c, struct gz_c_moment *m)
{
    const struct gz_time *t = gz_slot_time(&c->slots, m->at);
    struct gz_period_range r = { 1, 0 };

    if (!t && m->or_at >= 0)
        t = gz_slot_time(&c->slots, m->or_at);
    m->seen = c->record;
    m->undated = false;
    if (m->window.kind == GZ_PERIOD_ALL) {
        m->range = (struct gz_period_range){ 0, 0 };
        return;
    }
    if (t)
        r = gz_window_find(&m->window, *t);
    if (r.first > r.last) {
        // No date, or one too vague; a date in a gap between windows has its precision.
        m->undated = !t || t->prec < GZ_PREC_MINUTE;
        m->absent += !t;
        m->vague += t && m->undated;
    } else if (c->asked.first <= c->asked.last) {
        r.first = r.first > c->asked.first ? r.first : c->asked.first;
        r.last = r.last < c->asked.last ? r.last : c->asked.last;
        m->outside += r.first > r.last;
    }
    m->range = r;
}

bool
gz_counter_is_asked(struct gz_counter *c, int moment)
{
    struct gz_c_moment *m;

    if (moment == GZ_C_NO_MOMENT || c->asked.first > c->asked.last)
        return true;
    m = &c->moment[moment];
    if (m->seen != c->record)
        find_moment(c, m);
    return m->window.kind == GZ_PERIOD_ALL ||
           (!m->undated && m->range.first <= m->range.last);
}

// ---- measures ----

static void *
new_cell(struct gz_counter *c, size_t size)
{
    c->cells += size;
    return gz_mem_zalloc(1, size);
}

static void
add_duration(struct gz_counter *c, const struct gz_c_measure *m, union gz_c_cell *cell)
{
    const struct gz_time *a = gz_slot_time(&c->slots, m->slot);
    const struct gz_time *b = gz_slot_time(&c->slots, m->slot2);
    int64_t sec;
    uint64_t caps;
    bool days;

    if (!a || !b || !gz_time_between(*a, *b, &sec, &days))
        return;
    if (!cell->durations)
        cell->durations = new_cell(c, sizeof(*cell->durations));
    caps = cell->durations->sec.cap + cell->durations->days.cap;
    if (sec < 0)
        cell->durations->negative++;
    else if (days)
        gz_hist_add(&cell->durations->days, sec / DAY, 1);
    else
        gz_hist_add(&cell->durations->sec, sec, 1);
    caps = cell->durations->sec.cap + cell->durations->days.cap - caps;
    c->cells += caps * sizeof(struct gz_hist_pair);
}

static void
add_distinct(struct gz_counter *c, const struct gz_c_measure *m, union gz_c_cell *cell)
{
    size_t n = 0;
    struct gz_str *value = NULL;
    uint64_t before;

    if (!gz_slot_present(&c->slots, m->slot))
        return;
    if (!cell->distinct)
        cell->distinct = new_cell(c, sizeof(*cell->distinct));
    before = gz_distinct_held(cell->distinct);
    if (c->slots.member[m->slot].type != GZ_VALUE_ARRAY)
        gz_distinct_add(cell->distinct, gz_slot_text(&c->slots, m->slot));
    else
        value = gz_slot_list(&c->slots, m->slot, &n);
    for (size_t i = 0; i < n; i++)
        gz_distinct_add(cell->distinct, value[i]);
    c->cells += gz_distinct_held(cell->distinct) - before;
}

static void
add_sum(struct gz_counter *c, const struct gz_c_measure *m, union gz_c_cell *cell)
{
    struct gz_dec d;

    if (!gz_slot_present(&c->slots, m->slot) ||
        !gz_dec_parse(gz_slot_text(&c->slots, m->slot), &d))
        return;
    if (!cell->sum)
        cell->sum = new_cell(c, sizeof(*cell->sum));
    gz_dec_add(cell->sum, d);
}

static void
add_group(struct gz_counter *c, struct gz_c_table *t, const struct gz_c_group *g,
          uint32_t from, union gz_c_cell *cell)
{
    for (uint32_t i = from; i < g->end; i++) {
        const struct gz_c_measure *m = &t->measure[i];

        if (!gz_counter_holds(c, m->cond))
            continue;
        switch (m->kind) {
        case GZ_MEASURE_COUNT:
            cell[i].count++;
            break;
        case GZ_MEASURE_SUM:
            add_sum(c, m, &cell[i]);
            break;
        case GZ_MEASURE_DURATION:
            add_duration(c, m, &cell[i]);
            break;
        case GZ_MEASURE_DISTINCT:
            add_distinct(c, m, &cell[i]);
            break;
        }
    }
}

// ---- a record ----

// The first measure of the group that counts this record; g->end if none does.
static inline uint32_t
first_to_add(struct gz_counter *c, const struct gz_c_table *t, const struct gz_c_group *g)
{
    uint32_t i = g->first;

    while (i < g->end && !gz_counter_holds(c, t->measure[i].cond))
        i++;
    return i;
}

// Add to the rows of one key in every period that the group's moment falls in.
static bool
count_group(struct gz_counter *c, struct gz_c_table *t, const struct gz_c_group *g,
            uint32_t *key)
{
    struct gz_period_range r = { 0, 0 };
    bool undated = g->moment == GZ_C_NO_MOMENT;
    uint32_t from;

    if (!undated) {
        struct gz_c_moment *m = &c->moment[g->moment];

        if (m->seen != c->record)
            find_moment(c, m);
        // What has no date belongs to no period that could be asked for.
        undated = m->undated || m->window.kind == GZ_PERIOD_ALL;
        if (m->undated && c->asked.first <= c->asked.last)
            return true;
        r = undated ? (struct gz_period_range){ 0, 0 } : m->range;
        if (r.first > r.last)
            return true;
    }
    from = first_to_add(c, t, g);
    if (from == g->end)
        return true;
    for (int32_t p = r.first; p <= r.last; p++) {
        union gz_c_cell *cell;

        key[t->dim_count] = (uint32_t)(undated ? GZ_PERIOD_NONE : p);
        cell = row_of(c, t, key);
        if (!cell)
            return false;
        add_group(c, t, g, from, cell);
    }
    return true;
}

static bool
count_key(struct gz_counter *c, struct gz_c_table *t, uint32_t *key)
{
    for (size_t i = 0; i < t->group_count; i++)
        if (!count_group(c, t, &t->group[i], key))
            return false;
    return true;
}

static bool
count_table(struct gz_counter *c, struct gz_c_table *t)
{
    uint32_t key[GZ_PLAN_DIMS + 1];
    struct gz_c_dim *many = NULL;

    if (!gz_counter_holds(c, t->cond))
        return true;
    for (size_t i = 0; i < t->dim_count; i++)
        if ((int)i != t->multi)
            key[i] = gz_counter_dim(c, &c->dim[t->dim[i]]);
    if (t->multi < 0)
        return count_key(c, t, key);
    many = &c->dim[t->dim[t->multi]];
    gz_counter_many(c, many);
    for (size_t i = 0; i < many->many_count; i++) {
        key[t->multi] = many->many[i];
        if (!count_key(c, t, key))
            return false;
    }
    return true;
}

static enum gz_err_kind
count_record(struct gz_counter *c, struct gz_c_kind *k, struct gz_err *err)
{
    c->record++;
    k->n++;
    c->present = 0;
    for (size_t i = 0; i < k->field_count; i++) {
        int slot = k->field_slot[i];

        if (!gz_slot_present(&c->slots, slot))
            continue;
        k->present[i]++;
        if (slot < 64)
            c->present |= UINT64_C(1) << slot;
    }
    if (!gz_counter_holds(c, k->where))
        return GZ_OK;
    for (size_t i = 0; i < k->table_count; i++)
        if (!count_table(c, &k->table[i]))
            return gz_err_set(err, GZ_ERR_LIMIT,
                              _("more than %llu rows; --max-rows raises the limit"),
                              (unsigned long long)c->max_rows);
    for (size_t i = 0; i < k->list_count; i++)
        gz_counter_list(c, &k->list[i]);
    return GZ_OK;
}

static enum gz_err_kind
no_kind(struct gz_err *err)
{
    gz_err_code(err, "rec");
    return gz_err_set(err, GZ_ERR_DATA, N_("the line has no \"rec\": it is no record"));
}

// The kind as the line's first member says, to spare a walk over a tally's row; a line
// that begins otherwise is walked.
static struct gz_str
peek_rec(struct gz_str line)
{
    struct gz_str rest, begin = GZ_STR("{\"rec\":\"");

    if (!gz_str_starts(line, begin))
        return (struct gz_str){ NULL, 0 };
    rest = gz_str_from(line, begin.len);
    return gz_str_cut(gz_str_first(rest, 32), GZ_STR("\"")).head;
}

void
gz_counter_divert(struct gz_counter *c, struct gz_buf *tallies)
{
    c->tallies = tallies;
}

static enum gz_err_kind
tally_line(struct gz_counter *c, struct gz_str line, struct gz_err *err)
{
    if (!c->tallies)
        return gz_store_read(c->store, line, err);
    gz_buf_add(c->tallies, line);
    gz_buf_char(c->tallies, '\n');
    return GZ_OK;
}

enum gz_err_kind
gz_counter_line(struct gz_counter *c, struct gz_str line, struct gz_err *err)
{
    struct gz_str rec = peek_rec(line);

    if (gz_store_takes(rec))
        return tally_line(c, line, err);
    if (!gz_slots_read(&c->slots, line, err))
        return err->kind;
    rec = gz_slot_text(&c->slots, c->rec_slot);
    for (size_t i = 0; i < c->kind_count; i++)
        if (gz_str_eq(c->kind[i].kind->name, rec))
            return count_record(c, &c->kind[i], err) ? err->kind
                                                     : gz_counter_mind_memory(c, err);
    if (!rec.len)
        return no_kind(err);
    if (gz_store_takes(rec))
        return tally_line(c, line, err);
    if (gz_counter_takes_meta(rec))
        return gz_counter_meta(c, rec, line, err);
    if (gz_counter_note(c, "_kind", &rec, 1, "n", 1, err))
        return err->kind;
    return gz_counter_note(c, "_kind", &rec, 1, "unread", 1, err);
}

// ---- the end ----

static enum gz_err_kind
finish_kind(struct gz_counter *c, struct gz_c_kind *k, struct gz_err *err)
{
    gz_counter_pour(c, k, err);
    for (size_t i = 0; i < k->list_count && !err->kind; i++) {
        gz_counter_finish_list(c, &k->list[i], err);
        gz_counter_free_list(&k->list[i]);
    }
    return err->kind;
}

enum gz_err_kind
gz_counter_finish(struct gz_counter *c, struct gz_err *err)
{
    for (size_t i = 0; i < c->kind_count; i++)
        if (finish_kind(c, &c->kind[i], err))
            return err->kind;
    return gz_counter_finish_meta(c, err);
}

void
gz_counter_free(struct gz_counter *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->kind_count; i++) {
        for (size_t k = 0; k < c->kind[i].table_count; k++)
            gz_c_table_free(&c->kind[i].table[k]);
        for (size_t k = 0; k < c->kind[i].list_count; k++)
            gz_counter_free_list(&c->kind[i].list[k]);
    }
    for (size_t i = 0; i < c->dim_count; i++) {
        gz_map_release(&c->dim[i].memo);
        free(c->dim[i].memo_id);
        free(c->dim[i].many);
    }
    gz_map_release(&c->text);
    gz_map_release(&c->cond_index);
    gz_slots_release(&c->slots);
    gz_arena_free(&c->scratch);
}
