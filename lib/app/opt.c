// SPDX-License-Identifier: MIT
#include "app/opt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/tr.h"
#include "base/utf8.h"

static const struct gz_opt *
find_short(const struct gz_opt *table, char c)
{
    for (; table->type != GZ_OPT_END; table++)
        if (c && table->short_name == c)
            return table;
    return NULL;
}

static const struct gz_opt *
find_long(const struct gz_opt *table, struct gz_str name)
{
    for (; table->type != GZ_OPT_END; table++)
        if (table->long_name && gz_str_is(name, table->long_name))
            return table;
    return NULL;
}

static enum gz_err_kind
unknown_long(const struct gz_opt *table, struct gz_str name, struct gz_err *err)
{
    size_t best = name.len / 3 + 2;
    const char *near = NULL;

    for (; table->type != GZ_OPT_END; table++) {
        size_t d = table->long_name
                       ? gz_str_distance(name, gz_str_of(table->long_name), best)
                       : best;

        if (d < best) {
            best = d;
            near = table->long_name;
        }
    }
    if (near)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("unknown option '--" GZ_STR_FMT "'; did you mean '--%s'?"),
                          GZ_STR_ARG(name), near);
    return gz_err_set(err, GZ_ERR_USAGE, _("unknown option '--" GZ_STR_FMT "'"),
                      GZ_STR_ARG(name));
}

static bool
parse_size(struct gz_str s, uint64_t *out)
{
    static const char suffix[] = "kMG";
    const char *unit = s.len ? memchr(suffix, s.ptr[s.len - 1], 3) : NULL;
    unsigned shift = unit ? 10 * (unsigned)(unit - suffix + 1) : 0;

    if (unit)
        s.len--;
    if (!gz_num_u64(s, out) || *out > UINT64_MAX >> shift)
        return false;
    *out <<= shift;
    return true;
}

static void
append(struct gz_opt_list *list, const char *item)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->item = gz_mem_realloc(list->item, list->cap, sizeof(*list->item));
    }
    list->item[list->count++] = item;
}

static enum gz_err_kind
set_value(const struct gz_opt *o, const char *arg, struct gz_err *err)
{
    switch (o->type) {
    case GZ_OPT_STR:
        *(const char **)o->value = arg;
        return GZ_OK;
    case GZ_OPT_LIST:
        append(o->value, arg);
        return GZ_OK;
    case GZ_OPT_UINT:
        if (gz_num_u64(gz_str_of(arg), o->value))
            return GZ_OK;
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--%s' wants a whole number, not '%s'"), o->long_name,
                          arg);
    case GZ_OPT_SIZE:
        if (parse_size(gz_str_of(arg), o->value))
            return GZ_OK;
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--%s' wants bytes, such as 512k or 2M, not '%s'"),
                          o->long_name, arg);
    case GZ_OPT_FLAG:
        *(bool *)o->value = true;
        return GZ_OK;
    case GZ_OPT_GROUP:
    case GZ_OPT_END:
        break;
    }
    return GZ_OK;
}

// One cluster of short options: -vq, -oFILE, -o FILE. *i steps over an argument taken.
static enum gz_err_kind
parse_short(const struct gz_opt *table, int argc, char **argv, int *i, struct gz_err *err)
{
    for (const char *p = argv[*i] + 1; *p; p++) {
        const struct gz_opt *o = find_short(table, *p);
        const char *arg = NULL;

        if (!o)
            return gz_err_set(err, GZ_ERR_USAGE, _("unknown option '-%c'"), *p);
        if (o->type != GZ_OPT_FLAG) {
            arg = p[1] ? p + 1 : *i + 1 < argc ? argv[++*i] : NULL;
            if (!arg)
                return gz_err_set(err, GZ_ERR_USAGE, _("option '-%c' wants %s"), *p,
                                  o->arg);
        }
        if (set_value(o, arg, err))
            return err->kind;
        if (arg)
            break;
    }
    return GZ_OK;
}

