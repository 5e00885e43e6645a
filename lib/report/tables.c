// SPDX-License-Identifier: MIT
// A table of the plan with everything that is derived from its counts. Each column knows
// where its cells come from; a row is filled by asking every column.
#include "report/making.h"

static void
fill_row(struct gz_making *m, struct gz_grid_row *row, const struct gz_group *g,
         enum gz_grid_role role)
{
    row->role = role;
    for (size_t c = 0; c < m->columns; c++)
        if (role == GZ_ROLE_BODY || m->source[c].origin > FROM_PERIOD)
            row->cell[c] = gz_making_cell_from(m, g, &m->source[c]);
}

static void
name_row(struct gz_making *m, struct gz_grid_row *row, const char *key)
{
    size_t c = gz_making_column_from(m, FROM_KEY);

    if (c < m->columns)
        row->cell[c] = gz_grid_cell_text(gz_words_get(m->b->words, key));
}

// Unweighted means of the rates and the score over the rows that have one.
static void
fill_mean(struct gz_making *m, struct gz_grid_row *row)
{
    row->role = GZ_ROLE_MEAN;
    name_row(m, row, "row.mean");
    for (size_t c = 0; c < m->columns; c++) {
        const struct gz_source *s = &m->source[c];
        struct gz_ratio sum = gz_ratio_whole(0), r;
        struct gz_dec den;
        int64_t n = 0;

        if (s->origin != FROM_RATE && s->origin != FROM_SCORE)
            continue;
        for (size_t i = 0; i < m->body.count; i++) {
            const struct gz_group *g = &m->body.group[i];
            enum gz_rate_state state =
                s->origin == FROM_SCORE
                    ? gz_making_find_score(m, g, &r)
                    : gz_making_find_rate(m, g, m->rate[s->index], &r, &den);

            if (state == GZ_RATE_KNOWN) {
                sum = gz_ratio_add(sum, r);
                n++;
            }
        }
        row->cell[c].type = m->column[c].type;
        if (n == 0)
            continue;
        sum = gz_ratio_div(sum, n);
        row->cell[c].figure = s->origin == FROM_SCORE
                                  ? gz_making_round_score(m->book->scheme, sum)
                                  : gz_making_round_rate(m->book->scheme, sum);
        row->cell[c].note =
            gz_grid_note(m->grid, m->b->arena,
                         gz_say(m->b->words, m->b->arena, "note.mean",
                                gz_arena_printf(m->b->arena, "%lld", (long long)n)));
    }
}

static void
fill_shares(struct gz_making *m)
{
    size_t c = gz_making_column_from(m, FROM_SHARE), n = m->body.count;
    gz_i128 *part = gz_arena_new(m->b->arena, gz_i128, n + 1);
    struct gz_figure *share = gz_arena_new(m->b->arena, struct gz_figure, n + 1);

    if (c == m->columns)
        return;
    for (size_t i = 0; i < n; i++)
        part[i] = gz_group_number(&m->body.group[i], (size_t)m->lead).units / 1000000000;
    if (gz_figure_shares(part, n, (unsigned)m->book->scheme->decimals, share))
        for (size_t r = n; r < m->grid->rows; r++)
            m->grid->row[r].cell[c] = gz_grid_cell_figure(
                GZ_GRID_PERCENT,
                gz_figure_rate((struct gz_dec){ 1 }, (struct gz_dec){ 1 }, 100,
                               (unsigned)m->book->scheme->decimals,
                               m->book->scheme->rounding));
    for (size_t i = 0; i < n; i++)
        m->grid->row[i].cell[c] = gz_grid_cell_figure(GZ_GRID_PERCENT, share[i]);
}

// What one row is sorted by, worked out once.
struct place {
    struct gz_grid_row row;
    const struct gz_group *group;
    const struct gz_making *m;
    bool ranked;
};

