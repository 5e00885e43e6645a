// SPDX-License-Identifier: MIT
#include "app/app.h"

#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/confine.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/signals.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { SHOWN_REJECTS = 10 };

// What a signal handler and the out-of-memory hook must reach. Nothing else is global.
static const char *program = "gz";
static char guarded[2][4096];

// One line, one write(2), so that the messages of a pipe's stages do not mix.
static void
print_line(const char *name, struct gz_str text)
{
    struct gz_buf line = { 0 };
    ssize_t n;

    gz_buf_printf(&line, "%s: ", name);
    gz_utf8_printable(text, &line);
    gz_buf_char(&line, '\n');
    n = write(STDERR_FILENO, line.ptr, line.len);
    (void)n; // nobody is left to tell
    gz_buf_release(&line);
}

// ---- ends that come from outside ----

static void
on_signal(int number)
{
    // Only calls that are safe in a handler. The default action then ends the process
    // with the status that the shell knows for this signal.
    for (size_t i = 0; i < GZ_COUNT(guarded); i++)
        if (guarded[i][0])
            unlink(guarded[i]);
    signal(number, SIG_DFL);
    raise(number);
}

static void
out_of_memory(size_t bytes)
{
    char line[160];
    int n = bytes == 0
                ? snprintf(line, sizeof(line), "%s: built-in data is broken\n", program)
                : snprintf(line, sizeof(line),
                           "%s: out of memory: %zu more bytes wanted\n", program, bytes);
    ssize_t written = write(STDERR_FILENO, line, n > 0 ? (size_t)n : 0);

    (void)written;
    for (size_t i = 0; i < GZ_COUNT(guarded); i++)
        if (guarded[i][0])
            unlink(guarded[i]);
    _exit(4);
}

// The temporary file that goes when a signal ends the process; NULL for none. The first
// is that of -o.
static void
guard_temp(size_t slot, const char *path)
{
    static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
    size_t len = path ? strlen(path) : 0;
    bool any;

    if (len >= sizeof(guarded[slot]))
        return;
    memcpy(guarded[slot], path ? path : "", len + 1);
    any = guarded[0][0] || guarded[1][0];
    for (size_t i = 0; i < GZ_COUNT(signals); i++) {
        struct sigaction now;

        // A parent that had a signal ignored (nohup, cron) keeps it ignored.
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN) {
            now = (struct sigaction){ .sa_handler = any ? on_signal : SIG_DFL };
            sigaction(signals[i], &now, NULL);
        }
    }
}

enum gz_err_kind
gz_app_open_beside(struct gz_out *out, const char *path, struct gz_err *err)
{
    struct gz_signals held;

    // Between being made and being guarded a temporary file would be left behind.
    gz_signals_hold(&held);
    if (gz_out_open(out, path, err) == GZ_OK && out->temp)
        guard_temp(1, out->temp);
    gz_signals_release(&held);
    return err->kind;
}

enum gz_err_kind
gz_app_close_beside(struct gz_out *out, enum gz_out_end end, struct gz_err *err)
{
    struct gz_signals held;

    gz_signals_hold(&held);
    gz_out_close(out, end, err);
    guard_temp(1, NULL);
    gz_signals_release(&held);
    return err->kind;
}

// ---- begin ----

// Where the catalogues lie: beside a program that runs from where it was built, below
// share/ beside its bin/, or where they were to be installed.
static const char *
find_catalogues(char *dir, size_t size)
{
    static const char *const beside[] = { "locale", "../share/locale" };
    ssize_t n = readlink("/proc/self/exe", dir, size);
    size_t len = n > 0 && (size_t)n < size ? (size_t)n : 0;

    while (len > 0 && dir[len - 1] != '/')
        len--;
    for (size_t i = 0; len > 0 && i < GZ_COUNT(beside); i++) {
        snprintf(dir + len, size - len, "%s/zh_CN/LC_MESSAGES/gongzhi.mo", beside[i]);
        if (access(dir, R_OK) == 0) {
            snprintf(dir + len, size - len, "%s", beside[i]);
            return dir;
        }
    }
    return GZ_DATADIR "/locale";
}

