package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.resource.Position;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code shiplog replay --verify}: the log proves itself. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Fold the whole log from zero and show what it amounts to.")
final class ReplayCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = "--verify",
            description =
                    "Compare with the live cluster: the chain's head and the state's hash must be the same.")
    private boolean verify;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    /** What the running server says it is. */
    private record Live(Position position, String stateHash, String headHash) {}

    @Override
    public Integer call() {
        Profile existing = profile.existing();
        Optional<Live> live = verify ? live(existing) : Optional.empty();
        Replay.Result result;
        try (Journal journal = SqliteJournal.openReadOnly(existing.log())) {
            result = Replay.verify(journal, live.map(Live::position).orElseGet(journal::head));
        }
        String stateHash = HexFormat.of().formatHex(result.stateHash());
        String headHash = HexFormat.of().formatHex(result.headHash());
        boolean same =
                live.map(l -> l.stateHash().equals(stateHash) && l.headHash().equals(headHash))
                        .orElse(true);
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(document(result, stateHash, headHash, live, same).toPrettyString());
        } else {
            print(result, stateHash, headHash, live, same, out);
        }
        out.flush();
        return same ? 0 : 1;
    }

    private static Optional<Live> live(Profile profile) {
        return Endpoint.read(profile.endpoint())
                .map(endpoint -> {
                    try (ServerClient client = ServerClient.open(profile, endpoint)) {
                        JsonNode node = client.get("/shiplog/v1/proof", Duration.ofSeconds(30));
                        return new Live(
                                new Position(node.path("position").asLong()),
                                node.path("stateHash").asText(),
                                node.path("headHash").asText());
                    }
                });
    }

    private static void print(
            Replay.Result result,
            String stateHash,
            String headHash,
            Optional<Live> live,
            boolean same,
            PrintWriter out) {
        out.println(
                String.format(
                        "%d events folded and their chain checked in %.3f s: %,d events/s",
                        result.events(),
                        result.elapsed().toNanos() / 1e9,
                        Math.round(result.eventsPerSecond())));
        out.println("position    " + result.head());
        out.println("chain head  " + headHash);
        out.println("state hash  " + stateHash);
        if (live.isEmpty()) {
            return;
        }
        out.println(
                same
                        ? "The live cluster is exactly what its log says."
                        : "The live cluster is NOT what its log says: expected chain head "
                                + live.get().headHash()
                                + " and state hash "
                                + live.get().stateHash());
    }

    private static ObjectNode document(
            Replay.Result result,
            String stateHash,
            String headHash,
            Optional<Live> live,
            boolean same) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("events", result.events());
        node.put("seconds", result.elapsed().toNanos() / 1e9);
        node.put("eventsPerSecond", Math.round(result.eventsPerSecond()));
        node.put("position", result.head().value());
        node.put("headHash", headHash);
        node.put("stateHash", stateHash);
        node.put("comparedWithLive", live.isPresent());
        node.put("verified", same);
        return node;
    }
}
