package dev.shiplog.cli;

import dev.shiplog.boot.Profile;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code shiplog logs}: what control plane and node write about themselves. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Show what control plane and node write about themselves: their starts, warnings and"
                    + " errors.",
            "What happened in the cluster is \"shiplog log\"; what a container writes is \"kubectl"
                    + " logs\"."
        })
final class LogsCommand implements Callable<Integer> {
    /** How often a log that is followed is looked at. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private static final int BLOCK_BYTES = 64 << 10;

    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            defaultValue = "100",
            paramLabel = "LINES",
            description =
                    "Begin so many lines before the end; -1 for all (default: ${DEFAULT-VALUE}).")
    private int lines = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < -1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected a number of lines, or -1 for all, found " + lines);
        }
        Profile existing = profile.existing();
        Path file = existing.serverLog();
        if (!Files.exists(file)) {
            throw new CommandFailure(
                    "expected the log at "
                            + file
                            + ", found none: a server in the foreground writes to its service"
                            + " manager, such as journalctl -u shiplog");
        }
        // As bytes: what is no text passes unharmed, and nothing waits in a writer's buffer.
        OutputStream out = System.out;
        long position = copy(file, begin(file, lines), out);
        while (follow) {
            Thread.sleep(LOOK_EVERY);
            long size = Files.size(file);
            // One that became shorter was begun anew.
            position = copy(file, size < position ? 0 : position, out);
        }
        return 0;
    }

    /** Where the last {@code lines} lines of a file begin. */
    static long begin(Path file, int lines) throws IOException {
        if (lines < 0) {
            return 0;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = in.length();
            if (lines == 0) {
                return end;
            }
            int wanted = lines;
            byte[] block = new byte[BLOCK_BYTES];
            long from = end;
            while (from > 0) {
                int size = (int) Math.min(BLOCK_BYTES, from);
                from -= size;
                in.seek(from);
                in.readFully(block, 0, size);
                for (int i = size - 1; i >= 0; i--) {
                    // The line break at the very end ends a line and begins none.
                    if (block[i] == '\n' && from + i != end - 1) {
                        if (wanted == 1) {
                            return from + i + 1;
                        }
                        wanted--;
                    }
                }
            }
            return 0;
        }
    }

    /** Writes what a file holds from a position on; the position after it. */
    private static long copy(Path file, long position, OutputStream out) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(position);
            byte[] block = new byte[BLOCK_BYTES];
            long next = position;
            for (int n = in.read(block); n > 0; n = in.read(block)) {
                out.write(block, 0, n);
                next += n;
            }
            out.flush();
            return next;
        }
    }
}
