// SPDX-License-Identifier: MIT
#include "app/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "base/tr.h"

// ---- files: Landlock ----

// The kernel's interface, written down here because it is older than the headers of many
// systems that have it. The numbers are the same on every processor.
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { ASK_VERSION = 1, PATH_BENEATH = 1 };

struct ruleset {
    uint64_t files, network, scopes;
};

struct beneath {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum file_right {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_FILE = 1 << 5,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    FIRST_VERSION = (1 << 13) - 1,
    REFER = 1 << 13,     // since version 2
    TRUNCATE = 1 << 14,  // 3
    IOCTL_DEV = 1 << 15, // 5
    OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
};

enum {
    TCP_VERSION = 4,
    SCOPE_VERSION = 6,
    BIND_AND_CONNECT = 3,
    SOCKETS_AND_SIGNALS = 3
};

void
gz_sandbox_begin(struct gz_sandbox *s)
{
    struct ruleset r = { .files = FIRST_VERSION };
    size_t size = sizeof(r.files);

    *s = (struct gz_sandbox){ .fd = -1 };
    s->version = (int)syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
    if (s->version < 1) {
        s->error = s->version < 0 ? errno : ENOSYS;
        return;
    }
    if (s->version >= 2)
        r.files |= REFER;
    if (s->version >= 3)
        r.files |= TRUNCATE;
    if (s->version >= 5)
        r.files |= IOCTL_DEV;
    if (s->version >= TCP_VERSION) {
        r.network = BIND_AND_CONNECT;
        size += sizeof(r.network);
    }
    if (s->version >= SCOPE_VERSION) {
        r.scopes = SOCKETS_AND_SIGNALS;
        size += sizeof(r.scopes);
    }
    s->handled = r.files;
    s->fd = (int)syscall(CREATE_RULESET, &r, size, 0);
    if (s->fd < 0)
        s->error = errno;
}

// Half a list would take from a tool what it needs.
static void
give_up(struct gz_sandbox *s)
{
    s->error = errno;
    close(s->fd);
    s->fd = -1;
    errno = s->error;
}

bool
gz_sandbox_allow(struct gz_sandbox *s, const char *path, enum gz_sandbox_use use)
{
    static const uint64_t rights[] = {
        [GZ_SANDBOX_READ] = READ_FILE | READ_DIR,
        [GZ_SANDBOX_RENAME] = MAKE_REG | REMOVE_FILE,
        [GZ_SANDBOX_WRITE] =
            MAKE_REG | REMOVE_FILE | MAKE_DIR | WRITE_FILE | READ_FILE | TRUNCATE,
    };
    struct beneath rule = { .allowed = rights[use] & s->handled };
    struct stat st;

    if (s->fd < 0)
        return true;
    rule.parent = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
            give_up(s);
        return errno != ENOENT && errno != ENOTDIR;
    }
    if (fstat(rule.parent, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed &= OF_FILES;
    // A pipe cannot be listed and need not be: Landlock is about names of files.
    if (rule.allowed && syscall(ADD_RULE, s->fd, PATH_BENEATH, &rule, 0) != 0 &&
        errno == ENOMEM)
        give_up(s);
    close(rule.parent);
    return true;
}

static bool
enter_landlock(struct gz_sandbox *s)
{
    bool done = s->fd >= 0 && syscall(RESTRICT_SELF, s->fd, 0) == 0;

    if (s->fd >= 0 && !done)
        s->error = errno;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    return done;
}

// ---- system calls: seccomp ----

// A filter is a program that the kernel runs for each call. libseccomp would write it,
// but takes thousands of allocations for that, survives the failure of none, and doubles
// the time that a tool needs to start; this one is a sorted list of numbers.

#if defined(__x86_64__) && !defined(__ILP32__)
#define PROCESSOR AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define PROCESSOR AUDIT_ARCH_I386
#elif defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROCESSOR AUDIT_ARCH_AARCH64
#elif defined(__arm__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROCESSOR AUDIT_ARCH_ARM
#elif defined(__riscv) && __riscv_xlen == 64
#define PROCESSOR AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PROCESSOR AUDIT_ARCH_PPC64LE
#endif

#ifdef PROCESSOR

// What the tools and their libraries use. Everything else is answered as a kernel answers
// that has no such call, so that a newer C library falls back to an older one. A process
// is not killed for asking: a report that a library's surprise cost is worse than a call
// that came to nothing.
// clang-format off
static const uint16_t CALLS[] = {
    // files
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_pwrite64, SYS_openat,
    SYS_close, SYS_lseek, SYS_fstat, SYS_statx, SYS_statfs, SYS_fstatfs, SYS_faccessat,
    SYS_readlinkat, SYS_getcwd, SYS_getdents64, SYS_fcntl, SYS_dup, SYS_dup3, SYS_ftruncate,
    SYS_fallocate, SYS_fsync, SYS_fdatasync, SYS_unlinkat, SYS_mkdirat, SYS_fchmod,
    SYS_umask, SYS_renameat2,
    // memory
    SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk,
    // threads, signals, the end
    SYS_futex, SYS_set_robust_list, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
    SYS_restart_syscall, SYS_exit, SYS_exit_group,
    // time, waiting, and what a process may know of itself
    SYS_clock_gettime, SYS_clock_nanosleep, SYS_gettimeofday, SYS_nanosleep, SYS_ppoll,
    SYS_getpid, SYS_gettid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_getrandom, SYS_sysinfo, SYS_uname, SYS_prlimit64,
    // what not every processor or header has
#ifdef SYS_mmap
    SYS_mmap,
#endif
#ifdef SYS_mmap2
    SYS_mmap2,
#endif
#ifdef SYS_rseq
    SYS_rseq,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_newfstatat
    SYS_newfstatat,
#endif
#ifdef SYS_fadvise64
    SYS_fadvise64,
#endif
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef SYS_getrlimit
    SYS_getrlimit,
#endif
#ifdef SYS_time
    SYS_time,
#endif
#ifdef SYS_open // the older names, on older processors
    SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_rename, SYS_unlink,
    SYS_mkdir, SYS_dup2, SYS_poll,
#endif
#ifdef SYS_fcntl64 // 32 bits
    SYS_fcntl64, SYS__llseek, SYS_fstat64, SYS_stat64, SYS_lstat64, SYS_fstatat64,
    SYS_statfs64, SYS_fstatfs64, SYS_ftruncate64, SYS_ugetrlimit, SYS_sigreturn,
#endif
#ifdef SYS_fadvise64_64
    SYS_fadvise64_64,
#endif
#ifdef SYS_arm_fadvise64_64
    SYS_arm_fadvise64_64,
#endif
#ifdef SYS_futex_time64
    SYS_futex_time64, SYS_clock_gettime64, SYS_clock_nanosleep_time64, SYS_ppoll_time64,
#endif
};
// clang-format on

struct filter {
    struct sock_filter step[4 * GZ_COUNT(CALLS) + 48];
    unsigned short count;
};

static void
add_step(struct filter *f, int code, uint32_t k, int yes, int no)
{
    f->step[f->count++] =
        (struct sock_filter){ (uint16_t)code, (uint8_t)yes, (uint8_t)no, k };
}

static void
answer(struct filter *f, bool allow)
{
    add_step(f, BPF_RET | BPF_K, allow ? SECCOMP_RET_ALLOW : SECCOMP_RET_ERRNO | ENOSYS,
             0, 0);
}

static void
load(struct filter *f, size_t offset)
{
    add_step(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

// The call `number` is allowed if its argument `which`, under a mask, has this value.
static void
add_if(struct filter *f, uint32_t number, size_t which, uint32_t mask, uint32_t value)
{
    add_step(f, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 5);
    load(f, offsetof(struct seccomp_data, args) + which * sizeof(uint64_t));
    add_step(f, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
    add_step(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(f, true);
    load(f, offsetof(struct seccomp_data, nr));
}

static int
by_number(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

// Runs of numbers in order: above its end, on to the next; else in it or not.
static void
add_calls(struct filter *f)
{
    uint16_t call[GZ_COUNT(CALLS)];

    memcpy(call, CALLS, sizeof(call));
    qsort(call, GZ_COUNT(call), sizeof(call[0]), by_number);
    for (size_t i = 0, first; i < GZ_COUNT(call); i++) {
        for (first = i; i + 1 < GZ_COUNT(call) && call[i + 1] <= call[i] + 1; i++)
            ;
        add_step(f, BPF_JMP | BPF_JGT | BPF_K, call[i], 3, 0);
        add_step(f, BPF_JMP | BPF_JGE | BPF_K, call[first], 0, 1);
        answer(f, true);
        answer(f, false);
    }
}

static void
write_filter(struct filter *f)
{
    load(f, offsetof(struct seccomp_data, arch));
    add_step(f, BPF_JMP | BPF_JEQ | BPF_K, PROCESSOR, 1, 0);
    answer(f, false);
    load(f, offsetof(struct seccomp_data, nr));
    // Threads, not processes. The arguments of clone3() lie where no filter can look; the
    // C library turns to clone() when there is no clone3().
    add_if(f, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD);
    // Signals to itself only: raise() of a handler, abort().
    add_if(f, SYS_tgkill, 0, UINT32_MAX, (uint32_t)getpid());
    // Is it a terminal, and how wide? Not: type something into it.
    add_if(f, SYS_ioctl, 1, UINT32_MAX, TCGETS);
    add_if(f, SYS_ioctl, 1, UINT32_MAX, TIOCGWINSZ);
    add_calls(f);
    answer(f, false);
}

// 0, or the errno.
static int
enter_seccomp(void)
{
    struct filter f = { .count = 0 };
    struct sock_fprog program = { .filter = f.step };

    write_filter(&f);
    program.len = f.count;
    // Without the guard against guessed memory accesses that older kernels put upon
    // filtered processes: it costs a tenth of the speed, and there is no foreign code.
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
                &program) == 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0)
        return 0;
    return errno;
}

#else

static int
enter_seccomp(void)
{
    return ENOTSUP;
}

#endif

// ---- both ----

void
gz_sandbox_enter(struct gz_sandbox *s, struct gz_buf *said)
{
    // Petitions do not belong into a file named core.
    const struct rlimit no_core = { 0, 0 };
    int failed;

    setrlimit(RLIMIT_CORE, &no_core);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (enter_landlock(s))
        gz_buf_printf(said, _("sandbox: files by Landlock %d"), s->version);
    else
        gz_buf_printf(said, _("sandbox: files without Landlock (%s)"),
                      strerror(s->error));
    failed = enter_seccomp();
    if (!failed)
        gz_buf_cstr(said, _(", system calls by seccomp"));
    else
        gz_buf_printf(said, _(", system calls without seccomp (%s)"), strerror(failed));
}
