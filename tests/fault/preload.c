// SPDX-License-Identifier: MIT
// preload: make the n-th call of one function fail. LD_PRELOAD this with
// GZ_FAULT=FUNCTION:N; when the fault strikes, one byte is written to descriptor 9.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char name[16];
static long left;

__attribute__((constructor)) static void
setup(void)
{
    const char *spec = getenv("GZ_FAULT");
    const char *colon = spec ? strchr(spec, ':') : NULL;

    if (!colon || (size_t)(colon - spec) >= sizeof(name))
        return;
    memcpy(name, spec, (size_t)(colon - spec));
    left = strtol(colon + 1, NULL, 10);
}

// Is this the call that must fail?
static int
strikes(const char *function)
{
    if (left <= 0 || strcmp(function, name) != 0 || --left > 0)
        return 0;
    (void)!syscall(SYS_write, 9, "!", 1);
    return 1;
}

#define REAL(type, function)                                                             \
    static type real;                                                                    \
    if (!real)                                                                           \
    *(void **)&real = dlsym(RTLD_NEXT, function)

ssize_t
read(int fd, void *to, size_t room)
{
    if (strikes("read")) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_read, fd, to, room);
}

ssize_t
write(int fd, const void *from, size_t len)
{
    // Messages go to descriptor 2; they are how a fault is told.
    if (fd != 2 && strikes("write")) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_write, fd, from, len);
}

ssize_t
pread(int fd, void *to, size_t room, off_t at)
{
    if (strikes("pread")) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, to, room, at);
}

ssize_t
pwrite(int fd, const void *from, size_t len, off_t at)
{
    if (strikes("pwrite")) {
        errno = ENOSPC;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, from, len, at);
}

int
close(int fd)
{
    int rc = (int)syscall(SYS_close, fd);

    if (strikes("close")) {
        errno = EIO;
        return -1;
    }
    return rc;
}

int
fsync(int fd)
{
    if (strikes("fsync")) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
    if (strikes("rename")) {
        errno = EACCES;
        return -1;
    }
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int
open(const char *path, int flags, ...)
{
    va_list ap;
    int mode;

    va_start(ap, flags);
    mode = va_arg(ap, int);
    va_end(ap);
    if (strikes("open")) {
        errno = EMFILE;
        return -1;
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int
pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*run)(void *), void *ctx)
{
    typedef int (*function)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
                            void *);
    REAL(function, "pthread_create");

    return strikes("pthread_create") ? EAGAIN : real(id, attr, run, ctx);
}

// One count for all ways to get memory. These are what the C library calls its own.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

static int
memory_strikes(void)
{
    if (!strikes("malloc"))
        return 0;
    errno = ENOMEM;
    return 1;
}

void *
malloc(size_t size)
{
    return memory_strikes() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
    return memory_strikes() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
    return memory_strikes() ? NULL : __libc_realloc(old, size);
}

void *
aligned_alloc(size_t align, size_t size)
{
    return memory_strikes() ? NULL : __libc_memalign(align, size);
}
