// SPDX-License-Identifier: MIT
#include "pack/data.h"

const struct gz_data *
gz_data_find(struct gz_str name)
{
    for (size_t i = 0; i < gz_data_count; i++)
        if (gz_str_is(name, gz_data_files[i].name))
            return &gz_data_files[i];
    return NULL;
}

void
gz_data_range(struct gz_str prefix, size_t *first, size_t *end)
{
    size_t i = 0;

    while (i < gz_data_count && !gz_str_starts(gz_str_of(gz_data_files[i].name), prefix))
        i++;
    *first = i;
    while (i < gz_data_count && gz_str_starts(gz_str_of(gz_data_files[i].name), prefix))
        i++;
    *end = i;
}
