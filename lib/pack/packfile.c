// SPDX-License-Identifier: MIT
#include "pack/packfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/tr.h"
#include "base/utf8.h"
#include "io/file.h"
#include "io/output.h"
#include "pack/data.h"
#include "pack/pack.h"

// True when `path` is there: then *err or *out is set.
static bool
try_path(const char *path, struct gz_arena *arena, struct gz_pack_file *out,
         struct gz_err *err)
{
    if (access(path, F_OK) != 0)
        return false;
    out->name = path;
    out->text = gz_file_read(path, GZ_FILE_LIMIT, arena, err);
    return true;
}

static bool
try_below(struct gz_str root, const char *below, const char *base, struct gz_arena *arena,
          struct gz_pack_file *out, struct gz_err *err)
{
    struct gz_str path;

    // XDG: a path that is not absolute is to be ignored.
    if (root.len == 0 || root.ptr[0] != '/')
        return false;
    path = gz_arena_printf(arena, GZ_STR_FMT "/%s/%s", GZ_STR_ARG(root), below, base);
    return try_path(path.ptr, arena, out, err);
}

static bool
try_xdg(const char *base, struct gz_arena *arena, struct gz_pack_file *out,
        struct gz_err *err)
{
    const char *own = getenv("XDG_CONFIG_HOME"), *dirs = getenv("XDG_CONFIG_DIRS");
    const char *home = getenv("HOME");
    struct gz_cut cut = { .tail = gz_str_of(dirs && *dirs ? dirs : "/etc/xdg"),
                          .found = true };

    if (own && *own) {
        if (try_below(gz_str_of(own), "gz/pack", base, arena, out, err))
            return true;
    } else if (home &&
               try_below(gz_str_of(home), ".config/gz/pack", base, arena, out, err)) {
        return true;
    }
    while (cut.found) {
        cut = gz_str_cut(cut.tail, GZ_STR(":"));
        if (try_below(cut.head, "gz/pack", base, arena, out, err))
            return true;
    }
    return false;
}

enum gz_err_kind
gz_pack_file_find(const char *dir, const char *base, struct gz_arena *arena,
                  struct gz_pack_file *out, struct gz_err *err)
{
    const struct gz_data *data;

    if (dir) {
        struct gz_str path = gz_arena_printf(arena, "%s/%s", dir, base);

        if (try_path(path.ptr, arena, out, err))
            return err->kind;
    }
    if (try_xdg(base, arena, out, err))
        return err->kind;
    out->name = gz_arena_printf(arena, _("(built in) pack/%s"), base).ptr;
    data = gz_data_find(gz_arena_printf(arena, "pack/%s", base));
    if (!data)
        return gz_err_set(err, GZ_ERR_USAGE, _("no sheet '%s' is built in"), base);
    out->text = gz_data_str(data);
    return GZ_OK;
}

static enum gz_err_kind
export_one(const struct gz_pack *p, enum gz_pack_sheet s, const char *dir,
           struct gz_arena *arena, struct gz_err *err)
{
    const char *path = gz_arena_printf(arena, "%s/%s", dir, gz_pack_sheet_name(s)).ptr;
    struct gz_out out = { 0 };

    if (access(path, F_OK) == 0) {
        gz_err_set(err, GZ_ERR_USAGE, _("'%s' exists: give a new directory"), path);
        return err->kind;
    }
    if (gz_out_open(&out, path, err))
        return err->kind;
    gz_buf_add(&out.buf, p->text[s]);
    return gz_out_close(&out, GZ_OUT_COMMIT, err);
}

enum gz_err_kind
gz_pack_export(const struct gz_pack *p, const char *dir, struct gz_err *err)
{
    struct gz_arena arena = { 0 };

    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        gz_err_set(err, GZ_ERR_IO, _("cannot make directory '%s': %s"), dir,
                   strerror(errno));
    for (int s = 0; s < GZ_SHEETS && !err->kind; s++)
        export_one(p, (enum gz_pack_sheet)s, dir, &arena, err);
    gz_arena_free(&arena);
    return err->kind;
}

void
gz_pack_hash(const struct gz_pack *p, char out[17])
{
    struct gz_buf all = { 0 };

    for (int s = 0; s < GZ_SHEETS; s++) {
        gz_buf_add(&all, p->text[s]);
        gz_buf_char(&all, '\0');
    }
    gz_hash_hex(gz_hash_fixed(gz_buf_str(&all)), out);
    gz_buf_release(&all);
}

uint64_t
gz_pack_cell_column(struct gz_str text, uint64_t line, int cell)
{
    size_t at = 0, start;
    bool quoted = false;

    while (line > 1 && at < text.len)
        line -= text.ptr[at++] == '\n';
    if (line != 1 || cell < 0)
        return 0;
    start = at;
    for (; at < text.len && cell > 0; at++) {
        if (text.ptr[at] == '"')
            quoted = !quoted;
        else if (text.ptr[at] == ',' && !quoted)
            cell--;
        else if (text.ptr[at] == '\n')
            start = at + 1; // a cell of several lines
    }
    if (at < text.len && text.ptr[at] == '"')
        at++;
    return gz_utf8_count((struct gz_str){ text.ptr + start, at - start }) + 1;
}