static void
describe(struct gz_making *m)
{
    const struct gz_table *t = m->table;
    struct gz_buf b = { 0 };

    if (m->form == GZ_MAKING_PERIODS) {
        m->grid->about =
            gz_say(m->b->words, m->b->arena, "trend.about", m->column[1].caption);
        return;
    }
    for (size_t c = 0; c < m->columns; c++) {
        if (m->source[c].origin != FROM_RATE)
            continue;
        gz_words_gap(m->b->words, &b);
        gz_words_fill(m->b->words, &b, "about.rate",
                      (const struct gz_str[]){
                          gz_build_capital(
                              m->b, gz_making_rate_name(m, m->rate[m->source[c].index])),
                          m->column[c].about },
                      2);
    }
    if (m->book->scheme->score_count &&
        gz_making_column_from(m, FROM_SCORE) < m->columns) {
        struct gz_buf parts = { 0 };

        for (size_t i = 0; i < m->book->scheme->score_count; i++) {
            const struct gz_score_part *p = &m->book->scheme->score[i];
            const struct gz_rate *r = gz_scheme_rate(m->book->scheme, p->rate);

            gz_buf_cstr(&parts, i ? " + " : "");
            gz_dec_format(p->weight, &parts);
            gz_buf_lit(&parts, " × ");
            gz_buf_add(&parts, gz_book_caption(m->book, r->zh, r->en, r->name));
        }
        gz_words_gap(m->b->words, &b);
        gz_words_fill(m->b->words, &b, "about.score",
                      (const struct gz_str[]){ gz_buf_str(&parts) }, 1);
        gz_buf_release(&parts);
    }
    for (size_t i = 0; i < t->dim_count; i++)
        if (t->dim[i].multi)
            gz_buf_add(&b, gz_words_get(m->b->words, "about.multi"));
    m->grid->about = gz_str_trim(gz_arena_dup(m->b->arena, gz_buf_str(&b)));
    gz_buf_release(&b);
}

static bool
is_unit_table(const struct gz_table *t)
{
    return t->dim_count > 0 && t->dim_count <= 2 && gz_str_is(t->dim[0].name, "unit") &&
           (t->dim_count == 1 || t->dim[1].which);
}

static void
gather(struct gz_making *m)
{
    const struct gz_table *t = m->table;
    const struct gz_str none = { NULL, 0 };

    if (m->form == GZ_MAKING_PERIODS)
        m->body = gz_book_group(m->book, t, none, (unsigned)GZ_KEEP_PERIOD);
    else
        m->body = gz_book_group(m->book, t, m->book->period, GZ_KEEP_ALL);
    m->whole = gz_book_group(m->book, t, m->book->period, 0);
    m->missing = gz_arena_new(m->b->arena, bool, t->measure_count + 1);
    m->rated = gz_arena_new(m->b->arena, bool, t->measure_count + 1);
    m->main = gz_arena_new(m->b->arena, bool, t->measure_count + 1);
    m->units = is_unit_table(t) && m->form != GZ_MAKING_PERIODS;
    m->lead = -1;
    for (size_t i = 0; i < t->measure_count; i++) {
        m->missing[i] = gz_book_missing_field(m->book, t, &t->measure[i]).len > 0;
        if (m->lead < 0 && t->measure[i].kind == GZ_MEASURE_COUNT)
            m->lead = (int)i;
    }
    for (size_t i = 1; m->units && t->dim_count == 2 && i < m->body.count; i++)
        m->mixed |= !gz_str_eq(m->body.group[i].key[1], m->body.group[0].key[1]);
    gz_making_find_rates(m);
    for (size_t i = 0; i < t->measure_count && m->units; i++)
        m->uneven |= m->rated[i] && gz_book_is_uneven(m->book, t, &t->measure[i]);
}

// Rows without a usable date are no period.
static void
drop_undated(struct gz_making *m)
{
    size_t n = 0;

    for (size_t i = 0; i < m->body.count; i++)
        if (m->body.group[i].key[0].len)
            m->body.group[n++] = m->body.group[i];
    m->body.count = n;
    gz_book_fill_periods(m->book, &m->body);
}

static size_t
feet_of(const struct gz_making *m)
{
    for (size_t i = 0; i < m->table->dim_count; i++)
        if (m->table->dim[i].multi)
            return 0;
    if (m->table->apart || m->body.count < 2 || m->table->dim_count == 0 ||
        m->form == GZ_MAKING_PERIODS)
        return 0;
    return m->units ? 2 : 1;
}

