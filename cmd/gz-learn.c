// SPDX-License-Identifier: MIT
// gz-learn: labelled texts to a model, and how good it is.
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/num.h"
#include "base/tr.h"
#include "learn/evaluate.h"
#include "learn/labelled.h"
#include "learn/score.h"
#include "learn/suggest.h"
#include "learn/svm.h"
#include "learn/train.h"
#include "route/model.h"
#include "route/predict.h"

struct learn {
    struct gz_app app;
    const char *label, *title, *text, *threshold, *holdout, *info, *model;
    bool evaluate, export_fasttext, suggest, flat;
    uint64_t folds, seed, min_examples, max_terms, max_size;

    struct gz_corpus corpus;
    struct gz_train_options train;
    struct gz_evaluate_options how;
};

// ---- reading ----

static enum gz_err_kind
take_text(void *ctx, const struct gz_labelled_text *t, struct gz_err *err)
{
    struct learn *l = ctx;

    l->app.records++;
    if (l->export_fasttext) {
        gz_labelled_to_fasttext(t, &l->app.out.buf);
        return gz_out_tick(&l->app.out, err);
    }
    return gz_corpus_add(&l->corpus, t->label, t->title, t->text, err);
}

static void
on_reject(void *ctx, const struct gz_err *err)
{
    struct learn *l = ctx;

    gz_app_reject(&l->app, err);
}

static enum gz_err_kind
read_records(struct learn *l, char **operands, const struct gz_labelled_options *o,
             struct gz_labelled_sink *to, struct gz_err *err)
{
    struct gz_reader *r = gz_app_reader(&l->app, operands, err);

    if (r)
        gz_labelled_records(r, o, to, err);
    gz_reader_free(r);
    return err->kind;
}

static enum gz_err_kind
read_all(struct learn *l, char **operands, struct gz_err *err)
{
    static char standard_input[] = "-";
    char *only[] = { standard_input, NULL };
    char **path = operands[0] ? operands : only;
    struct gz_labelled_options o = { l->label, l->title, l->text, l->app.encoding,
                                     (size_t)l->app.max_record };
    struct gz_labelled_sink to = { l, take_text, on_reject, 0 };
    bool lines = l->app.from && strcmp(l->app.from, "fasttext") == 0;
    bool csv = l->app.from && strcmp(l->app.from, "csv") == 0, table = csv && l->label;

    if (table && !l->text && !l->title)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("'--label' with a CSV wants '--text COLUMNS' too"));
    if (!lines && !table)
        read_records(l, operands, &o, &to, err);
    for (; (lines || table) && *path && !err->kind; path++)
        lines ? gz_labelled_fasttext(*path, &o, &to, err)
              : gz_labelled_csv(*path, &o, &to, err);
    gz_app_note(&l->app, _("%llu labelled texts, %llu without label or text"),
                (unsigned long long)l->app.records, (unsigned long long)to.unlabelled);
    // Rows of any table pass as records without a label: say what was meant.
    if (!err->kind && csv && !table && l->app.records == 0 && to.unlabelled)
        return gz_err_set(
            err, GZ_ERR_USAGE,
            _("none of %llu rows has a label: a table that gz-route did not "
              "write wants '--label COLUMNS --text COLUMNS'"),
            (unsigned long long)to.unlabelled);
    return err->kind;
}

// ---- answering ----

// Shares are decimals from 0 to 1; `places` digits of them are kept.
static enum gz_err_kind
parse_share(const char *word, const char *option, uint64_t steps, uint64_t *out,
            struct gz_err *err)
{
    struct gz_dec d;
    gz_i128 one = 1;

    if (!word)
        return GZ_OK;
    for (int i = 0; i < GZ_DEC_PLACES; i++)
        one *= 10;
    if (!gz_dec_parse(gz_str_of(word), &d) || d.units < 0 || d.units > one)
        return gz_err_set(err, GZ_ERR_USAGE, _("option '%s' wants 0 to 1, not '%s'"),
                          option, word);
    *out = (uint64_t)(d.units * (gz_i128)steps / one);
    return GZ_OK;
}

static void
note_lines(const struct gz_app *a, const struct gz_buf *text)
{
    struct gz_str rest = gz_buf_str(text);

    while (rest.len) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));

        gz_app_note(a, GZ_STR_FMT, GZ_STR_ARG(cut.head));
        rest = cut.tail;
    }
}

