package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

final class DoorwayTest {
    private static final long PATIENCE_SECONDS = 30;

    @TempDir private Path folder;

    @Test
    void saysThatItLivesAndLetsTheRestWaitForTheCluster() throws Exception {
        try (TestCluster cluster =
                        TestCluster.empty(
                                folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
                ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
            ApiConfig config = cluster.config();
            Doorway doorway =
                    Doorway.open(
                            config.bind(),
                            config.port(),
                            config.tls(),
                            config.writeStall(),
                            config.streams().limits());
            try (Client client = Client.to(cluster, doorway.address().getPort())) {
                Future<Integer> waiting =
                        asking.submit(
                                () -> client.get("/api/v1/namespaces/default/pods").statusCode());
                assertEquals("ok", Client.text(client.get("/livez")));
                assertFalse(waiting.isDone(), "there is nobody yet who could answer");
                try (ApiServer server = ApiServer.start(config, doorway)) {
                    assertEquals(doorway.address(), server.address());
                    assertEquals(200, waiting.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
                    assertEquals(200, client.get("/livez").statusCode());
                }
            }
        }
    }

    @Test
    void tellsThatSomebodyElseListensThere() throws Exception {
        try (TestCluster cluster =
                        TestCluster.empty(
                                folder, (_, _, _, _, _) -> {}, List.of(), Optional.empty());
                ServerSocket other = new ServerSocket(0, 1, cluster.config().bind())) {
            ApiConfig config = cluster.config();
            assertThrows(
                    BindException.class,
                    () ->
                            Doorway.open(
                                    config.bind(),
                                    other.getLocalPort(),
                                    config.tls(),
                                    config.writeStall(),
                                    config.streams().limits()));
        }
    }
}
