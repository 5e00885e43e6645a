// SPDX-License-Identifier: MIT
// Which columns a table has.
#include "report/making.h"
#include "report/spans.h"

static void
add_column(struct gz_making *m, enum gz_origin origin, size_t index, unsigned part,
           struct gz_grid_column column)
{
    m->column = gz_arena_grow(m->b->arena, m->column, &m->columns_cap, m->columns + 1,
                              sizeof *m->column);
    m->source = gz_arena_grow(m->b->arena, m->source, &m->sources_cap, m->columns + 1,
                              sizeof *m->source);
    column.caption = gz_build_capital(m->b, column.caption);
    m->column[m->columns] = column;
    m->source[m->columns++] = (struct gz_source){ origin, index, part };
}

size_t
gz_making_column_from(const struct gz_making *m, enum gz_origin origin)
{
    for (size_t c = 0; c < m->columns; c++)
        if (m->source[c].origin == origin)
            return c;
    return m->columns;
}

static void
key_columns(struct gz_making *m)
{
    if (m->form == GZ_MAKING_PERIODS) {
        add_column(
            m, FROM_PERIOD, 0, 0,
            (struct gz_grid_column){ .key = GZ_STR("period"),
                                     .caption = gz_words_get(m->b->words, "col.period"),
                                     .type = GZ_GRID_TEXT });
        return;
    }
    for (size_t i = 0; i < m->table->dim_count; i++) {
        const struct gz_dim *d = &m->table->dim[i];

        // Which field the unit came from is said once, unless there are several.
        if (m->units && d->which && !m->mixed)
            continue;
        add_column(
            m, FROM_KEY, i, 0,
            (struct gz_grid_column){ .key = d->name,
                                     .caption = gz_book_dim(m->book, d, m->table->rec),
                                     .type = GZ_GRID_TEXT });
    }
}

static bool
in_form(const struct gz_making *m, size_t measure)
{
    return m->form == GZ_MAKING_WHOLE || m->main[measure] == (m->form != GZ_MAKING_REST);
}

bool
gz_making_is_dropped(const struct gz_making *m, size_t measure)
{
    if (!m->missing[measure] || !in_form(m, measure) || m->table->dim_count == 0)
        return false;
    return m->form != GZ_MAKING_MAIN && (int)measure != m->lead;
}

// X_known beside X: in how many records X stood at all. It speaks through the dashes of
// X.
bool
gz_making_is_known_count(const struct gz_making *m, size_t measure)
{
    struct gz_str name = m->table->measure[measure].name;

    return gz_str_ends(name, GZ_STR("_known")) &&
           gz_table_find(m->table, gz_str_first(name, name.len - 6)) >= 0;
}

static bool
is_wanted(const struct gz_making *m, size_t measure)
{
    if (m->form == GZ_MAKING_PERIODS && m->missing[measure])
        return false;
    if (gz_making_is_known_count(m, measure))
        return false;
    return in_form(m, measure) && !gz_making_is_dropped(m, measure);
}

static void
measure_column(struct gz_making *m, size_t i)
{
    const struct gz_measure *def = &m->table->measure[i];
    struct gz_str caption = gz_book_caption(m->book, def->zh, def->en, def->name);
    struct gz_str about = def->at.len
                              ? gz_say(m->b->words, m->b->arena, "about.at",
                                       gz_book_field(m->book, m->table->rec, def->at))
                              : (struct gz_str){ NULL, 0 };

    if (def->kind != GZ_MEASURE_DURATION) {
        add_column(m, def->kind == GZ_MEASURE_DISTINCT ? FROM_DISTINCT : FROM_NUMBER, i,
                   0,
                   (struct gz_grid_column){ def->name, caption, about, GZ_GRID_COUNT });
        return;
    }
    for (unsigned part = 0; part < GZ_SPANS_PARTS; part++)
        if (m->whole.count &&
            gz_spans_wanted(m->missing[i] ? NULL : &m->whole.group[0].cell[i], part))
            add_column(
                m, FROM_SPANS, i, part,
                gz_spans_column(m->b->words, m->b->arena, def->name, caption, part));
}