static enum gz_err_kind
evaluate(struct learn *l, struct gz_err *err)
{
    struct gz_score score = { 0 };
    struct gz_buf note = { 0 }, text = { 0 };

    if (l->model) {
        struct gz_model *m = gz_model_open(l->model, err);

        if (m) {
            gz_evaluate_model(&l->corpus, m, l->how.threshold, &score);
            gz_buf_printf(&note, "model %016llx",
                          (unsigned long long)gz_model_head(m)->checksum);
        }
        gz_model_close(m);
    } else {
        gz_evaluate(&l->corpus, &l->train, &l->how, &score, err);
        if (l->how.holdout)
            gz_buf_printf(&note, "holdout %lu/1000", (unsigned long)l->how.holdout);
        else
            gz_buf_printf(&note, "folds %lu", (unsigned long)l->how.folds);
        gz_buf_printf(&note, " seed %llu", (unsigned long long)l->seed);
    }
    if (!err->kind) {
        gz_score_summary(&score, &text);
        note_lines(&l->app, &text);
        gz_score_tally(&score, gz_buf_str(&note), &l->app.out.buf);
    }
    gz_score_release(&score);
    gz_buf_release(&note);
    gz_buf_release(&text);
    return err->kind;
}

static enum gz_err_kind
train(struct learn *l, struct gz_buf *image, struct gz_err *err)
{
    uint32_t *pick = gz_arena_new(&l->app.setup, uint32_t, l->corpus.count + 1);

    for (uint32_t i = 0; i < l->corpus.count; i++)
        pick[i] = i;
    if (gz_train(&l->corpus, pick, l->corpus.count, &l->train, image, err))
        return err->kind;
    gz_app_note(&l->app, _("model of %zu bytes"), image->len);
    return GZ_OK;
}

static enum gz_err_kind
suggest(struct learn *l, struct gz_err *err)
{
    struct gz_suggest_options o = gz_suggest_defaults();
    struct gz_buf image = { 0 };
    struct gz_model *m = NULL;

    if (!train(l, &image, err))
        m = gz_model_from(gz_buf_str(&image), "model", err);
    if (m)
        gz_suggest(&l->corpus, m, &o, &l->app.out.buf);
    gz_model_close(m);
    gz_buf_release(&image);
    return err->kind;
}

static enum gz_err_kind
show_info(struct learn *l, struct gz_err *err)
{
    struct gz_model *m = gz_model_open(l->info, err);
    struct gz_buf *out = &l->app.out.buf;
    const struct gz_model_head *h;

    if (!m)
        return err->kind;
    h = gz_model_head(m);
    gz_buf_printf(out,
                  "version %lu\nbytes %llu\nchecksum %016llx\ntexts %llu\npaths %lu\n"
                  "classifiers %lu\nn-grams 1-%lu, of words 1-%lu\n",
                  (unsigned long)h->version, (unsigned long long)h->size,
                  (unsigned long long)h->checksum, (unsigned long long)h->examples,
                  (unsigned long)h->leaves, (unsigned long)h->nodes,
                  (unsigned long)h->rules.han_max, (unsigned long)h->rules.word_max);
    for (uint32_t i = 0; i < h->classes; i++)
        if (gz_model_class(m, i)->node == GZ_MODEL_LEAF)
            gz_buf_printf(out, "%llu\t" GZ_STR_FMT "\n",
                          (unsigned long long)gz_model_class(m, i)->examples,
                          GZ_STR_ARG(gz_model_path(m, i)));
    gz_model_close(m);
    return GZ_OK;
}

static enum gz_err_kind
set_up(struct learn *l, struct gz_err *err)
{
    uint64_t threshold = 0, holdout = 0;

    l->train = gz_train_defaults();
    l->corpus.rules = gz_train_grams();
    l->corpus.max_terms = l->max_terms;
    if (l->min_examples)
        l->train.min_examples = (uint32_t)l->min_examples;
    if (l->max_size)
        l->train.fit.max_bytes = l->max_size;
    if (l->flat)
        l->train.form = GZ_TREE_FLAT;
    if (parse_share(l->threshold, "--threshold", 10000, &threshold, err) ||
        parse_share(l->holdout, "--holdout", 1000, &holdout, err))
        return err->kind;
    l->how = (struct gz_evaluate_options){ (uint32_t)l->folds, (uint32_t)holdout, l->seed,
                                           (double)threshold / 10000 };
    if (l->folds < 2 || l->folds > 1000)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--folds' wants 2 to 1000, not '%llu'"),
                          (unsigned long long)l->folds);
    if (l->model && !l->evaluate)
        return gz_err_set(err, GZ_ERR_USAGE, _("'--model' is for '--evaluate'"));
    if (l->evaluate + l->suggest + l->export_fasttext + (l->info != NULL) > 1)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("one at a time: --evaluate, --suggest-rules, "
                            "--export-fasttext, --info"));
    if (!l->info && !l->export_fasttext && !l->model && !gz_svm_available())
        return gz_svm_train(NULL, NULL, err); // says what is missing
    if (!l->info && !l->evaluate && !l->suggest && !l->export_fasttext && !l->app.output)
        return gz_err_set(err, GZ_ERR_USAGE, _("where to write the model? give -o FILE"));
    return GZ_OK;
}

