// SPDX-License-Identifier: MIT
// The proposal for an input that no layout knows: as a document, and as a table with the
// reasons and the commands that come next.
#include <string.h>

#include "base/tr.h"
#include "base/utf8.h"
#include "ingest/ingest.h"
#include "ingest/propose.h"

// What stands further to the right stays in ext: tables of records are not wider.
enum { NAME_COLS = 28, FIELD_COLS = 26, MOST_COLUMNS = 256 };

struct proposing {
    struct gz_vocab vocab;
    struct gz_header header; // the columns that are looked at
    struct gz_evidence *e;
    struct gz_proposal *p;
};

static void
look_at(struct gz_ingest *g, const struct gz_csv_field *cell, size_t count, void *ctx)
{
    struct proposing *pr = ctx;

    for (size_t c = 0; c < pr->header.count; c++) {
        struct gz_str v = gz_mapping_cell(g->mapping, cell, count, c);

        gz_evidence_add(&pr->e[c], gz_utf8_valid(v) ? v : GZ_STR("?"), &g->arena);
    }
}

static enum gz_err_kind
propose(struct gz_ingest *g, struct proposing *pr, struct gz_err *err)
{
    pr->header = g->header;
    if (pr->header.count > MOST_COLUMNS)
        pr->header.count = MOST_COLUMNS;
    pr->e = gz_arena_new(&g->arena, struct gz_evidence, pr->header.count);
    if (gz_vocab_load(&pr->vocab, g->o->schema, g->o->hidden, g->o->hidden_count,
                      &g->arena, err))
        return err->kind;
    gz_ingest_sample(g, look_at, pr, NULL);
    pr->p = gz_propose(&pr->header, pr->e, &pr->vocab, &g->arena);
    return GZ_OK;
}

static void
release(struct proposing *pr)
{
    for (size_t c = 0; c < pr->header.count; c++)
        gz_evidence_release(&pr->e[c]);
    gz_vocab_release(&pr->vocab);
}

// The name of the input without its extension, fit for a file.
static struct gz_str
layout_name(struct gz_ingest *g)
{
    struct gz_str name = gz_str_of(gz_input_name(g->in));
    char *to;

    if (!g->path || strcmp(g->path, "-") == 0)
        return GZ_STR("proposed");
    for (size_t i = name.len; i > 1; i--)
        if (name.ptr[i - 1] == '.') {
            name = gz_str_first(name, i - 1);
            break;
        }
    to = gz_arena_alloc(&g->arena, name.len + 1, 1, 1);
    for (size_t i = 0; i < name.len; i++)
        to[i] = strchr(" /'\"\\$`*?!&|;<>()", name.ptr[i]) ? '-' : name.ptr[i];
    return (struct gz_str){ to, name.len };
}

// A word of a command, in quotes where the shell would not take it as it is.
static void
put_word(struct gz_buf *out, struct gz_str word)
{
    bool plain = word.len > 0;

    for (size_t i = 0; i < word.len; i++)
        plain &= word.ptr[i] > 0 ? strchr(" '\"\\$`*?!&|;<>()#~[]{}", word.ptr[i]) == NULL
                                 : true;
    if (plain) {
        gz_utf8_printable(word, out);
        return;
    }
    gz_buf_char(out, '\'');
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] == '\'')
            gz_buf_cstr(out, "'\\''");
        else
            gz_buf_char(out, word.ptr[i]);
    gz_buf_char(out, '\'');
}

// The input, with the options that it needs.
static void
put_input(struct gz_ingest *g, struct gz_buf *out)
{
    struct gz_str one = { &g->o->delimiter, 1 };

    if (g->o->encoding) {
        gz_buf_cstr(out, " --encoding ");
        put_word(out, gz_str_of(g->o->encoding));
    }
    if (g->o->delimiter) {
        gz_buf_cstr(out, " --delimiter ");
        put_word(out, g->o->delimiter == '\t' ? GZ_STR("tab") : one);
    }
    gz_buf_char(out, ' ');
    put_word(out, gz_str_of(g->path ? g->path : "-"));
}