// What was left out because nothing is known of it, in one sentence.
static void
note_dropped(struct gz_making *m)
{
    struct gz_buf names = { 0 };

    for (size_t i = 0; i < m->table->measure_count; i++) {
        const struct gz_measure *def = &m->table->measure[i];
        struct gz_str field;

        if (!gz_making_is_dropped(m, i) || gz_making_is_known_count(m, i))
            continue;
        field = gz_book_missing_field(m->book, m->table, def);
        if (names.len) {
            gz_buf_add(&names, gz_words_get(m->b->words, "sum.and"));
            gz_words_gap(m->b->words, &names);
        }
        gz_words_fill(m->b->words, &names, "note.dropped.part",
                      (const struct gz_str[]){
                          gz_book_caption(m->book, def->zh, def->en, def->name),
                          gz_book_field(m->book, m->table->rec, field) },
                      2);
    }
    if (names.len) {
        struct gz_buf about = { 0 };

        gz_buf_add(&about, m->grid->about);
        gz_words_gap(m->b->words, &about);
        gz_words_fill(m->b->words, &about, "note.dropped",
                      (const struct gz_str[]){ gz_buf_str(&names) }, 1);
        m->grid->about = gz_arena_dup(m->b->arena, gz_buf_str(&about));
        gz_buf_release(&about);
    }
    gz_buf_release(&names);
}

static void
note_uneven(struct gz_making *m)
{
    struct gz_buf about = { 0 };

    if (!m->uneven || m->form == GZ_MAKING_REST)
        return;
    gz_buf_add(&about, m->grid->about);
    gz_words_gap(m->b->words, &about);
    gz_buf_add(&about, gz_words_get(m->b->words, "note.uneven"));
    m->grid->about = gz_arena_dup(m->b->arena, gz_buf_str(&about));
    gz_buf_release(&about);
}

static void
fill(struct gz_making *m, size_t feet)
{
    enum gz_summary summary = m->book->scheme->summary;
    bool rated = gz_making_column_from(m, FROM_RATE) < m->columns;

    m->grid->rows = m->body.count;
    for (size_t i = 0; i < m->body.count; i++)
        fill_row(m, &m->grid->row[i], &m->body.group[i], GZ_ROLE_BODY);
    gz_making_put_in_order(m);
    if (feet && m->whole.count && !(rated && m->units && summary == GZ_SUMMARY_MEAN)) {
        struct gz_grid_row *row = &m->grid->row[m->grid->rows++];
        bool pooled = m->units && rated;

        fill_row(m, row, &m->whole.group[0], pooled ? GZ_ROLE_POOLED : GZ_ROLE_TOTAL);
        name_row(m, row, pooled ? "row.pooled" : "row.total");
    }
    if (feet == 2 && summary != GZ_SUMMARY_POOLED && rated)
        fill_mean(m, &m->grid->row[m->grid->rows++]);
    fill_shares(m);
    describe(m);
    note_dropped(m);
    note_uneven(m);
}

static const struct gz_grid *
make(struct gz_build *b, const struct gz_table *t, enum gz_making_form form,
     struct gz_str name, struct gz_str caption)
{
    struct gz_making m = { .b = b, .book = b->book, .table = t, .form = form };
    size_t feet;

    gather(&m);
    if (form == GZ_MAKING_PERIODS)
        drop_undated(&m);
    gz_making_find_standings(&m);
    gz_making_choose_columns(&m);
    feet = feet_of(&m);
    m.grid = gz_grid_new(b->arena, name, m.column, m.columns, m.body.count + feet);
    m.grid->caption = gz_build_capital(b, caption);
    for (size_t c = 0; c < m.columns && m.source[c].origin <= FROM_PERIOD; c++)
        m.grid->keys = c + 1;
    m.grid->latest = form == GZ_MAKING_PERIODS;
    m.grid->multi = t->dim_count > 0 && feet == 0 && m.body.count > 1;
    fill(&m, feet);
    return m.grid;
}

// ---- key figures: a table without dimensions, one row a count ----

static void
fill_figures(struct gz_making *m, struct gz_grid *g)
{
    const struct gz_group *now = m->whole.count ? &m->whole.group[0] : NULL;
    size_t row = 0;

    m->grid = g;
    for (size_t c = 0; now && c < m->columns; c++) {
        enum gz_origin origin = m->source[c].origin;
        struct gz_grid_cell *cell = g->row[row].cell;

        if (origin == FROM_BASE || origin == FROM_CHANGE)
            continue;
        cell[0] = gz_grid_cell_text(m->column[c].caption);
        cell[1] = gz_making_cell_from(m, now, &m->source[c]);
        for (size_t i = 0, at = 2; i < m->book->bases; i++) {
            const struct gz_group *then =
                m->base_whole[i].count ? &m->base_whole[i].group[0] : NULL;

            if (!m->book->base[i].present)
                continue;
            if (then)
                cell[at] = gz_making_cell_from(m, then, &m->source[c]);
            at++;
            if (then && cell[1].type == GZ_GRID_COUNT && cell[1].figure.known &&
                cell[at - 1].figure.known)
                cell[at] = gz_grid_cell_figure(
                    GZ_GRID_CHANGE,
                    gz_figure_change(cell[1].figure.value, cell[at - 1].figure.value,
                                     (unsigned)m->book->scheme->decimals,
                                     m->book->scheme->rounding));
            at++;
        }
        row++;
    }
    g->rows = row;
}