static enum gz_err_kind
run(struct learn *l, char **operands, struct gz_err *err)
{
    if (set_up(l, err) || gz_app_open_output(&l->app, err))
        return err->kind;
    if (l->info)
        return show_info(l, err);
    if (read_all(l, operands, err) || l->export_fasttext)
        return err->kind;
    if (l->suggest)
        return suggest(l, err);
    return l->evaluate ? evaluate(l, err) : train(l, &l->app.out.buf, err);
}

int
main(int argc, char **argv)
{
    struct learn l = {
        .app = { .name = "gz-learn",
                 .synopsis = N_("[OPTION]... -o MODEL [FILE]..."),
                 .purpose = N_("Learn to classify from texts that have labels."),
                 .examples = N_("  gz-learn -o model records.jsonl\n"
                                "  gz-learn --evaluate -v -f csv --label 类别 --text "
                                "内容 in.csv\n") },
        .folds = 5,
        .seed = 1,
    };
    const struct gz_opt table[] = {
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Input and output:"), NULL, NULL },
        { GZ_OPT_STR, 'o', "output", "FILE", N_("write the model to FILE"), &l.app.output,
          "@output" },
        { GZ_OPT_STR, 'f', "from", "FORMAT", N_("format of the input"), &l.app.from,
          "jsonl|csv|fasttext" },
        { GZ_OPT_STR, 'e', "encoding", "NAME", N_("encoding of a CSV with --label"),
          &l.app.encoding, NULL },
        { GZ_OPT_STR, 0, "label", "NAMES", N_("fields or columns of the label"), &l.label,
          NULL },
        { GZ_OPT_STR, 0, "title", "NAMES", N_("fields or columns of the title"), &l.title,
          NULL },
        { GZ_OPT_STR, 0, "text", "NAMES", N_("fields or columns of the text"), &l.text,
          NULL },
        { GZ_OPT_SIZE, 0, "max-record", "BYTES", N_("reject longer records (1M)"),
          &l.app.max_record, NULL },
        { GZ_OPT_STR, 0, "tolerate", "N", N_("let N, or N%, rejects end with status 0"),
          &l.app.tolerate, NULL },
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Learning:"), NULL, NULL },
        { GZ_OPT_UINT, 0, "min-examples", "N",
          N_("leave out labels with fewer texts (2)"), &l.min_examples, NULL },
        { GZ_OPT_FLAG, 0, "flat", NULL, N_("one classifier, whatever levels labels have"),
          &l.flat, NULL },
        { GZ_OPT_SIZE, 0, "max-size", "BYTES", N_("of the model's weights (56M)"),
          &l.max_size, NULL },
        { GZ_OPT_UINT, 0, "max-terms", "N", N_("distinct n-grams (64000000)"),
          &l.max_terms, NULL },
        { GZ_OPT_GROUP, 0, NULL, NULL, N_("Instead of learning:"), NULL, NULL },
        { GZ_OPT_FLAG, 0, "evaluate", NULL, N_("write how good a model is, as a tally"),
          &l.evaluate, NULL },
        { GZ_OPT_UINT, 0, "folds", "K", N_("evaluate on K parts in turn (5)"), &l.folds,
          NULL },
        { GZ_OPT_STR, 0, "holdout", "SHARE", N_("evaluate once, on this share"),
          &l.holdout, NULL },
        { GZ_OPT_UINT, 0, "seed", "N", N_("of the parts (1)"), &l.seed, NULL },
        { GZ_OPT_STR, 0, "threshold", "P", N_("say nothing when less sure than P"),
          &l.threshold, NULL },
        { GZ_OPT_STR, 0, "model", "FILE", N_("evaluate this model"), &l.model, "@file" },
        { GZ_OPT_FLAG, 0, "export-fasttext", NULL,
          N_("write the labelled texts as lines of fastText"), &l.export_fasttext, NULL },
        { GZ_OPT_FLAG, 0, "suggest-rules", NULL,
          N_("write keyword rules for a pack, as a CSV sheet"), &l.suggest, NULL },
        { GZ_OPT_STR, 0, "info", "MODEL", N_("say what a model holds"), &l.info,
          "@file" },
        GZ_APP_COMMON_OPTIONS(&l.app),
    };
    struct gz_err err = { 0 };
    int first, status;

    if (gz_app_begin(&l.app, table, argc, argv, &first, &err))
        run(&l, argv + first, &err);
    status = gz_app_finish(&l.app, &err);
    gz_corpus_release(&l.corpus);
    return status;
}
