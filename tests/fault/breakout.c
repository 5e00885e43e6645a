// SPDX-License-Identifier: MIT
// breakout: what a tool could still do if its input had taken it over. LD_PRELOAD this:
// at the first read of standard input everything below is tried, and descriptor 9 gets a
// line for each: its name, and "open" or "shut". GZ_PROBE names a folder that is no
// business of the tool, with a file `there`. GZ_PROBE_OLD=1 plays a kernel, or a
// container, without Landlock and seccomp.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef long caller(long number, ...);

static caller *
real_call(void)
{
    static caller *real;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "syscall");
    return real;
}

long
syscall(long number, ...)
{
    long a[6];
    va_list ap;

    va_start(ap, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(ap, long);
    va_end(ap);
    if (getenv("GZ_PROBE_OLD") &&
        ((number >= 444 && number <= 446) || number == SYS_seccomp)) {
        errno = number == SYS_seccomp ? EPERM : ENOSYS;
        return -1;
    }
    return real_call()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

// A call that fails for what it was given, not for being made, was open.
static void
tell(const char *name, long result)
{
    char line[64];
    int shut = result < 0 && (errno == ENOSYS || errno == EACCES || errno == EPERM);
    int n = snprintf(line, sizeof(line), "%s %s\n", name, shut ? "shut" : "open");

    (void)!write(9, line, (size_t)n);
}

static const char *
in_probe(const char *name)
{
    static char path[2][4096];
    static int turn;

    turn = !turn;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", getenv("GZ_PROBE"), name);
    return path[turn];
}

static void
try_processes(void)
{
    caller *call = real_call();
    char *const none[] = { NULL };
    long pid;

    tell("execve", call(SYS_execve, "/nonexistent", none, none));
    tell("execveat", call(SYS_execveat, -1, "/nonexistent", none, none, 0));
    pid = call(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
    if (pid == 0)
        _exit(0);
    tell("fork", pid);
    tell("clone3", call(SYS_clone3, NULL, 0L));
    tell("ptrace", call(SYS_ptrace, (long)PTRACE_ATTACH, 0x3fffffffL, 0L, 0L));
    tell("kill", call(SYS_kill, (long)getppid(), 0L));
    tell("tgkill", call(SYS_tgkill, (long)getppid(), (long)getppid(), 0L));
    tell("process_vm_readv",
         call(SYS_process_vm_readv, 0x3fffffffL, NULL, 0L, NULL, 0L, 0L));
    tell("pidfd_open", call(SYS_pidfd_open, (long)getppid(), 0L));
    tell("setns", call(SYS_setns, -1L, 0L));
    tell("terminal input", call(SYS_ioctl, 0L, (long)TIOCSTI, "x"));
}

static void
try_network(void)
{
    caller *call = real_call();
    int pair[2];

    tell("socket", call(SYS_socket, (long)AF_INET, (long)SOCK_STREAM, 0L));
    tell("local socket", call(SYS_socket, (long)AF_UNIX, (long)SOCK_STREAM, 0L));
    tell("socketpair", call(SYS_socketpair, (long)AF_UNIX, (long)SOCK_STREAM, 0L, pair));
    tell("connect", call(SYS_connect, -1L, NULL, 0L));
    tell("bind", call(SYS_bind, -1L, NULL, 0L));
    tell("sendto", call(SYS_sendto, -1L, NULL, 0L, 0L, NULL, 0L));
}

static void
try_files(void)
{
    caller *call = real_call();
    const long at = AT_FDCWD;

    tell("read a file", call(SYS_openat, at, in_probe("there"), (long)O_RDONLY, 0L));
    tell("read /etc/passwd", call(SYS_openat, at, "/etc/passwd", (long)O_RDONLY, 0L));
    tell("write a file", call(SYS_openat, at, in_probe("there"), (long)O_WRONLY, 0L));
    tell("append", call(SYS_openat, at, in_probe("there"), (long)(O_WRONLY | O_APPEND)));
    tell("make a file",
         call(SYS_openat, at, in_probe("new"), (long)(O_WRONLY | O_CREAT), 0600L));
    tell("make a folder", call(SYS_mkdirat, at, in_probe("folder"), 0700L));
    tell("rename", call(SYS_renameat2, at, in_probe("there"), at, in_probe("where"), 0L));
    tell("unlink", call(SYS_unlinkat, at, in_probe("there"), 0L));
}

static void
try_other(void)
{
    caller *call = real_call();
    const long at = AT_FDCWD;

    tell("symlinkat", call(SYS_symlinkat, "/etc/passwd", at, in_probe("link")));
    tell("linkat", call(SYS_linkat, at, in_probe("none"), at, in_probe("two"), 0L));
    tell("fchmodat", call(SYS_fchmodat, at, in_probe("none"), 0777L));
    tell("fchownat", call(SYS_fchownat, at, in_probe("none"), 0L, 0L, 0L));
    tell("truncate", call(SYS_truncate, in_probe("none"), 0L));
    tell("utimensat", call(SYS_utimensat, at, in_probe("none"), NULL, 0L));
    tell("memfd_create", call(SYS_memfd_create, "x", 0L));
    tell("chdir", call(SYS_chdir, "/"));
    tell("io_uring_setup", call(SYS_io_uring_setup, 0L, NULL));
    tell("keyctl", call(SYS_keyctl, 0x3fffL, 0L));
}

ssize_t
read(int fd, void *to, size_t room)
{
    static int done;

    if (fd == 0 && !done) {
        done = 1;
        try_processes();
        try_network();
        try_files();
        try_other();
    }
    return real_call()(SYS_read, (long)fd, to, room);
}
