// SPDX-License-Identifier: MIT
#include "record/ingest.h"

void
gz_ingest_inspect(struct gz_ingest *g, struct gz_buf *out)
{
    gz_buf_add(out, g->layout->name);
    gz_buf_char(out, '\n');
}
