package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.Json;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** A start that follows a repository ends when that was looked into. */
class FirstLookTest {
    private static final String NOTHING = "{\"revision\":\"\",\"waiting\":[]}";

    private static Optional<String> look(Duration patience, String... statuses)
            throws InterruptedException {
        ArrayDeque<String> next = new ArrayDeque<>(List.of(statuses));
        Optional<String> trouble =
                FirstLook.await(
                        () ->
                                Json.parse(next.size() > 1 ? next.removeFirst() : next.getFirst())
                                        .toNode(),
                        patience);
        assertEquals(1, next.size(), "it did not wait for the last status");
        return trouble;
    }

    @Test
    void itWaitsForTheFirstCommit() throws Exception {
        assertEquals(
                Optional.empty(),
                look(
                        Duration.ofMinutes(1),
                        NOTHING,
                        "{\"revision\":\"\",\"waiting\":[\"Pod/default/a: Pending\"]}",
                        "{\"revision\":\"79b1a64\",\"waiting\":[]}"));
    }

    @Test
    void whatIsAmissIsTold() throws Exception {
        String failed = "source cluster: https://git.example.com/a.git: connection failed";
        assertEquals(
                Optional.of(failed),
                look(
                        Duration.ofMinutes(1),
                        NOTHING,
                        "{\"revision\":\"\",\"waiting\":[\"" + failed + "\"]}"));
        String held = "commit 79b1a64 is held: c.yaml:3: unknown field";
        assertEquals(
                Optional.of(held),
                look(
                        Duration.ofMinutes(1),
                        "{\"revision\":\"1c2d3e4\",\"waiting\":[\"" + held + "\"]}"));
        assertEquals(
                Optional.of("the repository has not answered within 0 s"),
                look(Duration.ZERO, NOTHING));
    }
}
