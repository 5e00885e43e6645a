// SPDX-License-Identifier: MIT
#include "io/csvrec.h"

// Where the walk stands within a field.
enum state { START, PLAIN, QUOTED, CLOSED };

// Is the byte at `i` the line end, or the first byte of one? In a file of LF, CR counts
// only before LF or at the end of the file. The reader's line ends are the same.
static bool
ends_line(struct gz_str text, size_t i, bool last, char eol)
{
    if (text.ptr[i] == eol)
        return true;
    if (eol != '\n' || text.ptr[i] != '\r')
        return false;
    return i + 1 < text.len ? text.ptr[i + 1] == '\n' : last;
}

enum gz_csvrec_end
gz_csvrec_walk(struct gz_csvrec *rec, struct gz_str text, bool last,
               const struct gz_csvrec_rules *rules)
{
    enum state state = START;
    size_t i;

    *rec = (struct gz_csvrec){ .lines = 1, .count = 1 };
    for (i = 0; i < text.len && i <= rules->max; i++) {
        char c = text.ptr[i];

        if (state == QUOTED) {
            if (c == '"')
                state = CLOSED;
            rec->lines += c == rules->eol;
        } else if (c == '"' && rules->quotes && state != PLAIN) {
            // At the start it opens; after a closing quote it was a doubled one.
            if (state == START) {
                rec->at = i;
                rec->at_line = rec->lines - 1;
            }
            state = QUOTED;
        } else if (c == rules->delimiter) {
            rec->count++;
            state = START;
        } else if (ends_line(text, i, last, rules->eol)) {
            rec->len = i;
            rec->next = i + 1 + (c != rules->eol && i + 1 < text.len);
            return rec->count > GZ_CSVREC_MAX_FIELDS ? GZ_CSVREC_FIELDS : GZ_CSVREC_WHOLE;
        } else if (c == '\r' && i + 1 == text.len && !last) {
            return GZ_CSVREC_MORE; // it may yet turn out to be a line end
        } else if (state == CLOSED) {
            return GZ_CSVREC_AFTER;
        } else {
            rec->stray |= c == '"' && rules->quotes;
            state = PLAIN;
        }
    }
    rec->len = rec->next = i;
    if (i > rules->max)
        return state == QUOTED ? GZ_CSVREC_LONG_QUOTED : GZ_CSVREC_LONG;
    if (!last)
        return GZ_CSVREC_MORE;
    if (state == QUOTED)
        return GZ_CSVREC_OPEN;
    return rec->count > GZ_CSVREC_MAX_FIELDS ? GZ_CSVREC_FIELDS : GZ_CSVREC_WHOLE;
}