const char *
gz_ingest_next_command(struct gz_ingest *g, bool use)
{
    struct gz_str name = layout_name(g);
    struct gz_str file = gz_arena_printf(&g->arena, GZ_STR_FMT ".json", GZ_STR_ARG(name));
    struct gz_buf b = { 0 };
    const char *text;

    gz_buf_cstr(&b, use ? "gz-ingest --layout ./" : "gz-ingest --propose -o ");
    put_word(&b, file);
    put_input(g, &b);
    text = gz_arena_cstr(&g->arena, gz_buf_str(&b));
    gz_buf_release(&b);
    return text;
}

static void
put_document(struct gz_ingest *g, const struct gz_proposal *p, struct gz_buf *out)
{
    struct gz_str about = gz_arena_printf(
        &g->arena,
        _("proposed for %s by gz-ingest; read the reasons in \"why\" before use"),
        gz_input_name(g->in));

    gz_propose_write(p, layout_name(g), about, gz_str_of(g->under),
                     g->csv && !g->header_line, out);
}

static void
put_row(struct gz_ingest *g, const struct gz_proposal *p, size_t c, struct gz_buf *out)
{
    const struct gz_propose_column *col = &p->column[c];
    struct gz_str to = GZ_STR("ext");

    if (col->role == GZ_PROPOSE_CONTACT)
        to = gz_str_of(_("(left out: contact)"));
    else if (col->role == GZ_PROPOSE_FIELD && col->date[0])
        to = gz_arena_printf(&g->arena, GZ_STR_FMT " (%s%s%s)",
                             GZ_STR_ARG(col->field->name), col->date[0],
                             col->date[1] ? "|" : "", col->date[1] ? col->date[1] : "");
    else if (col->role == GZ_PROPOSE_FIELD)
        to = col->field->name;
    gz_buf_printf(out, "%4zu  ", c + 1);
    gz_ingest_pad(out, g->header.column[c].name, NAME_COLS);
    gz_buf_lit(out, "  ");
    gz_ingest_pad(out, to, FIELD_COLS);
    gz_buf_lit(out, "  ");
    gz_utf8_printable(col->why, out);
    gz_buf_char(out, '\n');
}

enum gz_err_kind
gz_ingest_inspect_proposal(struct gz_ingest *g, struct gz_buf *out, struct gz_err *err)
{
    struct proposing pr = { 0 };

    if (propose(g, &pr, err) == GZ_OK) {
        gz_buf_cstr(out,
                    _("   #  column                        becomes                     "
                      "why\n"));
        for (size_t c = 0; c < pr.p->count; c++)
            put_row(g, pr.p, c, out);
        if (pr.p->count < g->header.count)
            gz_buf_printf(out, _("(%zu columns more, which were not looked at)\n"),
                          g->header.count - pr.p->count);
        gz_buf_printf(out,
                      _("\nto write this layout to a file, and to use it:\n"
                        "  %s\n  %s\n\nthe layout:\n"),
                      gz_ingest_next_command(g, false), gz_ingest_next_command(g, true));
        put_document(g, pr.p, out);
    }
    release(&pr);
    return err->kind;
}

enum gz_err_kind
gz_ingest_propose(struct gz_ingest *g, struct gz_buf *out, struct gz_err *err)
{
    struct proposing pr = { 0 };

    if (!g->proposing) { // of a shape that a built-in layout alone can tell
        gz_buf_add(out, g->layout->text);
        return GZ_OK;
    }
    if (propose(g, &pr, err) == GZ_OK) {
        bool any = false;

        for (size_t c = 0; c < pr.p->count; c++)
            any |= pr.p->column[c].role == GZ_PROPOSE_FIELD;
        if (any)
            put_document(g, pr.p, out);
        else
            gz_err_set(err, GZ_ERR_USAGE,
                       _("%s: nothing in its columns looks like a field; --inspect shows "
                         "them"),
                       gz_input_name(g->in));
    }
    release(&pr);
    return err->kind;
}