// "(satisfied + 0.9 x basic) / valid"
static void
put_terms(struct gz_making *m, struct gz_buf *out, const struct gz_term *term,
          size_t count)
{
    if (count > 1)
        gz_buf_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        int at = gz_table_find(m->table, term[i].measure);
        const struct gz_measure *def = &m->table->measure[at];

        if (i)
            gz_buf_lit(out, " + ");
        if (term[i].weight.units != 1000000000) {
            gz_dec_format(term[i].weight, out);
            gz_buf_lit(out, " × ");
        }
        gz_buf_add(out, gz_book_caption(m->book, def->zh, def->en, def->name));
    }
    if (count > 1)
        gz_buf_char(out, ')');
}

static void
rate_columns(struct gz_making *m)
{
    for (size_t i = 0; i < m->rates; i++) {
        const struct gz_rate *r = m->rate[i];
        struct gz_buf b = { 0 };

        put_terms(m, &b, r->num, r->num_count);
        gz_buf_lit(&b, " ÷ ");
        put_terms(m, &b, r->den, r->den_count);
        add_column(m, FROM_RATE, i, 0,
                   (struct gz_grid_column){
                       .key = r->name,
                       .caption = gz_say(m->b->words, m->b->arena, "col.percent",
                                         gz_making_rate_name(m, r)),
                       .about = gz_arena_dup(m->b->arena, gz_buf_str(&b)),
                       .type = GZ_GRID_PERCENT });
        gz_buf_release(&b);
    }
    if (gz_making_has_score(m))
        add_column(
            m, FROM_SCORE, 0, 0,
            (struct gz_grid_column){ .key = GZ_STR("score"),
                                     .caption = gz_words_get(m->b->words, "col.score"),
                                     .type = GZ_GRID_SCORE });
}

// One row a period: changes against rows above.
static void
change_columns(struct gz_making *m)
{
    const struct gz_words *w = m->b->words;
    enum gz_period_kind kind = GZ_PERIOD_ALL;
    int32_t number;

    for (size_t i = 0; i < m->body.count; i++)
        if (gz_period_parse(m->body.group[i].key[0], &kind, &number))
            break;
    for (size_t i = 0; i < GZ_BASES; i++) {
        static const char *const name[GZ_BASES] = { "previous", "year" };
        struct gz_str key = gz_str_of(name[i]);

        if (i == 1 && gz_period_per_year(kind) < 2)
            continue;
        add_column(m, FROM_CHANGE, i, 0,
                   (struct gz_grid_column){
                       .key = gz_arena_printf(m->b->arena, "change_%s", name[i]),
                       .caption = gz_words_in(w, "col.change", key),
                       .about = gz_words_in(w, "about.change", key),
                       .type = GZ_GRID_CHANGE });
    }
}

static void
base_columns(struct gz_making *m)
{
    for (size_t i = 0; i < m->book->bases; i++) {
        const struct gz_base *base = &m->book->base[i];
        struct gz_str when = gz_book_period(m->book, base->period);
        struct gz_str key = gz_str_of(base->name);

        if (!base->present || m->lead < 0 || m->missing[m->lead])
            continue;
        m->base[i] = gz_book_group(m->book, m->table, base->period, GZ_KEEP_ALL);
        m->base_whole[i] = gz_book_group(m->book, m->table, base->period, 0);
        if (m->form == GZ_MAKING_REST)
            continue;
        add_column(
            m, FROM_BASE, i, 0,
            (struct gz_grid_column){
                .key = gz_arena_printf(m->b->arena, "base_" GZ_STR_FMT, GZ_STR_ARG(key)),
                .caption = gz_say(m->b->words, m->b->arena, "col.base", when),
                .type = GZ_GRID_COUNT });
        add_column(m, FROM_CHANGE, i, 0,
                   (struct gz_grid_column){
                       .key = gz_arena_printf(m->b->arena, "change_" GZ_STR_FMT,
                                              GZ_STR_ARG(key)),
                       .caption = gz_words_in(m->b->words, "col.change", key),
                       .about = gz_say(m->b->words, m->b->arena, "about.change", when),
                       .type = GZ_GRID_CHANGE });
    }
}