// --name, --name=arg, --name arg, --no-name.
static enum gz_err_kind
parse_long(const struct gz_opt *table, int argc, char **argv, int *i, struct gz_err *err)
{
    struct gz_cut cut = gz_str_cut(gz_str_of(argv[*i] + 2), GZ_STR("="));
    const struct gz_opt *o = find_long(table, cut.head);
    const char *arg = cut.found ? cut.tail.ptr : NULL;

    if (!o && gz_str_starts(cut.head, GZ_STR("no-"))) {
        o = find_long(table, gz_str_from(cut.head, 3));
        if (o && o->type == GZ_OPT_FLAG && !cut.found) {
            *(bool *)o->value = false;
            return GZ_OK;
        }
        o = NULL;
    }
    if (!o)
        return unknown_long(table, cut.head, err);
    if (o->type == GZ_OPT_FLAG && arg)
        return gz_err_set(err, GZ_ERR_USAGE, _("option '--%s' takes no argument"),
                          o->long_name);
    if (o->type != GZ_OPT_FLAG && !arg)
        arg = *i + 1 < argc ? argv[++*i] : NULL;
    if (o->type != GZ_OPT_FLAG && !arg)
        return gz_err_set(err, GZ_ERR_USAGE, _("option '--%s' wants %s"), o->long_name,
                          o->arg);
    return set_value(o, arg, err);
}

// An option behind a file would be taken for a file that is not there: say what is wrong.
static enum gz_err_kind
refuse_late_option(const struct gz_opt *table, int argc, char **argv, int i,
                   struct gz_err *err)
{
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *a = argv[i];
        struct gz_str name = gz_str_of(a + (a[0] && a[1] ? 2 : 0));

        if (a[0] == '-' &&
            (a[1] == '-' ? find_long(table, gz_str_cut(name, GZ_STR("=")).head)
                         : find_short(table, a[1])))
            return gz_err_set(err, GZ_ERR_USAGE,
                              _("option '%s' stands behind a file: options come first "
                                "(a file of that name is ./%s)"),
                              a, a);
    }
    return GZ_OK;
}

enum gz_err_kind
gz_opt_parse(const struct gz_opt *table, int argc, char **argv, int *first,
             struct gz_err *err)
{
    bool ended = false;
    int i = 1;

    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (strcmp(argv[i], "--") == 0) {
            ended = true;
            i++;
            break;
        }
        if (argv[i][1] == '-' ? parse_long(table, argc, argv, &i, err)
                              : parse_short(table, argc, argv, &i, err))
            return err->kind;
    }
    *first = i;
    return ended ? GZ_OK : refuse_late_option(table, argc, argv, i, err);
}

enum { HELP_COLUMN = 26 };

static void
pad_to(struct gz_buf *out, size_t from, size_t column)
{
    size_t have = gz_utf8_width(gz_str_from(gz_buf_str(out), from));

    if (have >= column) {
        gz_buf_char(out, '\n');
        have = 0;
    }
    while (have++ < column)
        gz_buf_char(out, ' ');
}

void
gz_opt_help(const struct gz_opt *table, struct gz_buf *out)
{
    for (; table->type != GZ_OPT_END; table++) {
        size_t start = out->len;

        if (table->type == GZ_OPT_GROUP) {
            gz_buf_printf(out, "\n%s\n", _(table->help));
            continue;
        }
        if (table->short_name)
            gz_buf_printf(out, "  -%c, --%s", table->short_name, table->long_name);
        else
            gz_buf_printf(out, "      --%s", table->long_name);
        if (table->arg)
            gz_buf_printf(out, " %s", table->arg);
        pad_to(out, start, HELP_COLUMN);
        gz_buf_printf(out, "%s\n", _(table->help));
    }
}

void
gz_opt_print(const struct gz_opt *table, struct gz_buf *out)
{
    for (; table->type != GZ_OPT_END; table++) {
        if (table->type == GZ_OPT_GROUP)
            continue;
        if (table->short_name)
            gz_buf_printf(out, "-%c", table->short_name);
        gz_buf_printf(out, "\t--%s\t%s\t%s\t%s\n", table->long_name,
                      table->arg ? table->arg : "", table->values ? table->values : "",
                      table->help);
    }
}

void
gz_opt_list_free(struct gz_opt_list *list)
{
    free(list->item);
    *list = (struct gz_opt_list){ 0 };
}
