// SPDX-License-Identifier: MIT
#include "link/outcome.h"

#include "base/tr.h"
#include "pack/sheet.h"

struct gz_outcomes {
    struct gz_str *word;
    enum gz_outcome *class;
    size_t count;
};

static const char *const names[] = { "",         "passed", "rejected",
                                     "deferred", "none",   "unheld" };

static enum gz_outcome
class_of(struct gz_str s)
{
    for (size_t i = 1; i < GZ_COUNT(names); i++)
        if (gz_str_is(s, names[i]))
            return (enum gz_outcome)i;
    return GZ_OUTCOME_UNKNOWN;
}

struct gz_outcomes *
gz_outcomes_load(struct gz_arena *arena, struct gz_err *err)
{
    struct gz_outcomes *o = gz_arena_new(arena, struct gz_outcomes, 1);
    struct gz_sheet *sheet = gz_sheet_builtin("link/outcomes.csv", arena, err);

    if (!sheet)
        return NULL;
    o->word = gz_arena_new(arena, struct gz_str, sheet->rows);
    o->class = gz_arena_new(arena, enum gz_outcome, sheet->rows);
    for (size_t i = 0; i < sheet->rows; i++) {
        const struct gz_sheet_row *row = &sheet->row[i];
        struct gz_str word = gz_sheet_cell(row, gz_sheet_column(sheet, "word"));
        int column = gz_sheet_column(sheet, "class");
        enum gz_outcome class = class_of(gz_sheet_cell(row, column));

        if (word.len == 0 || class == GZ_OUTCOME_UNKNOWN) {
            gz_sheet_fault(sheet, row, column, err,
                           _("a word and its class were expected"));
            return NULL;
        }
        o->word[o->count] = word;
        o->class[o->count++] = class;
    }
    return o;
}

static size_t
find_nocase(struct gz_str text, struct gz_str word)
{
    for (size_t at = 0; at + word.len <= text.len; at++)
        if (gz_str_eq_nocase((struct gz_str){ text.ptr + at, word.len }, word))
            return at;
    return (size_t)-1;
}

enum gz_outcome
gz_outcome_of(const struct gz_outcomes *all, struct gz_str text)
{
    enum gz_outcome best = GZ_OUTCOME_UNKNOWN;
    size_t first = (size_t)-1, length = 0;

    for (size_t i = 0; i < all->count; i++) {
        size_t at = find_nocase(text, all->word[i]);

        if (at < first || (at == first && all->word[i].len > length)) {
            if (at == (size_t)-1)
                continue;
            first = at;
            length = all->word[i].len;
            best = all->class[i];
        }
    }
    return best;
}

struct gz_str
gz_outcome_class(enum gz_outcome o)
{
    return o == GZ_OUTCOME_UNHELD ? (struct gz_str){ NULL, 0 } : gz_str_of(names[o]);
}

struct gz_str
gz_outcome_passed(enum gz_outcome o)
{
    return o == GZ_OUTCOME_PASSED     ? GZ_STR("yes")
           : o == GZ_OUTCOME_REJECTED ? GZ_STR("no")
                                      : (struct gz_str){ NULL, 0 };
}
