package dev.shiplog.cli;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Why a server that does not run ended, if nobody told it to. */
final class LastEnd {
    /** What of its log is looked at. */
    private static final int LOOKED_BYTES = 256 << 10;

    private static final String SERVER = Server.class.getName() + ": ";
    private static final String SEVERE = " SEVERE " + SERVER;
    private static final String BEGAN = " INFO " + SERVER + "cluster ";

    private LastEnd() {}

    /** One sentence for whoever asks for the status; empty if it was told to end. */
    static Optional<String> of(Profile profile) throws IOException {
        Optional<String> said =
                Files.exists(profile.serverLog())
                        ? said(tail(profile.serverLog()))
                        : Optional.empty();
        if (said.isPresent()) {
            return said.map(why -> "it ended by itself: " + why);
        }
        // A server that ends takes away where it answered.
        return Files.exists(profile.endpoint())
                ? Optional.of(
                        "it was not told to end: killed, or the machine went down; \"shiplog logs\" may"
                                + " say more")
                : Optional.empty();
    }

    /** What the last server gave as the reason of its end. */
    static Optional<String> said(List<String> log) {
        for (String line : log.reversed()) {
            int severe = line.indexOf(SEVERE);
            if (severe >= 0) {
                return Optional.of(line.substring(severe + SEVERE.length()));
            }
            if (line.contains(BEGAN)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static List<String> tail(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - LOOKED_BYTES);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }
}
