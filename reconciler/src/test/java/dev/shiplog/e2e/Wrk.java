package dev.shiplog.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The program wrk as client of an API server: one thread of C for all connections, so that what is
 * measured on two cores is the server. HTTP/1.1 over TLS, connections kept alive, one request at a
 * time on each.
 */
final class Wrk {
    /** Found among what wrk's script says at the end. */
    private static final String MARK = "measured ";

    private final Shell shell;
    private final Path folder;
    private final int port;
    private final String token;

    /**
     * @param folder for its scripts, which hold the token
     */
    Wrk(Shell shell, Path folder, int port, String token) {
        this.shell = shell;
        this.folder = folder;
        this.port = port;
        this.token = token;
    }

    /**
     * @param requests that were answered with 2xx
     * @param p50 in milliseconds, as {@code p99}
     */
    record Measured(long requests, double seconds, double p50, double p99) {
        double rate() {
            return requests / seconds;
        }
    }

    boolean installed() {
        return shell.sh("command -v wrk").code() == 0;
    }

    /**
     * Gets paths in turn, again and again.
     *
     * @param header what is sent beside the token, such as {@code Accept-Encoding: gzip}
     */
    Measured get(List<String> paths, String header, int connections, int seconds)
            throws IOException {
        String[] pair = header.split(": ", 2);
        StringBuilder script = new StringBuilder("local paths, requests, next = {}, {}, 0\n");
        for (String path : paths) {
            script.append("table.insert(paths, '").append(path).append("')\n");
        }
        script.append(
                """
                function init(arguments)
                  for i, path in ipairs(paths) do
                    requests[i] = wrk.format('GET', path, {['Authorization'] = 'Bearer %s', ['%s'] = '%s'})
                  end
                end
                function request()
                  next = next %% #requests + 1
                  return requests[next]
                end
                function done(summary, latency, requests)
                  local errors = summary.errors
                  io.write(string.format('%s%%d %%d %%d %%d %%d\\n', summary.requests, summary.duration,
                      latency:percentile(50), latency:percentile(99),
                      errors.connect + errors.read + errors.write + errors.status + errors.timeout))
                end
                """
                        .formatted(token, pair[0], pair[1], MARK));
        Path file = folder.resolve("wrk.lua");
        Files.deleteIfExists(file);
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, script);
        String said =
                shell.run(
                                "wrk",
                                "-t1",
                                "-c" + connections,
                                "-d" + seconds + "s",
                                "-s",
                                file.toString(),
                                "https://127.0.0.1:" + port)
                        .ok();
        return parse(said);
    }

    private static Measured parse(String said) {
        long[] numbers =
                said.lines()
                        .filter(line -> line.startsWith(MARK))
                        .map(line -> line.substring(MARK.length()).split(" ", -1))
                        .map(words -> Arrays.stream(words).mapToLong(Long::parseLong).toArray())
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "expected wrk to say what it measured, found " + said));
        if (numbers[4] > 0) {
            throw new IllegalStateException(
                    String.format(Locale.ROOT, "%d requests of wrk failed: %s", numbers[4], said));
        }
        return new Measured(numbers[0], numbers[1] / 1e6, numbers[2] / 1e3, numbers[3] / 1e3);
    }
}
