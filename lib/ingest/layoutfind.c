// SPDX-License-Identifier: MIT
// Where layouts are found: built in, in the folders of configuration, at a path.
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map.h"
#include "base/near.h"
#include "base/tr.h"
#include "ingest/layout.h"
#include "io/file.h"
#include "pack/data.h"

enum { MAX_FOLDERS = 16 };

static const char prefix[] = "layouts/";

struct gz_str
gz_layout_builtin(struct gz_str name, struct gz_arena *arena)
{
    struct gz_str path =
        gz_arena_printf(arena, "%s" GZ_STR_FMT ".json", prefix, GZ_STR_ARG(name));
    const struct gz_data *d = gz_data_find(path);

    return d ? gz_data_str(d) : (struct gz_str){ NULL, 0 };
}

size_t
gz_layout_list(struct gz_arena *arena, struct gz_str **list)
{
    size_t first, end;

    gz_data_range(gz_str_of(prefix), &first, &end);
    *list = gz_arena_new(arena, struct gz_str, end - first);
    for (size_t i = first; i < end; i++) {
        struct gz_str name =
            gz_str_from(gz_str_of(gz_data_files[i].name), sizeof(prefix) - 1);

        (*list)[i - first] = gz_str_first(name, name.len - 5); // without ".json"
    }
    return end - first;
}

// How many columns it must know at least: those that are built in need one for each of
// the fields that they cannot do without.
static size_t
columns_needed(struct gz_str text)
{
    size_t at = gz_str_find(text, GZ_STR("\"need\""));
    struct gz_str need = at == (size_t)-1 ? GZ_STR("") : gz_str_from(text, at);

    return gz_str_cut(gz_str_cut(need, GZ_STR("]")).head, GZ_STR(",")).found ? 2 : 1;
}

bool
gz_layout_may_know(struct gz_str name, const struct gz_map *names,
                   struct gz_arena *scratch)
{
    struct gz_str rest = gz_layout_builtin(name, scratch);
    size_t wanted, found = 0;

    // Those that take field names for columns, and those for a part of a file.
    if (gz_str_find(rest, GZ_STR("\"records\"")) != (size_t)-1 ||
        gz_str_find(rest, GZ_STR("\"section\"")) != (size_t)-1)
        return true;
    wanted = columns_needed(rest);
    for (struct gz_cut c = gz_str_cut(rest, GZ_STR("\"")); c.found && found < wanted;
         c = gz_str_cut(c.tail, GZ_STR("\""))) {
        c = gz_str_cut(c.tail, GZ_STR("\"")); // the string
        if (gz_str_starts(c.tail, GZ_STR(":")))
            continue; // a key
        // An escape, or the number of a column.
        if (memchr(c.head.ptr, '\\', c.head.len) || memchr(c.head.ptr, '#', c.head.len))
            return true;
        found += gz_map_get(names, gz_fold_name(c.head, scratch)) != GZ_MAP_NONE;
    }
    return found >= wanted;
}

// ---- layouts of one's own ----

// The folder below a root of configuration; {NULL, 0} where there is no root.
static struct gz_str
folder_in(struct gz_str root, const char *under, struct gz_arena *arena)
{
    if (!root.len)
        return (struct gz_str){ NULL, 0 };
    return gz_arena_printf(arena, GZ_STR_FMT "%s/gz/layouts", GZ_STR_ARG(root), under);
}

// The folders that are looked through, the nearest first.
static size_t
folders(const char *asked, struct gz_str *dir, struct gz_arena *arena)
{
    const char *own = getenv("XDG_CONFIG_HOME"), *all = getenv("XDG_CONFIG_DIRS");
    struct gz_cut cut = { .tail = gz_str_of(all && *all ? all : "/etc/xdg"),
                          .found = true };
    size_t n = 0;

    if (asked)
        dir[n++] = gz_str_of(asked);
    dir[n] = own && *own ? folder_in(gz_str_of(own), "", arena)
                         : folder_in(gz_str_of(getenv("HOME")), "/.config", arena);
    n += dir[n].len > 0;
    while (cut.found && n < MAX_FOLDERS) {
        cut = gz_str_cut(cut.tail, GZ_STR(":"));
        dir[n] = folder_in(cut.head, "", arena);
        n += dir[n].len > 0;
    }
    return n;
}