// The language that the environment asks for, as in zh_CN.UTF-8; NULL for none.
static const char *
asked_language(void)
{
    static const char *const from[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < GZ_COUNT(from); i++) {
        const char *value = getenv(from[i]);

        if (value && value[0])
            return strcmp(value, "C") == 0 || strcmp(value, "POSIX") == 0 ? NULL : value;
    }
    return NULL;
}

// gettext hears LANGUAGE in any locale but "C". So a system without a Chinese locale,
// as most containers are, shows Chinese messages in the locale C.UTF-8.
static void
set_language(const struct gz_app *a)
{
    char dir[4096];
    const char *asked = a->lang ? a->lang : asked_language();
    const char *now = setlocale(LC_MESSAGES, "");
    bool plain = !now || strcmp(now, "C") == 0 || strcmp(now, "POSIX") == 0;

    if (asked && (a->lang || plain)) {
        const char *tag = strcmp(asked, "zh") == 0 ? "zh_CN" : asked;

        setenv("LANGUAGE", tag, a->lang != NULL);
        if (plain)
            setlocale(LC_MESSAGES, "C.UTF-8");
    }
    bindtextdomain("gongzhi", find_catalogues(dir, sizeof(dir)));
    bind_textdomain_codeset("gongzhi", "UTF-8");
    bind_textdomain_codeset("libc", "UTF-8"); // of strerror(), too
    textdomain("gongzhi");
}

static void
print_help(const struct gz_app *a, const struct gz_opt *table, struct gz_buf *out)
{
    gz_buf_printf(out, _("usage: %s %s\n\n"), a->name, _(a->synopsis));
    gz_buf_printf(out, "%s\n\n%s", _(a->purpose), _(a->examples));
    gz_opt_help(table, out);
    gz_buf_printf(out, _("\nSee %s(1).\n"), a->name);
}

// Before the sandbox is entered, where files can no longer be written in its folder. What
// is wrong is told when the tool comes to write.
static void
open_named_output(struct gz_app *a)
{
    struct gz_signals held;

    if (!a->output)
        return;
    // Between being made and being guarded a temporary file would be left behind.
    gz_signals_hold(&held);
    if (gz_out_open(&a->out, a->output, &a->out_err) == GZ_OK && a->out.temp)
        guard_temp(0, a->out.temp);
    gz_signals_release(&held);
}

static void
enter_sandbox(struct gz_app *a, const struct gz_opt *table, char **operands)
{
    const struct gz_confine what = { table, operands, bindtextdomain("gongzhi", NULL),
                                     a->spills };
    struct gz_buf said = { 0 };

    if (a->no_sandbox)
        gz_buf_cstr(&said, _("sandbox: none (--no-sandbox)"));
    else
        gz_confine(&what, &said);
    gz_app_note(a, GZ_STR_FMT, GZ_STR_ARG(gz_buf_str(&said)));
    gz_buf_release(&said);
}

bool
gz_app_begin(struct gz_app *a, const struct gz_opt *table, int argc, char **argv,
             int *first, struct gz_err *err)
{
    program = a->name;
    gz_fatal_memory_hook = out_of_memory;
    a->out.fd = -1;
    set_language(a);
    if (gz_opt_parse(table, argc, argv, first, err))
        return false;
    if (a->lang)
        set_language(a);
    if (a->help || a->version || a->print_options) {
        a->output = NULL;
        if (gz_app_open_output(a, err))
            return false;
        if (a->help)
            print_help(a, table, &a->out.buf);
        else if (a->version)
            gz_buf_printf(&a->out.buf, "%s %s\n", a->name, GZ_VERSION);
        else
            gz_opt_print(table, &a->out.buf);
        return false;
    }
    open_named_output(a);
    enter_sandbox(a, table, argv + *first);
    a->schema = gz_schema_load(&a->setup);
    return true;
}

enum gz_err_kind
gz_app_open_output(struct gz_app *a, struct gz_err *err)
{
    a->writes = true;
    if (a->out_err.kind)
        *err = a->out_err;
    else if (a->out.fd < 0)
        gz_out_open(&a->out, NULL, err);
    return err->kind;
}

