package dev.shiplog.node.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * System calls, through the C library. File descriptors are plain numbers here; each has one owner
 * in this package, which closes it once.
 *
 * <p>To link one takes ten milliseconds of a start and more. So each has a class of its own, which
 * is loaded with the first call.
 *
 * @see <a href="https://man7.org/linux/man-pages/dir_section_2.html">their manual pages</a>
 */
@SuppressWarnings("restricted") // What is called is known; the program allows native access.
final class Kernel {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_NOCTTY = 0x100;
    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;
    static final int CLONE_NEWNET = 0x40000000;
    static final short POLLIN = 1;

    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int PUNCH_HOLE_KEEP_SIZE = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT =
            STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** {@code struct statvfs} of a system of 64 bits: f_files and f_favail are its 6th and 8th. */
    private static final long STATVFS_BYTES = 112;

    private static final long FILES_AT = 40;
    private static final long FREE_FILES_AT = 56;

    private Kernel() {}

    /** How many files a file system can hold, and how many more we may make. */
    static FileCounts files(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment found = arena.allocate(STATVFS_BYTES, Long.BYTES);
            int result =
                    (int)
                            Statvfs.CALL.invokeExact(
                                    state, arena.allocateFrom(path.toString()), found);
            checked("could not ask the file system of " + path, result, state);
            return new FileCounts(
                    found.get(ValueLayout.JAVA_LONG, FILES_AT),
                    found.get(ValueLayout.JAVA_LONG, FREE_FILES_AT));
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static FunctionDescriptor transfer() {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG);
    }

    private static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... more) {
        Linker.Option[] options = new Linker.Option[more.length + 1];
        options[0] = ERRNO;
        System.arraycopy(more, 0, options, 1, more.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    static int open(Path path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int fd = (int) Open.CALL.invokeExact(state, arena.allocateFrom(path.toString()), flags);
            return (int) checked("could not open " + path, fd, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Close.CALL.invokeExact(arena.allocate(STATE), fd);
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Moves the calling platform thread, and only it, to another namespace. */
    static void setns(int fd, int kind) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) Setns.CALL.invokeExact(state, fd, kind);
            checked("could not enter the namespace", result, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void ioctl(String doing, int fd, long request, MemorySegment argument)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = (int) Ioctl.CALL.invokeExact(state, fd, request, argument);
            checked(doing, result, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static int read(int fd, MemorySegment into) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) Read.CALL.invokeExact(state, fd, into, into.byteSize());
            return (int) checked("could not read", result, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Writes as much as there is room for, perhaps nothing. */
    static int writeSome(int fd, MemorySegment from) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = (long) Write.CALL.invokeExact(state, fd, from, from.byteSize());
            if (result < 0 && errno(state) == EAGAIN) {
                return 0;
            }
            return (int) checked("could not write", result, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Gives back the space of a part of a file, which then reads as zeros; its length stays. */
    static void punchHole(int fd, long offset, long bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result =
                    (int)
                            Fallocate.CALL.invokeExact(
                                    state, fd, PUNCH_HOLE_KEEP_SIZE, offset, bytes);
            checked("could not give back a part of a file", result, state);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * Waits until one descriptor can be read or its other side is gone.
     *
     * @return what holds, 0 if nothing within the time
     */
    static short poll(int fd, int millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment waited = arena.allocate(8, 4);
            waited.set(ValueLayout.JAVA_INT, 0, fd);
            waited.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
            int result = (int) Poll.CALL.invokeExact(state, waited, 1L, millis);
            if (result < 0 && errno(state) == EINTR) {
                return 0;
            }
            checked("could not wait", result, state);
            return waited.get(ValueLayout.JAVA_SHORT, 6);
        } catch (IOException failed) {
            throw failed;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int errno(MemorySegment state) {
        return state.get(ValueLayout.JAVA_INT, ERRNO_AT);
    }

    private static long checked(String doing, long result, MemorySegment state) throws IOException {
        if (result < 0) {
            throw new IOException(doing + ": error " + errno(state));
        }
        return result;
    }

    /** The call itself, like those below. */
    private static final class Open {
        static final MethodHandle CALL =
                handle(
                        "open",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
    }

    private static final class Close {
        static final MethodHandle CALL =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static final class Setns {
        static final MethodHandle CALL =
                handle(
                        "setns",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static final class Ioctl {
        static final MethodHandle CALL =
                handle(
                        "ioctl",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));
    }

    private static final class Read {
        static final MethodHandle CALL = handle("read", transfer());
    }

    private static final class Write {
        static final MethodHandle CALL = handle("write", transfer());
    }

    private static final class Fallocate {
        static final MethodHandle CALL =
                handle(
                        "fallocate",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG));
    }

    private static final class Poll {
        static final MethodHandle CALL =
                handle(
                        "poll",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_INT));
    }

    private static final class Statvfs {
        static final MethodHandle CALL =
                handle(
                        "statvfs",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }
}