static void
share_column(struct gz_making *m)
{
    for (size_t i = 0; i < m->table->dim_count; i++)
        if (m->table->dim[i].multi)
            return;
    if (m->table->apart || m->units || m->body.count < 2 || m->table->dim_count == 0 ||
        m->missing[m->lead] || m->form == GZ_MAKING_PERIODS)
        return;
    add_column(m, FROM_SHARE, (size_t)m->lead, 0,
               (struct gz_grid_column){
                   .key = GZ_STR("share"),
                   .caption = gz_say(m->b->words, m->b->arena, "col.percent",
                                     gz_words_get(m->b->words, "col.share")),
                   .about = gz_words_get(m->b->words, "about.share"),
                   .type = GZ_GRID_PERCENT });
}

static void
plain_column(struct gz_making *m, enum gz_origin origin, const char *key,
             enum gz_grid_type type, struct gz_str about)
{
    add_column(m, origin, 0, 0,
               (struct gz_grid_column){
                   .key = gz_str_of(key),
                   .caption = gz_words_in(m->b->words, "col", gz_str_of(key)),
                   .about = about,
                   .type = type });
}

// How far a unit rose since the base period, and its classes.
static void
standing_columns(struct gz_making *m)
{
    struct gz_str about;

    if (m->form > GZ_MAKING_MAIN || !m->standing)
        return;
    if (m->step_base < GZ_BASES) {
        about = gz_say(m->b->words, m->b->arena, "about.step",
                       gz_book_period(m->book, m->book->base[m->step_base].period));
        plain_column(m, FROM_RANK_STEP, "rank_change", GZ_GRID_STEP, about);
        if (gz_making_has_score(m))
            plain_column(m, FROM_SCORE_STEP, "score_change", GZ_GRID_STEP, about);
    }
    if (m->book->scheme->class_count)
        plain_column(m, FROM_CLASS, "class", GZ_GRID_TEXT, (struct gz_str){ NULL, 0 });
}

static void
people_columns(struct gz_making *m)
{
    if (!gz_making_has_people(m))
        return;
    plain_column(m, FROM_PEOPLE, "residents", GZ_GRID_COUNT, (struct gz_str){ NULL, 0 });
    plain_column(m, FROM_PER_10000, "per_10000", GZ_GRID_COUNT,
                 gz_say(m->b->words, m->b->arena, "about.per_10000",
                        m->column[m->lead_column].caption));
}

void
gz_making_choose_columns(struct gz_making *m)
{
    int closed = gz_table_find(m->table, GZ_STR("closed"));

    if (m->form <= GZ_MAKING_MAIN && gz_making_is_ranked(m))
        add_column(
            m, FROM_RANK, 0, 0,
            (struct gz_grid_column){ .key = GZ_STR("rank"),
                                     .caption = gz_words_get(m->b->words, "col.rank"),
                                     .type = GZ_GRID_RANK });
    if (m->form <= GZ_MAKING_MAIN && m->units && m->book->scheme->rank_group_count)
        plain_column(m, FROM_GROUP, "group", GZ_GRID_TEXT, (struct gz_str){ NULL, 0 });
    key_columns(m);
    for (size_t i = 0; i < m->table->measure_count; i++) {
        if (!is_wanted(m, i) || ((int)i == closed && closed != m->lead))
            continue;
        measure_column(m, i);
        if ((int)i != m->lead)
            continue;
        m->lead_column = m->columns - 1;
        share_column(m);
        // Received, then closed: as every report of the field has it.
        if (closed >= 0 && closed != m->lead && is_wanted(m, (size_t)closed))
            measure_column(m, (size_t)closed);
    }
    if (m->form != GZ_MAKING_REST)
        rate_columns(m);
    standing_columns(m);
    if (gz_making_tells_behind(m))
        plain_column(m, FROM_BEHIND, "behind", GZ_GRID_TEXT,
                     gz_words_get(m->b->words, "about.behind"));
    people_columns(m);
    if (m->form == GZ_MAKING_PERIODS)
        change_columns(m);
    else
        base_columns(m);
}