static struct gz_grid_column *
figure_columns(struct gz_build *b, size_t *columns)
{
    struct gz_grid_column *c =
        gz_arena_new(b->arena, struct gz_grid_column, 2 + 2 * GZ_BASES);

    c[(*columns)++] =
        (struct gz_grid_column){ .key = GZ_STR("measure"),
                                 .caption = gz_words_get(b->words, "def.measure"),
                                 .type = GZ_GRID_TEXT };
    c[(*columns)++] = (struct gz_grid_column){ .key = GZ_STR("value"),
                                               .caption = b->doc->period,
                                               .type = GZ_GRID_COUNT };
    for (size_t i = 0; i < b->book->bases; i++) {
        struct gz_str name = gz_str_of(b->book->base[i].name);

        if (!b->book->base[i].present)
            continue;
        c[(*columns)++] = (struct gz_grid_column){
            .key = gz_arena_printf(b->arena, "base_%s", b->book->base[i].name),
            .caption = gz_book_period(b->book, b->book->base[i].period),
            .type = GZ_GRID_COUNT
        };
        c[(*columns)++] =
            (struct gz_grid_column){ .key = gz_arena_printf(b->arena, "change_%s",
                                                            b->book->base[i].name),
                                     .caption = gz_words_in(b->words, "col.change", name),
                                     .type = GZ_GRID_CHANGE };
    }
    return c;
}

static const struct gz_grid *
make_figures(struct gz_build *b, const struct gz_table *t)
{
    struct gz_making m = { .b = b, .book = b->book, .table = t };
    size_t columns = 0;
    struct gz_grid_column *column = figure_columns(b, &columns);
    struct gz_grid *g;

    gather(&m);
    gz_making_choose_columns(&m);
    g = gz_grid_new(b->arena, gz_build_name(b, t->name, ""), column, columns, m.columns);
    g->keys = 1;
    g->caption = gz_build_capital(b, gz_book_caption(b->book, t->zh, t->en, t->name));
    fill_figures(&m, g);
    describe(&m);
    return g;
}

// ---- what others ask for ----

const struct gz_grid *
gz_build_table(struct gz_build *b, const struct gz_table *t)
{
    if (t->dim_count == 0)
        return make_figures(b, t);
    return make(b, t, is_unit_table(t) ? GZ_MAKING_MAIN : GZ_MAKING_WHOLE,
                gz_build_name(b, t->name, ""),
                gz_book_caption(b->book, t->zh, t->en, t->name));
}

const struct gz_grid *
gz_build_rest(struct gz_build *b, const struct gz_table *t)
{
    const struct gz_grid *g;

    if (!is_unit_table(t))
        return NULL;
    g = make(b, t, GZ_MAKING_REST, gz_build_name(b, t->name, "_rest"),
             gz_say(b->words, b->arena, "table.rest",
                    gz_book_caption(b->book, t->zh, t->en, t->name)));
    return g->columns > g->keys ? g : NULL;
}

const struct gz_grid *
gz_build_stake(struct gz_build *b, const struct gz_table *t)
{
    struct gz_making m = { .b = b, .book = b->book, .table = t, .form = GZ_MAKING_MAIN };

    if (!is_unit_table(t) || gz_table_find(t, GZ_STR("pending")) < 0)
        return NULL;
    gather(&m);
    return gz_making_stake(&m, gz_build_name(b, GZ_STR("stake"), ""));
}

const struct gz_grid *
gz_build_trend(struct gz_build *b, const struct gz_table *t)
{
    const struct gz_grid *g =
        make(b, t, GZ_MAKING_PERIODS, gz_build_name(b, GZ_STR("trend"), ""),
             gz_say(b->words, b->arena, "trend.caption",
                    gz_book_caption(b->book, t->zh, t->en, t->name)));

    return g->rows > 1 ? g : NULL;
}
