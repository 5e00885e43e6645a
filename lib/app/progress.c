// SPDX-License-Identifier: MIT
#include "app/progress.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/tr.h"
#include "base/utf8.h"

enum { FIRST_MS = 2000, LINE_MS = 1000, LINES_MS = 5000, WIDTH = 79 };

static uint64_t
milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

enum gz_err_kind
gz_progress_begin(struct gz_progress *p, const char *word, struct gz_err *err)
{
    *p = (struct gz_progress){ .how = GZ_PROGRESS_NEVER };
    if (!word || strcmp(word, "auto") == 0)
        p->how = isatty(STDERR_FILENO) ? GZ_PROGRESS_LINE : GZ_PROGRESS_NEVER;
    else if (strcmp(word, "always") == 0)
        p->how = GZ_PROGRESS_LINES;
    else if (strcmp(word, "never") != 0)
        return gz_err_set(err, GZ_ERR_USAGE,
                          _("option '--progress' wants auto, always or never, not '%s'"),
                          word);
    p->began = p->last = milliseconds();
    return GZ_OK;
}

static void
put_bytes(struct gz_buf *b, uint64_t bytes)
{
    if (bytes < 10000000)
        gz_buf_printf(b, "%llu kB", (unsigned long long)(bytes + 999) / 1000);
    else
        gz_buf_printf(b, "%llu MB", (unsigned long long)bytes / 1000000);
}

static void
put_line(const struct gz_progress *p, const struct gz_progress_now *n, uint64_t ms,
         struct gz_buf *b)
{
    uint64_t left;

    (void)p;
    gz_utf8_printable(gz_utf8_fit(gz_str_of(n->name), 24), b);
    gz_buf_cstr(b, ": ");
    put_bytes(b, n->bytes);
    if (n->size && n->bytes <= n->size)
        gz_buf_printf(b, " (%llu%%)", (unsigned long long)(n->bytes * 100 / n->size));
    gz_buf_printf(b, _(", %llu records"), (unsigned long long)n->records);
    if (n->rejects)
        gz_buf_printf(b, _(", %llu rejects"), (unsigned long long)n->rejects);
    if (ms >= 500)
        gz_buf_printf(b, _(", %llu/s"), (unsigned long long)(n->records * 1000 / ms));
    if (n->size > n->bytes && n->bytes && ms >= 500) {
        left = (n->size - n->bytes) / (n->bytes / ms + 1) / 1000 + 1;
        gz_buf_printf(b, _(", %llu s left"), (unsigned long long)left);
    }
}

static void
show(struct gz_progress *p, const struct gz_progress_now *n, uint64_t time)
{
    struct gz_buf text = { 0 }, b = { 0 };
    struct gz_str fit;
    ssize_t unused;

    put_line(p, n, time - p->began, &text);
    if (p->how == GZ_PROGRESS_LINE) {
        gz_buf_char(&b, '\r');
        fit = gz_utf8_fit(gz_buf_str(&text), WIDTH);
        gz_buf_add(&b, fit);
        gz_buf_cstr(&b, "\033[K");
    } else {
        gz_buf_add(&b, gz_buf_str(&text));
        gz_buf_char(&b, '\n');
    }
    unused = write(STDERR_FILENO, b.ptr, b.len);
    (void)unused; // nothing depends on it
    p->last = time;
    p->shown = true;
    gz_buf_release(&text);
    gz_buf_release(&b);
}

void
gz_progress_tick(struct gz_progress *p, const struct gz_progress_now *now)
{
    uint64_t time;

    if (p->how == GZ_PROGRESS_NEVER)
        return;
    time = milliseconds();
    if (time - p->began >= FIRST_MS &&
        time - p->last >= (p->how == GZ_PROGRESS_LINE ? LINE_MS : LINES_MS))
        show(p, now, time);
}

void
gz_progress_end(struct gz_progress *p, const struct gz_progress_now *now)
{
    ssize_t unused;

    if (p->how == GZ_PROGRESS_LINES) {
        show(p, now, milliseconds());
    } else if (p->shown) {
        unused = write(STDERR_FILENO, "\r\033[K", 4);
        (void)unused;
    }
    p->shown = false;
}
