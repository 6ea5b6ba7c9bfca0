package dev.shiplog.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** {@code shiplog token}: bootstrap tokens, with which machines ask to become nodes. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Create, list and delete the tokens with which machines join the cluster.",
        subcommands = {
            TokenCommand.Create.class,
            TokenCommand.ListTokens.class,
            TokenCommand.Delete.class
        })
final class TokenCommand implements Callable<Integer> {
    private static final String PATH = "/shiplog/v1/tokens";
    private static final Duration TIMEOUT = Duration.ofSeconds(35);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(
                spec.commandLine(), "expected create, list or delete, found nothing");
    }

    /** {@code shiplog token create}. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Make a token and print it, this once: the cluster keeps its hash only. The"
                            + " command with which a machine joins is printed along with it.")
    static final class Create implements Callable<Integer> {
        @Mixin private final ProfileOption profile = new ProfileOption();

        @Option(
                names = "--ttl",
                paramLabel = "TIME",
                converter = Life.class,
                defaultValue = "24h",
                description = "How long it lives: 30m, 24h, 7d (default: ${DEFAULT-VALUE}).")
        private Duration life = Duration.ofHours(24);

        @Option(names = "--description", defaultValue = "", description = "What it is for.")
        private String description = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            ObjectNode request = JsonNodeFactory.instance.objectNode();
            request.put("seconds", life.toSeconds());
            request.put("description", description);
            try (ServerClient client = ServerClient.open(profile.profile(), profile.running())) {
                JsonNode made = client.post(PATH, request.toString(), TIMEOUT);
                PrintWriter out = spec.commandLine().getOut();
                out.println(made.path("token").asText());
                out.flush();
                tell(made);
            }
            return 0;
        }

        /** For people: what is piped into something else stays the token alone. */
        private void tell(JsonNode made) {
            PrintWriter err = spec.commandLine().getErr();
            String server = made.path("server").asText();
            err.println("On the machine that is to join:");
            err.println(
                    "  shiplog node --server "
                            + server
                            + " --token "
                            + made.path("token").asText()
                            + " --ca-hash "
                            + made.path("authority").asText());
            if (server.startsWith("https://127.")) {
                err.println(
                        "This cluster answers on this machine only; for others, start it again with"
                                + " --listen 0.0.0.0.");
            }
            err.flush();
        }
    }

    /** {@code shiplog token list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show the tokens that there are, without their secrets.")
    static final class ListTokens implements Callable<Integer> {
        @Mixin private final ProfileOption profile = new ProfileOption();

        @Option(
                names = {"-o", "--output"},
                defaultValue = "text",
                paramLabel = "FORMAT",
                description = "text or json (default: ${DEFAULT-VALUE}).")
        private Output output = Output.TEXT;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            try (ServerClient client = ServerClient.open(profile.profile(), profile.running())) {
                JsonNode tokens = client.get(PATH, TIMEOUT);
                PrintWriter out = spec.commandLine().getOut();
                if (output == Output.JSON) {
                    out.println(tokens.toPrettyString());
                } else {
                    print(tokens, out);
                }
                out.flush();
            }
            return 0;
        }

        private static void print(JsonNode tokens, PrintWriter out) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("TOKEN", "EXPIRES", "DESCRIPTION"));
            for (JsonNode token : tokens) {
                rows.add(
                        List.of(
                                token.path("id").asText(),
                                token.path("expired").asBoolean()
                                        ? "<expired>"
                                        : Instant.parse(token.path("expires").asText())
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString(),
                                token.path("description").asText()));
            }
            TextTable.print(rows, out);
        }
    }

    /** {@code shiplog token delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "End a token before its time.")
    static final class Delete implements Callable<Integer> {
        private static final Pattern TOKEN = Pattern.compile("[a-z0-9]{6}(\\.[a-z0-9]{16})?");

        @Mixin private final ProfileOption profile = new ProfileOption();

        @Parameters(paramLabel = "TOKEN", description = "The token, or its first six characters.")
        private String token = "";

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (!TOKEN.matcher(token).matches()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "expected a token or its first six characters, found \"" + token + "\"");
            }
            String id = token.substring(0, token.indexOf('.') < 0 ? token.length() : 6);
            try (ServerClient client = ServerClient.open(profile.profile(), profile.running())) {
                client.delete(PATH + "/" + id, TIMEOUT);
                PrintWriter out = spec.commandLine().getOut();
                out.println("bootstrap token \"" + id + "\" deleted");
                out.flush();
            }
            return 0;
        }
    }
}
