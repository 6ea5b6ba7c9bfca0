package dev.shiplog.node.linux;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls of tests inside another network namespace: a socket made there stays there. */
public final class Inside {
    private static final int PATIENCE_SECONDS = 30;

    private Inside() {}

    /** What a call gives, made by a thread that has entered the namespace and ends with it. */
    public static <T> T call(Path namespace, Callable<T> call) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("inside " + namespace)
                .start(() -> {
                    try {
                        int fd = Kernel.open(namespace, Kernel.O_RDONLY | Kernel.O_CLOEXEC);
                        try {
                            Kernel.setns(fd, Kernel.CLONE_NEWNET);
                        } finally {
                            Kernel.close(fd);
                        }
                        result.complete(call.call());
                    } catch (Exception failure) {
                        result.completeExceptionally(failure);
                    }
                });
        return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
