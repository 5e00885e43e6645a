// SPDX-License-Identifier: MIT
#include "base/tr.h"
#include "record/ingest.h"

enum gz_err_kind
gz_ingest_json_open(struct gz_ingest *g, struct gz_err *err)
{
    (void)g;
    return gz_err_set(err, GZ_ERR_FORMAT, _("JSON is not read yet"));
}

enum gz_err_kind
gz_ingest_json_run(struct gz_ingest *g, struct gz_err *err)
{
    (void)g;
    (void)err;
    return GZ_OK;
}

void
gz_ingest_json_close(struct gz_ingest *g)
{
    (void)g;
}
