package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.boot.Settings.Follow;
import dev.shiplog.boot.Settings.Network;
import dev.shiplog.boot.Settings.Oidc;
import dev.shiplog.node.image.Registries;
import dev.shiplog.resource.Json;
import dev.shiplog.source.Author;
import dev.shiplog.source.WriteMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Settings in a file of JSON, whose names are those of {@link Settings}. What a file does not say,
 * since an earlier version wrote it, is the default.
 */
public final class SettingsFile {
    private SettingsFile() {}

    /** Reads the settings of a profile, or the defaults if there are none. */
    public static Settings read(Path file) throws IOException {
        try {
            JsonNode node = Json.parse(Files.readString(file)).toNode();
            JsonNode follow = node.path("follow");
            return new Settings(
                    node.path("runtime").asText("auto"),
                    node.path("port").asInt(),
                    text(node, "seed"),
                    node.path("demo").asBoolean(),
                    follow.isObject()
                            ? Optional.of(
                                    new Follow(
                                            follow.path("url").asText(),
                                            follow.path("branch").asText(),
                                            follow.path("path").asText(),
                                            follow.path("pollSeconds").asInt(),
                                            text(follow, "caFile"),
                                            text(follow, "tokenFile"),
                                            text(follow, "sshKey"),
                                            text(follow, "knownHosts"),
                                            text(follow, "webhookSecretFile")))
                            : Optional.empty(),
                    node.path("allowPlainSecrets").asBoolean(),
                    writes(node.path("writes").asText("")),
                    oidc(node.path("oidc")),
                    node.path("listen").asText(Settings.LOOPBACK),
                    registries(node.path("registries")),
                    node.path("memoryBytes").isIntegralNumber()
                            ? OptionalLong.of(node.path("memoryBytes").asLong())
                            : OptionalLong.empty(),
                    author(node.path("seedAuthor")),
                    network(node.path("network")));
        } catch (NoSuchFileException _) {
            return Settings.DEFAULT;
        }
    }

    private static Network network(JsonNode node) {
        return new Network(
                text(node, "services"),
                text(node, "pods"),
                text(node, "loadBalancers"),
                node.path("ingressProxy").asText(Network.DEFAULT.ingressProxy()),
                node.path("serviceProxy").asText(Network.DEFAULT.serviceProxy()));
    }

    private static Optional<Author> author(JsonNode author) {
        return author.isObject()
                ? Optional.of(
                        new Author(author.path("name").asText(), author.path("email").asText()))
                : Optional.empty();
    }

    private static Optional<Oidc> oidc(JsonNode oidc) {
        return oidc.isObject()
                ? Optional.of(
                        new Oidc(
                                oidc.path("issuer").asText(),
                                oidc.path("clientId").asText(),
                                oidc.path("usernameClaim").asText(),
                                oidc.path("usernamePrefix").asText(),
                                oidc.path("groupsClaim").asText(),
                                oidc.path("groupsPrefix").asText(),
                                text(oidc, "caFile")))
                : Optional.empty();
    }

    private static Registries registries(JsonNode node) {
        return new Registries(
                texts(node.path("mirrors")),
                texts(node.path("insecure")),
                text(node, "repository"));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    /** Writes the settings whole or not at all. */
    public static void write(Settings settings, Path file) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("runtime", settings.runtime());
        node.put("port", settings.port());
        node.put("listen", settings.listen());
        settings.seed().ifPresent(folder -> node.put("seed", folder));
        settings.seedAuthor()
                .ifPresent(author ->
                        node.putObject("seedAuthor")
                                .put("name", author.name())
                                .put("email", author.email()));
        node.put("demo", settings.demo());
        node.put("allowPlainSecrets", settings.allowPlainSecrets());
        node.put("writes", settings.writes().toString());
        settings.follow()
                .ifPresent(f -> {
                    ObjectNode followed =
                            node.putObject("follow")
                                    .put("url", f.url())
                                    .put("branch", f.branch())
                                    .put("path", f.path())
                                    .put("pollSeconds", f.pollSeconds());
                    f.caFile().ifPresent(value -> followed.put("caFile", value));
                    f.tokenFile().ifPresent(value -> followed.put("tokenFile", value));
                    f.sshKey().ifPresent(value -> followed.put("sshKey", value));
                    f.knownHosts().ifPresent(value -> followed.put("knownHosts", value));
                    f.webhookSecretFile()
                            .ifPresent(value -> followed.put("webhookSecretFile", value));
                });
        settings.oidc()
                .ifPresent(o -> {
                    ObjectNode trusted =
                            node.putObject("oidc")
                                    .put("issuer", o.issuer())
                                    .put("clientId", o.clientId())
                                    .put("usernameClaim", o.usernameClaim())
                                    .put("usernamePrefix", o.usernamePrefix())
                                    .put("groupsClaim", o.groupsClaim())
                                    .put("groupsPrefix", o.groupsPrefix());
                    o.caFile().ifPresent(value -> trusted.put("caFile", value));
                });
        Registries registries = settings.registries();
        if (!registries.equals(Registries.NONE)) {
            ObjectNode fetched = node.putObject("registries");
            registries.mirrors().forEach(fetched.putArray("mirrors")::add);
            registries.insecure().forEach(fetched.putArray("insecure")::add);
            registries.repository().ifPresent(value -> fetched.put("repository", value));
        }
        settings.memoryBytes().ifPresent(bytes -> node.put("memoryBytes", bytes));
        Network network = settings.network();
        if (!network.equals(Network.DEFAULT)) {
            ObjectNode addresses = node.putObject("network");
            network.services().ifPresent(range -> addresses.put("services", range));
            network.pods().ifPresent(range -> addresses.put("pods", range));
            network.pool().ifPresent(pool -> addresses.put("loadBalancers", pool));
            addresses.put("ingressProxy", network.ingressProxy());
            addresses.put("serviceProxy", network.serviceProxy());
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, node.toPrettyString() + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A profile of an earlier version does not say. */
    private static WriteMode writes(String name) {
        return name.isEmpty()
                ? Settings.DEFAULT.writes()
                : WriteMode.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual()
                ? Optional.of(node.path(name).asText())
                : Optional.empty();
    }
}