// One's own layout of that name; NULL when there is none.
static const char *
user_file(struct gz_str name, struct gz_arena *arena)
{
    struct gz_str dir[MAX_FOLDERS + 1];
    size_t n = folders(NULL, dir, arena);

    for (size_t i = 0; i < n; i++) {
        struct gz_str path = gz_arena_printf(arena, GZ_STR_FMT "/" GZ_STR_FMT ".json",
                                             GZ_STR_ARG(dir[i]), GZ_STR_ARG(name));

        if (access(path.ptr, R_OK) == 0)
            return path.ptr;
    }
    return NULL;
}

static int
by_path(const void *a, const void *b)
{
    return gz_str_cmp(*(const struct gz_str *)a, *(const struct gz_str *)b);
}

// The documents in one folder, in the order of their names.
static enum gz_err_kind
list_folder(struct gz_str dir, bool asked, struct gz_arena *arena, struct gz_str **list,
            size_t *count, struct gz_err *err)
{
    DIR *d = opendir(gz_arena_cstr(arena, dir));
    size_t from = *count, cap = *count;
    const struct dirent *e;

    if (!d && asked)
        return gz_err_set(err, GZ_ERR_IO, GZ_STR_FMT ": %s", GZ_STR_ARG(dir),
                          strerror(errno));
    while (d && (e = readdir(d)) != NULL) {
        struct gz_str name = gz_str_of(e->d_name);

        if (name.ptr[0] == '.' || !gz_str_ends(name, GZ_STR(".json")))
            continue;
        *list = gz_arena_grow(arena, *list, &cap, *count + 1, sizeof(**list));
        (*list)[(*count)++] = gz_arena_printf(arena, GZ_STR_FMT "/" GZ_STR_FMT,
                                              GZ_STR_ARG(dir), GZ_STR_ARG(name));
    }
    if (d)
        closedir(d);
    if (*count > from)
        qsort(*list + from, *count - from, sizeof(**list), by_path);
    return GZ_OK;
}

size_t
gz_layout_own(const char *asked, struct gz_arena *arena, struct gz_str **list,
              struct gz_err *err)
{
    struct gz_str dir[MAX_FOLDERS + 1];
    size_t n = folders(asked, dir, arena), count = 0;

    *list = NULL;
    for (size_t i = 0; i < n; i++)
        if (list_folder(dir[i], asked && i == 0, arena, list, &count, err))
            return 0;
    return count;
}

enum gz_err_kind
gz_layout_missing(struct gz_str name, struct gz_arena *arena, struct gz_err *err)
{
    struct gz_near near = { .want = name };
    struct gz_str *list;
    size_t count = gz_layout_list(arena, &list);

    for (size_t i = 0; i < count; i++)
        gz_near_try(&near, list[i]);
    return gz_err_set(err, GZ_ERR_USAGE,
                      _("no layout '" GZ_STR_FMT
                        "'; --list-layouts names them, a file is "
                        "given by its path%s"),
                      GZ_STR_ARG(name), gz_near_hint(&near));
}

const struct gz_layout *
gz_layout_load(struct gz_str spec, const struct gz_schema *schema, struct gz_arena *arena,
               struct gz_err *err)
{
    bool is_path = memchr(spec.ptr, '/', spec.len) || gz_str_ends(spec, GZ_STR(".json"));
    const char *path = is_path ? gz_arena_cstr(arena, spec) : user_file(spec, arena);
    struct gz_str text;

    if (path) {
        text = gz_file_read(path, GZ_FILE_LIMIT, arena, err);
        return err->kind ? NULL : gz_layout_parse(text, path, schema, arena, err);
    }
    text = gz_layout_builtin(spec, arena);
    if (!text.ptr) {
        gz_layout_missing(spec, arena, err);
        return NULL;
    }
    path = gz_arena_printf(arena, "(built in) %s" GZ_STR_FMT ".json", prefix,
                           GZ_STR_ARG(spec))
               .ptr;
    return gz_layout_parse(text, path, schema, arena, err);
}
