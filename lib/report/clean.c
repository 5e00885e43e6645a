// SPDX-License-Identifier: MIT
#include "base/utf8.h"
#include "report/doc.h"

// Controls but for line ends and tabs, and marks that turn the direction of writing.
static bool
is_bad(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfffe ||
           c == 0xffff;
}

struct gz_str
gz_doc_clean_text(struct gz_str s, struct gz_arena *arena)
{
    struct gz_buf out = { 0 };
    bool any = false;

    for (size_t at = 0; at < s.len && !any;)
        any = is_bad(gz_utf8_next(s, &at));
    if (!any)
        return s;
    for (size_t at = 0; at < s.len;) {
        uint32_t c = gz_utf8_next(s, &at);

        gz_utf8_put(&out, is_bad(c) ? 0xfffd : c);
    }
    s = gz_arena_dup(arena, gz_buf_str(&out));
    gz_buf_release(&out);
    return s;
}

static void
clean_table(const struct gz_grid *t, struct gz_arena *arena)
{
    for (size_t r = 0; r < t->rows; r++)
        for (size_t c = 0; c < t->columns; c++)
            t->row[r].cell[c].text = gz_doc_clean_text(t->row[r].cell[c].text, arena);
    for (size_t i = 0; i < t->notes; i++)
        t->note[i] = gz_doc_clean_text(t->note[i], arena);
}

static struct gz_check *
clean_checks(const struct gz_check *check, size_t count, struct gz_arena *arena)
{
    struct gz_check *copy = gz_arena_new(arena, struct gz_check, count + 1);

    for (size_t i = 0; i < count; i++) {
        copy[i] = check[i];
        copy[i].name = gz_doc_clean_text(check[i].name, arena);
        copy[i].note = gz_doc_clean_text(check[i].note, arena);
    }
    return copy;
}

static struct gz_fact *
clean_facts(const struct gz_fact *fact, size_t count, struct gz_arena *arena)
{
    struct gz_fact *copy = gz_arena_new(arena, struct gz_fact, count + 1);

    for (size_t i = 0; i < count; i++)
        copy[i] = (struct gz_fact){ gz_doc_clean_text(fact[i].name, arena),
                                    gz_doc_clean_text(fact[i].text, arena) };
    return copy;
}

static void
clean_item(struct gz_item *i, struct gz_arena *arena)
{
    if (i->type == GZ_ITEM_TABLE)
        clean_table(i->table, arena);
    else if (i->type == GZ_ITEM_CHECKS)
        i->check = clean_checks(i->check, i->count, arena);
    else if (i->type == GZ_ITEM_FACTS)
        i->fact = clean_facts(i->fact, i->count, arena);
    i->note = gz_doc_clean_text(i->note, arena);
}

void
gz_doc_clean(struct gz_doc *doc, struct gz_arena *arena)
{
    struct gz_sentence *sentence =
        gz_arena_new(arena, struct gz_sentence, doc->sentences + 1);

    for (struct gz_section *s = doc->first; s; s = s->next)
        for (struct gz_item *i = s->first; i; i = i->next)
            clean_item(i, arena);
    for (size_t i = 0; i < doc->sentences; i++) {
        sentence[i] = doc->sentence[i];
        sentence[i].text = gz_doc_clean_text(sentence[i].text, arena);
    }
    doc->sentence = sentence;
    for (size_t i = 0; i < doc->missings; i++)
        doc->missing[i] = gz_doc_clean_text(doc->missing[i], arena);
    doc->title = gz_doc_clean_text(doc->title, arena);
}
