// SPDX-License-Identifier: MIT
#include "io/csvscan.h"

static size_t
scan_plain(struct gz_csvscan *s, const char *text, size_t from, size_t to)
{
    unsigned char delimiter = s->delimiter, eol = s->eol;
    bool inside = s->inside, fresh = s->fresh;
    size_t at;

    for (at = from; at < to; at++) {
        unsigned char c = (unsigned char)text[at];
        bool after = fresh;

        fresh = false;
        if (c == '"' && s->quotes) {
            if (!inside && !after) {
                s->flag = at;
                break;
            }
            // An opening quote right after another one doubles it.
            if (!inside && at > 0 && text[at - 1] == '"')
                s->odd[s->odds++] = (uint32_t)at;
            inside = !inside;
            fresh = true;
        } else if (c == eol && inside) {
            s->odd[s->odds++] = (uint32_t)at;
        } else if (c == eol || (c == delimiter && !inside)) {
            s->sep[s->seps++] = (uint32_t)at;
            s->last_eol = c == eol ? at : s->last_eol;
            fresh = true;
        }
    }
    s->inside = inside;
    s->fresh = fresh;
    return at;
}

gz_csvscan_fn *
gz_csvscan_get(enum gz_csv_engine engine)
{
    (void)engine;
    return scan_plain;
}
