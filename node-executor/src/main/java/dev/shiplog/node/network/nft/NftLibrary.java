package dev.shiplog.node.network.nft;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The library that nft(8) is a shell of: a transaction without the start of a program, which costs
 * more than all the rest of a small one.
 *
 * <p>Invariant: one call at a time, as the library promises nothing of several; each on a context
 * of its own, so that nothing is kept and the caller's network namespace is the one that counts.
 *
 * @see <a href="https://manpages.debian.org/libnftables.3">libnftables(3)</a>
 */
@SuppressWarnings("restricted") // What is called is known; the program allows native access.
final class NftLibrary {
    private static final String FILE = "libnftables.so.1";

    /** No flags: as the program without options. */
    private static final int DEFAULT = 0;

    /** The longest of the library's words that are read, in bytes. */
    private static final long LONGEST_MESSAGE = 1 << 16;

    private final ReentrantLock turn = new ReentrantLock();
    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle keepOutput;
    private final MethodHandle keepErrors;
    private final MethodHandle errors;
    private final MethodHandle run;

    private NftLibrary(SymbolLookup library) {
        FunctionDescriptor ofContext =
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        open =
                handle(
                        library,
                        "nft_ctx_new",
                        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        close = handle(library, "nft_ctx_free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        keepOutput = handle(library, "nft_ctx_buffer_output", ofContext);
        keepErrors = handle(library, "nft_ctx_buffer_error", ofContext);
        errors =
                handle(
                        library,
                        "nft_ctx_get_error_buffer",
                        FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        run =
                handle(
                        library,
                        "nft_run_cmd_from_buffer",
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    private static MethodHandle handle(
            SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /** The library of this machine; empty if it has none that fits. */
    static Optional<NftLibrary> find() {
        try {
            return Optional.of(new NftLibrary(SymbolLookup.libraryLookup(FILE, Arena.global())));
        } catch (RuntimeException none) {
            // Not there, of another make, or native access is not allowed: the program does it.
            return Optional.empty();
        }
    }

    /**
     * Commits a script, in the network namespace of the calling thread.
     *
     * @throws IOException with nft's own words; nothing was changed
     */
    void commit(String script) throws IOException {
        turn.lock();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = (MemorySegment) open.invokeExact(DEFAULT);
            if (context.equals(MemorySegment.NULL)) {
                throw new IOException("nft: the library cannot begin");
            }
            try {
                int _ = (int) keepOutput.invokeExact(context);
                int _ = (int) keepErrors.invokeExact(context);
                int code = (int) run.invokeExact(context, arena.allocateFrom(script));
                if (code != 0) {
                    MemorySegment said = (MemorySegment) errors.invokeExact(context);
                    throw new IOException(
                            "nft: " + said.reinterpret(LONGEST_MESSAGE).getString(0).strip());
                }
            } finally {
                close.invokeExact(context);
            }
        } catch (IOException refused) {
            throw refused;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            turn.unlock();
        }
    }
}
