package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Endpoint;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;

/** {@code shiplog rollback}: a commit that brings an earlier one back. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description =
                "Bring back what an earlier commit declared, as a new commit; history is kept.")
final class RollbackCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "MOMENT",
            description =
                    "A commit, a tag, a position, a time, or an age such as 10m: what was the truth then.")
    private String to = "";

    @Option(
            names = "--allow-delete",
            description = "Also if that deletes most of what is declared now.")
    private boolean allowDelete;

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Option(
            names = {"-m", "--message"},
            description = "Why, for the commit's message.")
    private @Nullable String message;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        Endpoint endpoint = profile.running();
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("to", to);
        request.put("dryRun", dryRun);
        request.put("allowDelete", allowDelete);
        request.put("message", message == null ? "" : message);
        request.put("zone", java.time.ZoneId.systemDefault().getId());
        try (ServerClient client = ServerClient.open(profile.profile(), endpoint)) {
            JsonNode reply =
                    client.post("/shiplog/v1/rollback", request.toString(), Duration.ofSeconds(60));
            PrintWriter out = spec.commandLine().getOut();
            reply.path("plan").forEach(line -> out.println(line.asText()));
            out.println(reply.path("result").asText());
            out.flush();
        }
        return 0;
    }
}
