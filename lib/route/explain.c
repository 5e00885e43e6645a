// SPDX-License-Identifier: MIT
#include "route/explain.h"

#include "base/utf8.h"

enum { REASONS = 5, ALTERNATIVES_MAX = 4 };

// The strings of `evidence`, see gz-route(1): what, where in characters, what it was
// worth or who took it back, the words themselves.
static void
place(struct gz_buf *b, struct gz_str text, struct gz_span at)
{
    size_t start = gz_utf8_count(gz_str_first(text, at.start));
    size_t len = gz_utf8_count((struct gz_str){ text.ptr + at.start, at.end - at.start });

    gz_buf_u64(b, start);
    gz_buf_char(b, '-');
    gz_buf_u64(b, start + len);
}

static void
begin_item(struct gz_explainer *x)
{
    x->scratch.len = 0;
}

static void
end_item(struct gz_explainer *x, struct gz_names *list)
{
    if (list->count < GZ_CHAIN)
        list->item[list->count++] = gz_arena_dup(x->arena, gz_buf_str(&x->scratch));
}

static struct gz_str
source_text(const struct gz_findings *f, enum gz_source s)
{
    return s == GZ_IN_TITLE   ? f->title
           : s == GZ_IN_TEXT  ? f->text
           : s == GZ_IN_GIVEN ? f->given
                              : f->form_text;
}

static const char *
source_name(enum gz_source s)
{
    return s == GZ_IN_TITLE   ? " title "
           : s == GZ_IN_TEXT  ? " text "
           : s == GZ_IN_GIVEN ? " given "
                              : " form ";
}

static void
explain_alarm(struct gz_explainer *x, const struct gz_findings *f,
              const struct gz_alarm *a, struct gz_names *list)
{
    const struct gz_referral *ref = &x->pack->referral[a->referral];
    struct gz_str text = source_text(f, a->source);
    struct gz_buf *b = &x->scratch;

    begin_item(x);
    gz_buf_add(b, ref->step);
    gz_buf_char(b, ':');
    gz_buf_add(b, ref->id);
    gz_buf_cstr(b, source_name(a->source));
    place(b, text, a->at);
    if (a->form) {
        gz_buf_lit(b, " guard=form");
    } else if (a->guard.len) {
        gz_buf_lit(b, " guard=");
        gz_buf_add(b, a->guard);
    }
    gz_buf_char(b, ' ');
    gz_buf_add(b, (struct gz_str){ text.ptr + a->at.start, a->at.end - a->at.start });
    end_item(x, list);
}

static void
explain_rule(struct gz_explainer *x, const struct gz_findings *f,
             const struct gz_evidence *e, struct gz_names *list)
{
    struct gz_str text = source_text(f, e->source);
    struct gz_buf *b = &x->scratch;

    begin_item(x);
    gz_buf_lit(b, "R5:");
    gz_buf_add(b, x->pack->rule[e->rule].id);
    gz_buf_cstr(b, source_name(e->source));
    place(b, text, e->at);
    gz_buf_char(b, ' ');
    if (e->weight >= 0)
        gz_buf_char(b, '+');
    gz_buf_i64(b, e->weight);
    gz_buf_char(b, ' ');
    gz_buf_add(b, (struct gz_str){ text.ptr + e->at.start, e->at.end - e->at.start });
    end_item(x, list);
}

void
gz_share_put(struct gz_buf *b, int32_t steps)
{
    gz_buf_printf(b, "%d.%04d", steps / 10000, steps % 10000);
}

int32_t
gz_share_steps(double p)
{
    return (int32_t)(p * 10000 + 0.5);
}

bool
gz_explain_learned_name(const struct gz_explainer *x)
{
    const struct gz_decision *d = x->decision;

    return d->label.len && (d->category == GZ_NO_CATEGORY || x->learned_names ||
                            gz_str_eq(d->label, x->pack->category[d->category].path));
}

