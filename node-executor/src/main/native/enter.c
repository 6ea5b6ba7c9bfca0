/*
 * The last step into a container that no OCI runtime keeps: gives up what the container's processes
 * may not have, and becomes the command. Called by enter.sh through nsenter(1), in the container's
 * namespaces and root, with all rights until the last moment: so that no process of the container,
 * which sees this one, can look into it. Needs no library: there is none of the machine's in there.
 *
 *   enter CAPABILITIES UID GID DIRECTORY NAME=VALUE... "" COMMAND WORD...
 *
 * CAPABILITIES is a mask in decimal, as in capabilities(7). Descriptor 9 is this program's file and is
 * closed; descriptor 8 gets the error's number and a line end if the command cannot be run.
 *
 * Shipped as the text that this prints, for each processor, with its compiler:
 *   cc -Os -static -nostdlib -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables \
 *      -Wl,--build-id=none,-z,noseparate-code,-s -o enter enter.c && xxd -p enter
 * (-fcf-protection=none besides on x86_64).
 */
#if defined(__x86_64__)
#define SYS_write 1
#define SYS_close 3
#define SYS_rt_sigaction 13
#define SYS_ioctl 16
#define SYS_getpid 39
#define SYS_execve 59
#define SYS_exit 60
#define SYS_chdir 80
#define SYS_setuid 105
#define SYS_setgid 106
#define SYS_setpgid 109
#define SYS_setgroups 116
#define SYS_capget 125
#define SYS_capset 126
#define SYS_prctl 157

static long call(long number, long a, long b, long c, long d) {
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall run\n");
#elif defined(__aarch64__)
#define SYS_write 64
#define SYS_close 57
#define SYS_rt_sigaction 134
#define SYS_ioctl 29
#define SYS_getpid 172
#define SYS_execve 221
#define SYS_exit 93
#define SYS_chdir 49
#define SYS_setuid 146
#define SYS_setgid 144
#define SYS_setpgid 154
#define SYS_setgroups 159
#define SYS_capget 90
#define SYS_capset 91
#define SYS_prctl 167

static long call(long number, long a, long b, long c, long d) {
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl run\n");
#else
#error "no system calls for this processor"
#endif

#define TIOCSPGRP 0x5410
#define SIGTTOU 22
#define SIG_DFL 0
#define SIG_IGN 1
#define PR_CAPBSET_DROP 24
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#define ENOENT 2
#define EACCES 13
#define ENOTDIR 20
#define LAST_CAPABILITY 63
#define PATH_BYTES 4096

static unsigned long number(const char *text) {
    unsigned long value = 0;
    while (*text >= '0' && *text <= '9') value = value * 10 + (unsigned long)(*text++ - '0');
    return value;
}

static void fail(long error) {
    char text[8];
    int at = 8;
    long left = -error;
    text[--at] = '\n';
    do text[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0 && at > 0);
    call(SYS_write, 8, (long)(text + at), 8 - at, 0);
    call(SYS_exit, -error == ENOENT ? 127 : 126, 0, 0, 0);
}

static void require(long result) {
    if (result < 0) fail(result);
}

static void on_signal(int signal, long what) {
    long action[4] = {what, 0, 0, 0};
    call(SYS_rt_sigaction, signal, (long)action, 0, 8);
}

/* In the foreground of its terminal by itself: keys that signal do not reach who waits for it. */
static void take_terminal(void) {
    int group = (int)call(SYS_getpid, 0, 0, 0, 0);
    call(SYS_setpgid, 0, 0, 0, 0);
    on_signal(SIGTTOU, SIG_IGN);
    call(SYS_ioctl, 0, TIOCSPGRP, (long)&group, 0);
    on_signal(SIGTTOU, SIG_DFL);
}

static void give_up_rights(unsigned long keep, long user, long group) {
    unsigned header[2] = {0x20080522, 0};
    unsigned sets[6];
    int i;
    for (i = 0; i <= LAST_CAPABILITY; i++)
        if (!(keep >> i & 1)) call(SYS_prctl, PR_CAPBSET_DROP, i, 0, 0);
    call(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0);
    require(call(SYS_capget, (long)header, (long)sets, 0, 0));
    sets[2] = sets[5] = 0; /* inheritable */
    require(call(SYS_capset, (long)header, (long)sets, 0, 0));
    require(call(SYS_setgroups, 0, 0, 0, 0));
    require(call(SYS_setgid, group, 0, 0, 0));
    require(call(SYS_setuid, user, 0, 0, 0));
}

static int has_slash(const char *text) {
    for (; *text; text++)
        if (*text == '/') return 1;
    return 0;
}

static void search(char **words, char **env, const char *path) {
    char file[PATH_BYTES];
    long last = -ENOENT;
    while (*path) {
        unsigned long at = 0;
        const char *name = words[0];
        while (*path && *path != ':' && at < PATH_BYTES - 2) file[at++] = *path++;
        while (*path && *path != ':') path++;
        if (*path == ':') path++;
        if (at > 0) file[at++] = '/';
        while (*name && at < PATH_BYTES - 1) file[at++] = *name++;
        file[at] = 0;
        long error = call(SYS_execve, (long)file, (long)words, (long)env, 0);
        if (error != -ENOENT && error != -ENOTDIR) last = error;
    }
    fail(last);
}

__attribute__((used)) static void run(long *stack) {
    char **words = (char **)(stack + 1);
    char **env = words + 5;
    char **command = env;
    const char *path = "/bin:/usr/bin";
    int i;
    for (; **command; command++) {
        const char *entry = *command;
        if (entry[0] == 'P' && entry[1] == 'A' && entry[2] == 'T' && entry[3] == 'H' && entry[4] == '=')
            path = entry + 5;
    }
    *command++ = 0;
    call(SYS_close, 9, 0, 0, 0);
    require(call(SYS_ioctl, 8, 0x5451 /* FIOCLEX */, 0, 0));
    for (i = 1; i <= 15; i++)
        if (i != 9) on_signal(i, SIG_DFL);
    take_terminal();
    require(call(SYS_chdir, (long)words[4], 0, 0, 0));
    give_up_rights(number(words[1]), (long)number(words[2]), (long)number(words[3]));
    if (has_slash(command[0])) fail(call(SYS_execve, (long)command[0], (long)command, (long)env, 0));
    search(command, env, path);
}