struct gz_reader *
gz_app_reader(struct gz_app *a, char **operands, struct gz_err *err)
{
    struct gz_reader_options o = { a->from, a->rec, a->encoding, (size_t)a->max_record,
                                   a->schema };
    size_t count = 0;

    if (a->from && strcmp(a->from, "jsonl") != 0 && strcmp(a->from, "csv") != 0) {
        gz_err_set(err, GZ_ERR_USAGE, _("unknown format '%s': jsonl or csv"), a->from);
        return NULL;
    }
    while (operands[count])
        count++;
    if (count == 0 && isatty(STDIN_FILENO))
        gz_app_warn(a, _("reading from the terminal; see --help"));
    a->reads_records = true;
    return gz_reader_new((const char *const *)operands, count, &o);
}

struct gz_sink *
gz_app_sink(struct gz_app *a, struct gz_err *err)
{
    struct gz_sink_options o = { a->to, a->rec, a->excel, a->schema };

    return gz_sink_new(&a->out, &o, err);
}

// ---- messages ----

void
gz_app_warn(const struct gz_app *a, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    print_line(a->name, gz_str_of(text));
}

void
gz_app_note(const struct gz_app *a, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    if (!a->verbose)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    print_line(a->name, gz_str_of(text));
}

static void
print_err(const struct gz_app *a, const struct gz_err *err)
{
    struct gz_buf text = { 0 };

    gz_err_format(err, &text);
    print_line(a->name, gz_buf_str(&text));
    gz_buf_release(&text);
}

void
gz_app_reject(struct gz_app *a, const struct gz_err *err)
{
    if (++a->rejects <= SHOWN_REJECTS && !a->quiet)
        print_err(a, err);
}

// ---- end ----

// "--tolerate 5" or "--tolerate 0.5%": are the rejects within it?
static bool
is_tolerated(const struct gz_app *a, struct gz_err *err)
{
    struct gz_str s = gz_str_of(a->tolerate);
    bool percent = gz_str_ends(s, GZ_STR("%"));
    struct gz_dec limit, have;

    if (!a->tolerate)
        return a->rejects == 0;
    if (percent)
        s.len--;
    if (!gz_dec_parse(s, &limit) || limit.units < 0) {
        gz_err_set(err, GZ_ERR_USAGE, _("option '--tolerate' wants N or N%%, not '%s'"),
                   a->tolerate);
        return false;
    }
    have.units = (gz_i128)a->rejects;
    for (int i = 0; i < GZ_DEC_PLACES; i++)
        have.units *= 10;
    if (percent) {
        have.units *= 100;
        limit.units *= (gz_i128)(a->records + a->rejects);
    }
    return gz_dec_cmp(have, limit) <= 0;
}

static int
status_of(struct gz_app *a, struct gz_err *err)
{
    bool tolerated;

    if (err->kind)
        return gz_err_status(err->kind);
    tolerated = is_tolerated(a, err);
    if (err->kind)
        return gz_err_status(err->kind);
    if (a->incomplete)
        return 4;
    return tolerated ? 0 : 1;
}

int
gz_app_finish(struct gz_app *a, struct gz_err *err)
{
    bool failed = err->kind != GZ_OK;
    int status = status_of(a, err);

    if (a->out.fd >= 0) {
        struct gz_err close_err = { 0 };

        gz_out_close(&a->out, status <= 1 && a->writes ? GZ_OUT_COMMIT : GZ_OUT_DISCARD,
                     &close_err);
        if (close_err.kind && !err->kind) {
            *err = close_err;
            status = gz_err_status(err->kind);
        }
        guard_temp(0, NULL);
    }
    if (err->kind) {
        print_err(a, err);
        if (err->kind == GZ_ERR_USAGE && failed && !err->source[0])
            gz_app_warn(a, _("try '%s --help'"), a->name);
    }
    if (a->rejects > SHOWN_REJECTS && !a->quiet)
        gz_app_warn(a, _n("%llu reject in all", "%llu rejects in all", a->rejects),
                    (unsigned long long)a->rejects);
    if (a->reads_records && a->rejects > 0 && a->records == 0 && !a->quiet)
        gz_app_warn(a, _("no line is a record; an export goes through gz-ingest first"));
    gz_schema_release(a->schema);
    gz_arena_free(&a->setup);
    return status;
}
