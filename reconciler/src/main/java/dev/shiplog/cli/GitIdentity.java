package dev.shiplog.cli;

import dev.shiplog.source.Author;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Who a user is to Git. */
final class GitIdentity {
    private static final int PATIENCE_SECONDS = 5;

    private GitIdentity() {}

    /** What {@code git config} says in this folder and environment; empty if it does not say it. */
    static Optional<Author> ofUser() {
        try {
            Process git =
                    new ProcessBuilder("git", "config", "--get-regexp", "^user\\.(name|email)$")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                git.destroy();
                return Optional.empty();
            }
            return parse(said);
        } catch (IOException _) {
            // No Git here: it is not needed for this.
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Lines of a key, a blank and a value; of two for one key the last holds. */
    static Optional<Author> parse(String said) {
        String name = "";
        String email = "";
        for (String line : said.split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                String value = line.substring(blank + 1).strip();
                switch (line.substring(0, blank)) {
                    case "user.name" -> name = value;
                    case "user.email" -> email = value;
                    default -> throw new IllegalArgumentException("not asked for: " + line);
                }
            }
        }
        return name.isEmpty() || email.isEmpty()
                ? Optional.empty()
                : Optional.of(new Author(name, email));
    }
}
