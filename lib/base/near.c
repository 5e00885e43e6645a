// SPDX-License-Identifier: MIT
#include "base/near.h"

#include <stdio.h>

#include "base/tr.h"

void
gz_near_try(struct gz_near *n, struct gz_str name)
{
    size_t limit = n->best.ptr ? n->distance : n->want.len / 3 + 1;
    size_t d = gz_str_distance(n->want, name, limit);

    if (d >= limit && n->want.len >= 3 && gz_str_starts(name, n->want))
        d = limit - 1;
    if (d >= limit)
        return;
    n->distance = d;
    n->best = name;
}

const char *
gz_near_hint(struct gz_near *n)
{
    n->hint[0] = '\0';
    if (n->best.ptr)
        snprintf(n->hint, sizeof(n->hint), _("; did you mean '" GZ_STR_FMT "'?"),
                 GZ_STR_ARG(gz_str_first(n->best, 100)));
    return n->hint;
}
