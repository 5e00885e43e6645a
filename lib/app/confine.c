// SPDX-License-Identifier: MIT
#include "app/confine.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/sandbox.h"
#include "base/str.h"
#include "base/tr.h"

// Sanitizers and valgrind need calls of their own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||               \
    __has_feature(memory_sanitizer)
#define WATCHED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#endif

static bool
is_watched(void)
{
#ifdef WATCHED
    return true;
#else
    const char *preload = getenv("LD_PRELOAD");

    return preload && strstr(preload, "vgpreload");
#endif
}

// The folder that holds `path`.
static void
allow_folder(struct gz_sandbox *s, const char *path, enum gz_sandbox_use use)
{
    const char *slash = strrchr(path, '/');
    struct gz_buf dir = { 0 };

    if (!slash)
        gz_buf_char(&dir, '.');
    else // "/x" lies in "/"
        gz_buf_add(&dir,
                   (struct gz_str){ path, slash > path ? (size_t)(slash - path) : 1 });
    gz_buf_char(&dir, '\0');
    gz_sandbox_allow(s, dir.ptr, use);
    gz_buf_release(&dir);
}

// ---- what belongs to the system ----

// Where the libraries lie, for those that are loaded late: the tables of iconv. Below
// /usr and /lib everything may be read anyhow.
static int
allow_library(struct dl_phdr_info *info, size_t size, void *ctx)
{
    const char *name = info->dlpi_name;

    (void)size;
    if (name && name[0] == '/' && strncmp(name, "/usr/", 5) && strncmp(name, "/lib", 4))
        allow_folder(ctx, name, GZ_SANDBOX_READ);
    return 0;
}

static void
allow_system(struct gz_sandbox *s)
{
    // The random bytes are for the hash tables of Jansson.
    static const char *const paths[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache",
                                         "/dev/urandom" };

    for (size_t i = 0; i < GZ_COUNT(paths); i++)
        gz_sandbox_allow(s, paths[i], GZ_SANDBOX_READ);
    dl_iterate_phdr(allow_library, s);
}

static void
allow_below(struct gz_sandbox *s, struct gz_str root, const char *below)
{
    struct gz_buf path = { 0 };

    if (root.len) {
        gz_buf_printf(&path, GZ_STR_FMT "/%s", GZ_STR_ARG(root), below);
        gz_buf_char(&path, '\0');
        gz_sandbox_allow(s, path.ptr, GZ_SANDBOX_READ);
    }
    gz_buf_release(&path);
}

// Packs, layouts, plans and schemes that are found by name.
static void
allow_configuration(struct gz_sandbox *s)
{
    const char *own = getenv("XDG_CONFIG_HOME"), *dirs = getenv("XDG_CONFIG_DIRS");
    const char *home = getenv("HOME");
    struct gz_cut cut = { .tail = gz_str_of(dirs && *dirs ? dirs : "/etc/xdg"),
                          .found = true };

    if (own && *own)
        allow_below(s, gz_str_of(own), "gz");
    else if (home)
        allow_below(s, gz_str_of(home), ".config/gz");
    while (cut.found) {
        cut = gz_str_cut(cut.tail, GZ_STR(":"));
        allow_below(s, cut.head, "gz");
    }
}

static void
allow_temporary(struct gz_sandbox *s)
{
    const char *dir = getenv("TMPDIR");

    gz_sandbox_allow(s, dir && *dir ? dir : "/tmp", GZ_SANDBOX_WRITE);
}

// ---- what the command line names ----

static void
allow_option(struct gz_sandbox *s, const char *class, const char *path)
{
    static const char *const read[] = { "@file", "@dir", "@layout", "@plan", "@scheme" };

    if (strcmp(class, "@output") == 0)
        allow_folder(s, path, GZ_SANDBOX_RENAME);
    if (strcmp(class, "@newfile") == 0)
        allow_folder(s, path, GZ_SANDBOX_WRITE);
    if (strcmp(class, "@newdir") == 0) {
        // One that is made later would have to be allowed with all that lies beside it.
        (void)mkdir(path, 0777);
        gz_sandbox_allow(s, path, GZ_SANDBOX_WRITE);
    }
    for (size_t i = 0; i < GZ_COUNT(read); i++)
        if (strcmp(class, read[i]) == 0)
            gz_sandbox_allow(s, path, GZ_SANDBOX_READ);
    // A plan of one's own may name its base and its scheme, which lie beside it or where
    // the tool was started.
    if (strcmp(class, "@plan") == 0 && (strchr(path, '/') || strchr(path, '.'))) {
        allow_folder(s, path, GZ_SANDBOX_READ);
        gz_sandbox_allow(s, ".", GZ_SANDBOX_READ);
    }
}

static void
allow_options(struct gz_sandbox *s, const struct gz_opt *table)
{
    for (; table->type != GZ_OPT_END; table++) {
        const char *path =
            table->type == GZ_OPT_STR ? *(const char **)table->value : NULL;

        if (path && table->values && table->values[0] == '@')
            allow_option(s, table->values, path);
    }
}

// Inputs are opened when their turn comes; one that is not there yet may be by then.
static void
allow_operands(struct gz_sandbox *s, char **operand)
{
    for (; *operand; operand++)
        if (strcmp(*operand, "-") != 0 && !gz_sandbox_allow(s, *operand, GZ_SANDBOX_READ))
            allow_folder(s, *operand, GZ_SANDBOX_READ);
}

void
gz_confine(const struct gz_confine *what, struct gz_buf *said)
{
    struct gz_sandbox s;

    if (is_watched()) {
        gz_buf_cstr(said, _("sandbox: none under sanitizers and valgrind"));
        return;
    }
    gz_sandbox_begin(&s);
    allow_system(&s);
    allow_configuration(&s);
    if (what->catalogues)
        gz_sandbox_allow(&s, what->catalogues, GZ_SANDBOX_READ);
    if (what->temporary)
        allow_temporary(&s);
    allow_options(&s, what->table);
    allow_operands(&s, what->operands);
#ifdef GZ_SANDBOX_ALSO
    gz_sandbox_allow(&s, GZ_SANDBOX_ALSO, GZ_SANDBOX_WRITE);
#endif
    gz_sandbox_enter(&s, said);
}
