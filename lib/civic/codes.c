// SPDX-License-Identifier: MIT
#include "civic/codes.h"

void
gz_codes_add(struct gz_codes *c, char kind, struct gz_str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->item[i].ptr[0] == kind && gz_str_eq(gz_str_from(c->item[i], 2), name))
            return;
    if (c->count < GZ_CODES)
        c->item[c->count++] =
            gz_arena_printf(c->arena, "%c-" GZ_STR_FMT, kind, GZ_STR_ARG(name));
}