// The spans that spoke for the model's answer, each with its share of all that did.
static void
explain_model(struct gz_explainer *x, const struct gz_findings *f, struct gz_names *list)
{
    struct gz_reason reason[REASONS];
    size_t n = gz_predict_explain(x->predictor, x->guess[0].class, reason, REASONS);
    struct gz_buf *b = &x->scratch;

    if (!gz_explain_learned_name(x)) {
        begin_item(x);
        gz_buf_lit(b, "R5:learned ");
        gz_buf_add(b, x->decision->label);
        end_item(x, list);
    }
    for (size_t i = 0; i < n; i++) {
        struct gz_str text = reason[i].in_title ? f->title : f->text;
        struct gz_span at = reason[i].span;

        begin_item(x);
        gz_buf_lit(b, "R5:model");
        gz_buf_cstr(b, source_name(reason[i].in_title ? GZ_IN_TITLE : GZ_IN_TEXT));
        place(b, text, at);
        gz_buf_char(b, ' ');
        gz_share_put(b, gz_share_steps(reason[i].share));
        gz_buf_char(b, ' ');
        gz_buf_add(b, (struct gz_str){ text.ptr + at.start, at.end - at.start });
        end_item(x, list);
    }
}

// What else the model thought of; all of it where it did not decide.
static void
explain_guesses(struct gz_explainer *x, struct gz_names *list)
{
    for (size_t i = x->decision->label.len ? 1 : 0; i < x->guesses; i++) {
        int32_t score = gz_share_steps(x->guess[i].probability);

        if (score == 0)
            continue;
        begin_item(x);
        gz_share_put(&x->scratch, score);
        gz_buf_char(&x->scratch, ' ');
        gz_buf_add(&x->scratch, gz_model_path(x->model, x->guess[i].class));
        end_item(x, list);
    }
}

// The place that the gazetteer found, and the words that named it.
static void
explain_place(struct gz_explainer *x, struct gz_names *list)
{
    const struct gz_place_found *p = &x->decision->place;
    struct gz_buf *b = &x->scratch;

    if (!p->at)
        return;
    begin_item(x);
    gz_buf_lit(b, "R4:");
    gz_buf_add(b, p->at->id);
    gz_buf_char(b, ' ');
    gz_buf_cstr(b, p->field);
    gz_buf_char(b, ' ');
    place(b, p->text, p->span);
    gz_buf_char(b, ' ');
    gz_buf_add(
        b, (struct gz_str){ p->text.ptr + p->span.start, p->span.end - p->span.start });
    end_item(x, list);
}

static void
explain_answer(struct gz_explainer *x, const struct gz_findings *f, struct gz_names *list)
{
    const struct gz_answer *a = x->decision->answered;
    const struct gz_answered *at = &f->answered;
    struct gz_str text = source_text(f, at->source);
    struct gz_buf *b = &x->scratch;

    if (!a)
        return;
    begin_item(x);
    gz_buf_lit(b, "R3:");
    gz_buf_add(b, a->id);
    gz_buf_cstr(b, source_name(at->source));
    place(b, text, at->at);
    gz_buf_char(b, ' ');
    gz_buf_add(b, (struct gz_str){ text.ptr + at->at.start, at->at.end - at->at.start });
    end_item(x, list);
    begin_item(x);
    gz_buf_lit(b, "R3:answer ");
    gz_buf_add(b, a->answer);
    end_item(x, list);
}

void
gz_explain(struct gz_explainer *x, const struct gz_facts *facts_of,
           const struct gz_findings *f, struct gz_names *evidence,
           struct gz_names *alternatives)
{
    const struct gz_decision *d = x->decision;

    evidence->count = alternatives->count = 0;
    for (size_t i = 0; i < f->alarms && facts_of->petition; i++)
        explain_alarm(x, f, &f->alarm[i], evidence);
    if (facts_of->petition) {
        explain_answer(x, f, evidence);
        explain_place(x, evidence);
    }
    if (d->category_src && gz_str_is(gz_str_of(d->category_src), "given")) {
        begin_item(x);
        gz_buf_lit(&x->scratch, "R5:given ");
        gz_buf_add(&x->scratch, facts_of->category_given);
        end_item(x, evidence);
    }
    if (d->label.len)
        explain_model(x, f, evidence);
    for (size_t i = 0; i < f->evidences; i++)
        explain_rule(x, f, &f->evidence[i], evidence);
    explain_guesses(x, alternatives);
    for (size_t i = 0; i < f->candidates && i < ALTERNATIVES_MAX; i++) {
        if (f->best[i].category == d->category && d->label.len == 0)
            continue;
        begin_item(x);
        gz_buf_i64(&x->scratch, f->best[i].score);
        gz_buf_char(&x->scratch, ' ');
        gz_buf_add(&x->scratch, x->pack->category[f->best[i].category].path);
        end_item(x, alternatives);
    }
}

void
gz_explain_release(struct gz_explainer *x)
{
    gz_buf_release(&x->scratch);
}
