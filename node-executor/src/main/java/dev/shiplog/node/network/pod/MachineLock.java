package dev.shiplog.node.network.pod;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Held while addresses are chosen that nobody else on the machine must have: neither another
 * program nor another thread of this one.
 */
public final class MachineLock {
    private static final Path FILE = Path.of("/run/lock/shiplog-network.lock");

    private static final ReentrantLock LOCAL = new ReentrantLock();

    private MachineLock() {}

    /** What is done while nobody else chooses. */
    @FunctionalInterface
    public interface Choice<T> {
        T make() throws IOException;
    }

    /** Makes a choice alone. It must be short: others wait for it without a limit. */
    public static <T> T held(Choice<T> choice) throws IOException {
        LOCAL.lock();
        try {
            Files.createDirectories(FILE.getParent());
            try (FileChannel channel =
                            FileChannel.open(
                                    FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assert lock.isValid();
                return choice.make();
            }
        } finally {
            LOCAL.unlock();
        }
    }
}
