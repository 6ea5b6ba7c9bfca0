package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.node.runtime.ContainerStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class ContainerStateTest {
    private static final int LOOKERS = 4;
    private static final int CONTAINERS = 200;

    /** One that looks because it was told of an end, and others that were asked for a pod. */
    @Test
    void severalWhoFindTheSameContainerLostAgreeHowItEnded(@TempDir Path root) throws Exception {
        Layout layout = new Layout(root);
        ContainerState state = new ContainerState(layout);
        CyclicBarrier together = new CyclicBarrier(LOOKERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(LOOKERS)) {
            for (int i = 0; i < CONTAINERS; i++) {
                ContainerRecord record = lost(layout, "c" + i);
                List<Future<ContainerStatus>> looks = new ArrayList<>();
                for (int looker = 0; looker < LOOKERS; looker++) {
                    looks.add(
                            threads.submit(() -> {
                                together.await();
                                return state.read(record);
                            }));
                }
                for (Future<ContainerStatus> look : looks) {
                    assertEquals(137, look.get().ended().orElseThrow().exitCode());
                }
            }
        }
    }

    /** A container whose first process was of an earlier life of the machine. */
    private static ContainerRecord lost(Layout layout, String id) throws Exception {
        Files.createDirectories(layout.container(id));
        Files.createDirectories(layout.started(id).getParent());
        Files.writeString(layout.started(id), "1 999999999999\n");
        return new ContainerRecord(
                id, "sandbox", "uid", "main", 0, "busybox:1.37", "sha256:1", "TERM", List.of());
    }
}
