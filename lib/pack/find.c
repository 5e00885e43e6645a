// SPDX-License-Identifier: MIT
#include "pack/find.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/near.h"
#include "base/tr.h"
#include "io/file.h"
#include "pack/data.h"

enum { MAX_BYTES = 16 * 1024 * 1024 };

static enum gz_err_kind
read_path(struct gz_arena *arena, const char *path, struct gz_found *out,
          struct gz_err *err)
{
    out->name = path;
    out->text = gz_file_read(path, MAX_BYTES, arena, err);
    return err->kind;
}

// The document in one configuration directory; NULL when it is not there.
static const char *
path_in(struct gz_arena *arena, struct gz_str dir, const char *under, const char *folder,
        const char *name)
{
    const char *path;

    if (dir.len == 0)
        return NULL;
    path = gz_arena_printf(arena, GZ_STR_FMT "%s/gz/%s/%s.json", GZ_STR_ARG(dir), under,
                           folder, name)
               .ptr;
    return access(path, R_OK) == 0 ? path : NULL;
}

static const char *
configured(struct gz_arena *arena, const char *folder, const char *name)
{
    const char *home = getenv("XDG_CONFIG_HOME"), *dirs = getenv("XDG_CONFIG_DIRS");
    struct gz_cut cut = { .tail = gz_str_of(dirs && *dirs ? dirs : "/etc/xdg"),
                          .found = true };
    const char *path = home && *home ? path_in(arena, gz_str_of(home), "", folder, name)
                                     : path_in(arena, gz_str_of(getenv("HOME")),
                                               "/.config", folder, name);

    while (!path && cut.found) {
        cut = gz_str_cut(cut.tail, GZ_STR(":"));
        path = path_in(arena, cut.head, "", folder, name);
    }
    return path;
}

void
gz_find_list(const char *folder, struct gz_buf *out)
{
    struct gz_str prefix = gz_str_of(folder);
    size_t first, end;

    gz_data_range(prefix, &first, &end);
    for (; first < end; first++) {
        struct gz_str name =
            gz_str_from(gz_str_of(gz_data_files[first].name), prefix.len);

        if (!gz_str_starts(name, GZ_STR("/")) || !gz_str_ends(name, GZ_STR(".json")))
            continue;
        gz_buf_add(out, (struct gz_str){ name.ptr + 1, name.len - 6 });
        gz_buf_char(out, '\n');
    }
}

static enum gz_err_kind
not_found(const char *folder, const char *name, struct gz_err *err)
{
    struct gz_buf names = { 0 };
    struct gz_near near = { .want = gz_str_of(name) };

    gz_find_list(folder, &names);
    for (struct gz_str rest = gz_buf_str(&names); rest.len;) {
        struct gz_cut cut = gz_str_cut(rest, GZ_STR("\n"));

        gz_near_try(&near, cut.head);
        rest = cut.tail;
    }
    for (size_t i = 0; i + 1 < names.len; i++)
        if (names.ptr[i] == '\n')
            names.ptr[i] = ' ';
    gz_err_set(err, GZ_ERR_USAGE,
               _("nothing in %s is named '%s': there is " GZ_STR_FMT "%s"), folder, name,
               GZ_STR_ARG(gz_str_first(gz_str_trim(gz_buf_str(&names)), 120)),
               gz_near_hint(&near));
    gz_buf_release(&names);
    return err->kind;
}

enum gz_err_kind
gz_find(struct gz_arena *arena, const char *folder, const char *name,
        struct gz_found *out, struct gz_err *err)
{
    struct gz_str key;
    const struct gz_data *data;
    const char *path;

    if (strchr(name, '/') || gz_str_ends(gz_str_of(name), GZ_STR(".json")))
        return read_path(arena, name, out, err);
    path = configured(arena, folder, name);
    if (path)
        return read_path(arena, path, out, err);
    key = gz_arena_printf(arena, "%s/%s.json", folder, name);
    data = gz_data_find(key);
    if (!data)
        return not_found(folder, name, err);
    out->text = gz_data_str(data);
    out->name = gz_arena_printf(arena, "(built in) " GZ_STR_FMT, GZ_STR_ARG(key)).ptr;
    return GZ_OK;
}
