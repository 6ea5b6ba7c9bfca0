package dev.shiplog.source.jgit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The git that users have, run in a working copy, without any configuration of this machine. */
final class GitCommand {
    private static final long TIMEOUT_SECONDS = 60;

    private final Path home;
    private final Path directory;

    /**
     * @param home a folder for the configuration of this user
     */
    GitCommand(Path home, Path directory) {
        this.home = home;
        this.directory = directory;
    }

    /** What a command said, on both streams together, and how it ended. */
    record Result(int exit, String output) {}

    GitCommand in(Path other) {
        return new GitCommand(home, other);
    }

    Path directory() {
        return directory;
    }

    /** Runs a command that must succeed; gives what it said. */
    String git(String... arguments) throws IOException, InterruptedException {
        Result result = run(arguments);
        if (result.exit() != 0) {
            throw new AssertionError(
                    "git " + String.join(" ", arguments) + " failed:\n" + result.output());
        }
        return result.output();
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(home, "git", ".out");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile());
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("GIT_"));
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.toString());
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_AUTHOR_NAME", "Ann Author");
        environment.put("GIT_AUTHOR_EMAIL", "ann@example.com");
        environment.put("GIT_COMMITTER_NAME", "Ann Author");
        environment.put("GIT_COMMITTER_EMAIL", "ann@example.com");
        environment.put("LC_ALL", "C.UTF-8");
        environment.remove("http_proxy");
        environment.remove("HTTP_PROXY");
        environment.put("NO_PROXY", "127.0.0.1");
        Process process = builder.start();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end within " + TIMEOUT_SECONDS + " s");
        }
        String text = Files.readString(output, StandardCharsets.UTF_8);
        Files.delete(output);
        return new Result(process.exitValue(), text);
    }

    /** Writes a file of the working copy. */
    GitCommand write(String path, String content) throws IOException {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    GitCommand delete(String path) throws IOException {
        Files.delete(directory.resolve(path));
        return this;
    }

    /** Commits all that changed; gives the commit's id. */
    String commit(String message) throws IOException, InterruptedException {
        git("add", "--all");
        git("commit", "--quiet", "--allow-empty", "--message", message);
        return git("rev-parse", "HEAD").strip();
    }
}
