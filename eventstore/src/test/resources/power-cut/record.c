/*
 * Records what a process does to the files under a folder, and what it prints: for replaying a power cut.
 * Preloaded (LD_PRELOAD); needs no header, so that a bare compiler can build it.
 *
 * RECORD_FOLDER: the folder. RECORD_TO: the trace. RECORD_FAIL_SYNC: the first sync to fail with EIO; 0 for
 * none. RECORD_FAIL_SYNCS: how many fail from it on.
 *
 * A record: op (1 byte: w write, t truncate, s sync, f failed sync, u unlink), length of the path (4 bytes),
 * offset (8), length of the data (8), path, data. Integers are little-endian. What is printed has the path "-".
 */
typedef long ssize_t;
typedef unsigned long size_t;
typedef long off_t;

extern void *dlsym(void *handle, const char *name);
extern char *getenv(const char *name);
extern long readlink(const char *path, char *buffer, size_t size);
extern int snprintf(char *buffer, size_t size, const char *format, ...);
extern int strncmp(const char *a, const char *b, size_t n);
extern size_t strlen(const char *text);
extern void *memcpy(void *to, const void *from, size_t n);
extern long atol(const char *text);
extern int open(const char *path, int flags, ...);
extern off_t lseek(int fd, off_t offset, int whence);
extern int sched_yield(void);
extern int *__errno_location(void);

#define NEXT(type, name) ((type)dlsym((void *)-1L, name))
#define EIO 5

typedef ssize_t (*write_function)(int, const void *, size_t);

static char busy;
static int trace = -1;
static long syncs;

static void lock(void) {
    while (__atomic_test_and_set(&busy, __ATOMIC_ACQUIRE)) {
        sched_yield();
    }
}

static void unlock(void) {
    __atomic_clear(&busy, __ATOMIC_RELEASE);
}

/* The path that a descriptor stands for, if it is to be recorded. */
static int watched(int fd, char *path, size_t size) {
    const char *folder = getenv("RECORD_FOLDER");
    char link[64];
    long length;
    if (!folder) {
        return 0;
    }
    if (fd == 1) {
        path[0] = '-';
        path[1] = 0;
        return 1;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, size - 1);
    if (length <= 0) {
        return 0;
    }
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void record(char op, const char *path, long offset, const void *data, long length) {
    write_function next = NEXT(write_function, "write");
    char header[21];
    int name = (int)strlen(path);
    if (trace < 0) {
        trace = open(getenv("RECORD_TO"), 02001 | 0100, 0600); /* O_APPEND | O_WRONLY | O_CREAT */
    }
    header[0] = op;
    memcpy(header + 1, &name, 4);
    memcpy(header + 5, &offset, 8);
    memcpy(header + 13, &length, 8);
    next(trace, header, sizeof header);
    next(trace, path, name);
    if (data) {
        next(trace, data, length);
    }
}

ssize_t write(int fd, const void *data, size_t length) {
    write_function next = NEXT(write_function, "write");
    char path[4096];
    ssize_t done;
    off_t offset;
    if (!watched(fd, path, sizeof path)) {
        return next(fd, data, length);
    }
    lock();
    offset = fd == 1 ? 0 : lseek(fd, 0, 1);
    done = next(fd, data, length);
    if (done > 0) {
        record('w', path, offset, data, done);
    }
    unlock();
    return done;
}

static ssize_t write_at(const char *name, int fd, const void *data, size_t length, off_t offset) {
    typedef ssize_t (*function)(int, const void *, size_t, off_t);
    function next = NEXT(function, name);
    char path[4096];
    ssize_t done;
    if (!watched(fd, path, sizeof path)) {
        return next(fd, data, length, offset);
    }
    lock();
    done = next(fd, data, length, offset);
    if (done > 0) {
        record('w', path, offset, data, done);
    }
    unlock();
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    return write_at("pwrite", fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    return write_at("pwrite64", fd, data, length, offset);
}

static int truncate_to(const char *name, int fd, off_t length) {
    typedef int (*function)(int, off_t);
    function next = NEXT(function, name);
    char path[4096];
    int result;
    if (!watched(fd, path, sizeof path)) {
        return next(fd, length);
    }
    lock();
    result = next(fd, length);
    if (result == 0) {
        record('t', path, length, 0, 0);
    }
    unlock();
    return result;
}

int ftruncate(int fd, off_t length) {
    return truncate_to("ftruncate", fd, length);
}

int ftruncate64(int fd, off_t length) {
    return truncate_to("ftruncate64", fd, length);
}

static int sync_of(const char *name, int fd) {
    typedef int (*function)(int);
    function next = NEXT(function, name);
    char path[4096];
    const char *first = getenv("RECORD_FAIL_SYNC");
    const char *count = getenv("RECORD_FAIL_SYNCS");
    long fail = first ? atol(first) : 0;
    int result;
    if (!watched(fd, path, sizeof path)) {
        return next(fd);
    }
    lock();
    syncs++;
    if (fail > 0 && syncs >= fail && syncs - fail < (count ? atol(count) : 1)) {
        record('f', path, 0, 0, 0);
        *__errno_location() = EIO;
        result = -1;
    } else {
        result = next(fd);
        if (result == 0) {
            record('s', path, 0, 0, 0);
        }
    }
    unlock();
    return result;
}

int fsync(int fd) {
    return sync_of("fsync", fd);
}

int fdatasync(int fd) {
    return sync_of("fdatasync", fd);
}

int unlink(const char *path) {
    typedef int (*function)(const char *);
    function next = NEXT(function, "unlink");
    const char *folder = getenv("RECORD_FOLDER");
    int result;
    if (!folder || strncmp(path, folder, strlen(folder)) != 0) {
        return next(path);
    }
    lock();
    result = next(path);
    if (result == 0) {
        record('u', path, 0, 0, 0);
    }
    unlock();
    return result;
}
