// SPDX-License-Identifier: MIT
// Labelled texts in their three forms, and the sheet of residents: no form that a
// stranger writes does harm, and what is written for fastText is read again as the same.
#include "learn/labelled.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "report/people.h"

struct seen {
    struct gz_buf out; // as fastText
    uint64_t texts;
    uint64_t rejects;
};

static enum gz_err_kind
take(void *ctx, const struct gz_labelled_text *t, struct gz_err *err)
{
    struct seen *s = ctx;

    (void)err;
    fuzz_must(t->label.len);
    fuzz_must(gz_utf8_valid(t->label) && gz_utf8_valid(t->text) &&
              gz_utf8_valid(t->title));
    s->texts++;
    gz_labelled_to_fasttext(t, &s->out);
    return GZ_OK;
}

static void
reject(void *ctx, const struct gz_err *err)
{
    struct seen *s = ctx;

    fuzz_must(err->kind == GZ_ERR_DATA && err->code[0]);
    s->rejects++;
}

static void
read_as(struct gz_str text, bool csv, struct seen *s)
{
    struct gz_labelled_options o = { .max_record = 2000 };
    struct gz_labelled_sink to = { s, take, reject, 0 };
    struct gz_err err = { 0 };
    char path[64];
    int fd = fuzz_file(text, path);

    if (csv) {
        o.label = "a";
        o.text = "b";
        gz_labelled_csv(path, &o, &to, &err);
    } else {
        gz_labelled_fasttext(path, &o, &to, &err);
    }
    fuzz_must(!err.kind || err.text[0]);
    close(fd);
}

static void
read_people(struct gz_str text)
{
    struct gz_arena arena = { 0 };
    struct gz_people p = { .arena = &arena };
    struct gz_err err = { 0 };
    char path[64];
    int fd = fuzz_file(text, path);

    fuzz_must(!gz_people_load(&p, path, &err) || err.kind == GZ_ERR_USAGE);
    gz_people_find(&p, GZ_STR("u"), GZ_STR(""), GZ_STR("2026-03-01"));
    gz_people_release(&p);
    gz_arena_free(&arena);
    close(fd);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gz_str text = fuzz_copy(data, size);

    for (int csv = 0; csv < 2; csv++) {
        struct seen once = { .texts = 0 }, twice = { .texts = 0 };

        read_as(text, csv, &once);
        read_as(gz_buf_str(&once.out), false, &twice);
        fuzz_must(twice.texts <= once.texts);
        gz_buf_release(&once.out);
        gz_buf_release(&twice.out);
    }
    read_people(text);
    free((void *)(uintptr_t)text.ptr);
    return 0;
}
