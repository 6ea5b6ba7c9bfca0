package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * Waits until a cluster that follows a repository has looked into it, so that whoever asks next
 * finds what it declares.
 */
final class FirstLook {
    /** A repository that takes longer to answer is waited for by the server alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private FirstLook() {}

    /**
     * Gives what is amiss; nothing once a commit of the repository is the truth.
     *
     * @param status what the server says of itself
     */
    static Optional<String> await(Supplier<JsonNode> status, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            JsonNode now = status.get();
            Optional<String> trouble = trouble(now);
            if (trouble.isPresent() || !now.path("revision").asText().isEmpty()) {
                return trouble;
            }
            if (System.nanoTime() >= deadline) {
                return Optional.of(
                        "the repository has not answered within " + patience.toSeconds() + " s");
            }
            Thread.sleep(LOOK_EVERY);
        }
    }

    static Optional<String> await(Supplier<JsonNode> status) throws InterruptedException {
        return await(status, PATIENCE);
    }

    private static Optional<String> trouble(JsonNode status) {
        return StreamSupport.stream(status.path("waiting").spliterator(), false)
                .map(JsonNode::asText)
                .filter(line -> line.startsWith("source ") || line.startsWith("commit "))
                .findFirst();
    }
}
