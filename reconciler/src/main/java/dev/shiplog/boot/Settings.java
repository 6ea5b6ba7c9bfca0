package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.image.Registries;
import dev.shiplog.node.network.ingress.ProxyKind;
import dev.shiplog.node.network.plane.PlaneKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.ServiceRanges;
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
 * What a cluster was told when it was started; kept in its profile for the next start.
 *
 * @param runtime {@code auto}, {@code docker}, {@code process} or {@code simulated}
 * @param port the port to answer on; 0 for {@value #DEFAULT_PORT}, or a free one if that is taken
 * @param seed a folder of manifests that the cluster's own repository begins with; empty for an
 *     empty repository
 * @param demo whether this is the demo, which brings its own image where no registry answers
 * @param follow an external repository instead of the cluster's own
 * @param allowPlainSecrets whether the source may hold Secrets that are not sealed; they are sealed
 *     before they reach the log
 * @param writes what becomes of changes that users make through the API to what Git declares
 * @param oidc an issuer of tokens whose word on who somebody is counts
 * @param listen the address to answer on; {@code 0.0.0.0} for all that the machine has
 * @param registries from where images are fetched besides where their names say
 * @param memoryBytes how much memory the pods of this machine's node may ask for together; empty
 *     for all that there is
 * @param seedAuthor whom the first commit, with the seed, is by; empty for Shiplog itself
 * @param network which addresses the cluster gives, and what carries traffic on its first node
 */
public record Settings(
        String runtime,
        int port,
        Optional<String> seed,
        boolean demo,
        Optional<Follow> follow,
        boolean allowPlainSecrets,
        WriteMode writes,
        Optional<Oidc> oidc,
        String listen,
        Registries registries,
        OptionalLong memoryBytes,
        Optional<Author> seedAuthor,
        Network network) {
    /** Clients and nodes on this machine only. */
    public static final String LOOPBACK = "127.0.0.1";

    /** Settings with every image from where its name says. */
    public Settings(
            String runtime,
            int port,
            Optional<String> seed,
            boolean demo,
            Optional<Follow> follow,
            boolean allowPlainSecrets,
            WriteMode writes,
            Optional<Oidc> oidc,
            String listen) {
        this(
                runtime,
                port,
                seed,
                demo,
                follow,
                allowPlainSecrets,
                writes,
                oidc,
                listen,
                Registries.NONE,
                OptionalLong.empty(),
                Optional.empty(),
                Network.DEFAULT);
    }

    /**
     * Addresses, and what carries traffic.
     *
     * @param services the range of those of Services, such as {@code 10.96.0.0/12}; empty until the
     *     first start has chosen one
     * @param pods the range of those of pods, such as {@code 10.244.0.0/16}; the same
     * @param pool those of load balancers, see {@code AddressPool}; empty for the nodes' own
     * @param ingressProxy what answers Ingresses, see {@code ProxyKind}
     * @param serviceProxy what leads to Services, see {@code PlaneKind}
     */
    public record Network(
            Optional<String> services,
            Optional<String> pods,
            Optional<String> pool,
            String ingressProxy,
            String serviceProxy) {
        /** What is taken where nobody says. */
        public static final Network DEFAULT =
                new Network(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ProxyKind.IN_PROCESS.text(),
                        PlaneKind.AUTO.text());

        /**
         * The range of the addresses of pods.
         *
         * @throws IllegalArgumentException if what was said is none
         */
        PodRanges podRanges() {
            return pods.map(PodRanges::parse).orElse(PodRanges.DEFAULT);
        }

        /**
         * Holds the ranges that a cluster that exists is to be started with against those that it
         * was made with.
         *
         * @throws IllegalArgumentException if they are others; the message says what to do
         */
        public void keep(Network made) {
            made.services.ifPresent(range ->
                    same(
                            "Services",
                            "--service-cidr",
                            range,
                            services.map(ServiceRanges::parse)
                                    .map(ServiceRanges::cidr)
                                    .orElse(range)));
            made.pods.ifPresent(range ->
                    same(
                            "pods",
                            "--pod-cidr",
                            range,
                            pods.map(PodRanges::parse).map(PodRanges::cidr).orElse(range)));
        }

        static void same(String whose, String option, String made, String asked) {
            if (!made.equals(asked)) {
                throw new IllegalArgumentException(
                        "expected the range of the addresses of "
                                + whose
                                + " that this cluster was made with, "
                                + made
                                + ", found "
                                + asked
                                + ": it stays for the cluster's life; start with "
                                + option
                                + "="
                                + made
                                + ", or with another profile (-p)");
            }
        }

        /** The same with the ranges of a first start. */
        Network withRanges(ServiceRanges ofServices, PodRanges ofPods) {
            return new Network(
                    Optional.of(ofServices.cidr()),
                    Optional.of(ofPods.cidr()),
                    pool,
                    ingressProxy,
                    serviceProxy);
        }
    }

    /** The same with other addresses. */
    public Settings withNetwork(Network other) {
        return new Settings(
                runtime,
                port,
                seed,
                demo,
                follow,
                allowPlainSecrets,
                writes,
                oidc,
                listen,
                registries,
                memoryBytes,
                seedAuthor,
                other);
    }

    /** The port of the Kubernetes API. */
    public static final int DEFAULT_PORT = 6443;

    public static final Settings DEFAULT =
            new Settings(
                    "auto",
                    0,
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    false,
                    WriteMode.COMMIT,
                    Optional.empty(),
                    LOOPBACK);

    /**
     * An OpenID Connect issuer.
     *
     * @param issuer its URL, https
     * @param clientId whom its tokens must be meant for
     * @param usernameClaim the claim with the user name
     * @param usernamePrefix what is put before each user name
     * @param groupsClaim the claim with the groups; empty for none
     * @param groupsPrefix what is put before each group
     * @param caFile PEM certificates of those who may speak for the issuer; empty for the JDK's own
     */
    public record Oidc(
            String issuer,
            String clientId,
            String usernameClaim,
            String usernamePrefix,
            String groupsClaim,
            String groupsPrefix,
            Optional<String> caFile) {}

    /**
     * An external repository.
     *
     * @param path the folder in it; empty for all
     * @param pollSeconds how often the branch is looked at
     * @param tokenFile a file with a token for http(s)
     * @param sshKey a private key for ssh
     * @param knownHosts the hosts that ssh may talk to; by default {@code ~/.ssh/known_hosts}
     * @param webhookSecretFile a file with the secret that webhooks are signed with; no webhooks
     *     without
     */
    public record Follow(
            String url,
            String branch,
            String path,
            int pollSeconds,
            Optional<String> tokenFile,
            Optional<String> sshKey,
            Optional<String> knownHosts,
            Optional<String> webhookSecretFile) {}

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
                                            text(follow, "tokenFile"),
                                            text(follow, "sshKey"),
                                            text(follow, "knownHosts"),
                                            text(follow, "webhookSecretFile")))
                            : Optional.empty(),
                    node.path("allowPlainSecrets").asBoolean(),
                    writes(node.path("writes").asText("")),
                    oidc(node.path("oidc")),
                    node.path("listen").asText(LOOPBACK),
                    registries(node.path("registries")),
                    node.path("memoryBytes").isIntegralNumber()
                            ? OptionalLong.of(node.path("memoryBytes").asLong())
                            : OptionalLong.empty(),
                    author(node.path("seedAuthor")),
                    network(node.path("network")));
        } catch (NoSuchFileException _) {
            return DEFAULT;
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

    /**
     * The same with what is said of registries; an empty text takes back what was said before.
     *
     * @throws IllegalArgumentException if something is no registry
     */
    public Settings withRegistries(
            Optional<List<String>> mirrors,
            Optional<List<String>> insecure,
            Optional<String> repository) {
        return new Settings(
                runtime,
                port,
                seed,
                demo,
                follow,
                allowPlainSecrets,
                writes,
                oidc,
                listen,
                new Registries(
                        mirrors.map(Settings::said).orElse(registries.mirrors()),
                        insecure.map(Settings::said).orElse(registries.insecure()),
                        repository
                                .map(place -> Optional.of(place).filter(text -> !text.isEmpty()))
                                .orElse(registries.repository())),
                memoryBytes,
                seedAuthor,
                network);
    }

    /** The same with a limit to what the node's pods may ask for together. */
    public Settings withMemory(OptionalLong bytes) {
        return new Settings(
                runtime,
                port,
                seed,
                demo,
                follow,
                allowPlainSecrets,
                writes,
                oidc,
                listen,
                registries,
                bytes,
                seedAuthor,
                network);
    }

    /** The same as the demo, whose repository begins with the manifests of a folder. */
    public Settings asDemo(String manifests, Optional<Author> author) {
        return new Settings(
                runtime,
                port,
                Optional.of(manifests),
                true,
                follow,
                allowPlainSecrets,
                writes,
                oidc,
                listen,
                registries,
                memoryBytes,
                author,
                network);
    }

    private static List<String> said(List<String> values) {
        return values.stream().filter(value -> !value.isEmpty()).toList();
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
    public void write(Path file) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("runtime", runtime);
        node.put("port", port);
        node.put("listen", listen);
        seed.ifPresent(folder -> node.put("seed", folder));
        seedAuthor.ifPresent(author ->
                node.putObject("seedAuthor")
                        .put("name", author.name())
                        .put("email", author.email()));
        node.put("demo", demo);
        node.put("allowPlainSecrets", allowPlainSecrets);
        node.put("writes", writes.name().toLowerCase(Locale.ROOT));
        follow.ifPresent(f -> {
            ObjectNode followed =
                    node.putObject("follow")
                            .put("url", f.url())
                            .put("branch", f.branch())
                            .put("path", f.path())
                            .put("pollSeconds", f.pollSeconds());
            f.tokenFile().ifPresent(value -> followed.put("tokenFile", value));
            f.sshKey().ifPresent(value -> followed.put("sshKey", value));
            f.knownHosts().ifPresent(value -> followed.put("knownHosts", value));
            f.webhookSecretFile().ifPresent(value -> followed.put("webhookSecretFile", value));
        });
        oidc.ifPresent(o -> {
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
        if (!registries.equals(Registries.NONE)) {
            ObjectNode fetched = node.putObject("registries");
            registries.mirrors().forEach(fetched.putArray("mirrors")::add);
            registries.insecure().forEach(fetched.putArray("insecure")::add);
            registries.repository().ifPresent(value -> fetched.put("repository", value));
        }
        memoryBytes.ifPresent(bytes -> node.put("memoryBytes", bytes));
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
        return name.isEmpty() ? DEFAULT.writes() : WriteMode.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static Optional<String> text(JsonNode node, String name) {
        return node.path(name).isTextual()
                ? Optional.of(node.path(name).asText())
                : Optional.empty();
    }
}
