package dev.shiplog.boot;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Ciphers, digests and signatures in machine code, for whoever in this process asks the JDK for
 * one. Those of the JDK are as fast only when its optimising compiler has been at them; a program
 * that runs without that compiler, as the launcher starts it where this library is to be had, would
 * encrypt a hundred times slower with them.
 *
 * <p>The launcher says that the library is on the class path by {@code -Dshiplog.crypto=native};
 * without that, nothing here touches it.
 */
public final class NativeCrypto {
    /** What the launcher says it with. */
    static final String PROPERTY = "shiplog.crypto";

    private static final System.Logger LOG = System.getLogger(NativeCrypto.class.getName());

    private NativeCrypto() {}

    /**
     * Makes it the first choice. Where it is there but cannot be loaded, a warning says so, and the
     * JDK's own go on doing the work.
     *
     * @return whether it is the first choice
     */
    public static boolean prefer() {
        if (!"native".equals(System.getProperty(PROPERTY))) {
            return false;
        }
        Optional<String> failure = Library.prefer();
        failure.ifPresent(message ->
                LOG.log(
                        Level.WARNING,
                        "expected the library for ciphers in machine code to load, found: {0}."
                                + " Encryption is slow. Start with"
                                + " SHIPLOG_NATIVE_CRYPTO=off for the JDK''s own at their best",
                        message));
        return failure.isEmpty();
    }

    /**
     * Puts the library into a folder, from where {@code java.library.path} finds it; otherwise it
     * is unpacked from its jar at every start. Nothing if there is none for this machine.
     */
    public static void unpack(Path folder) throws IOException {
        if (!"native".equals(System.getProperty(PROPERTY))) {
            return;
        }
        String name = System.mapLibraryName("amazonCorrettoCryptoProvider");
        try (InputStream in = Library.resource(name)) {
            if (in != null) {
                Files.createDirectories(folder);
                Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Apart, so that its classes are looked for only where they are. */
    private static final class Library {
        static Optional<String> prefer() {
            Throwable error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
            if (error != null) {
                return Optional.of(error.toString());
            }
            AmazonCorrettoCryptoProvider.install();
            return Optional.empty();
        }

        static @Nullable InputStream resource(String name) {
            return AmazonCorrettoCryptoProvider.class.getResourceAsStream(name);
        }
    }
}
