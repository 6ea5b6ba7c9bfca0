package dev.shiplog.boot;

import dev.shiplog.node.image.Registries;
import dev.shiplog.node.network.ingress.ProxyKind;
import dev.shiplog.node.network.plane.PlaneKind;
import dev.shiplog.resource.PodRanges;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.source.Author;
import dev.shiplog.source.WriteMode;

import java.util.List;
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
        public void checkRanges(Network made) {
            made.services.ifPresent(range ->
                    checkSame(
                            "Services",
                            "--service-cidr",
                            range,
                            services.map(ServiceRanges::parse)
                                    .map(ServiceRanges::cidr)
                                    .orElse(range)));
            made.pods.ifPresent(range ->
                    checkSame(
                            "pods",
                            "--pod-cidr",
                            range,
                            pods.map(PodRanges::parse).map(PodRanges::cidr).orElse(range)));
        }

        static void checkSame(String whose, String option, String made, String asked) {
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

    /** The port of the Kubernetes API. */
    public static final int DEFAULT_PORT = 6443;

    /** What holds where nobody says. */
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
                    LOOPBACK,
                    Registries.NONE,
                    OptionalLong.empty(),
                    Optional.empty(),
                    Network.DEFAULT);

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
     * @param caFile PEM certificates that a server over https is verified by; empty for the JDK's
     *     own
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
            Optional<String> caFile,
            Optional<String> tokenFile,
            Optional<String> sshKey,
            Optional<String> knownHosts,
            Optional<String> webhookSecretFile) {}

    /**
     * The same with what is said of registries; an empty text takes back what was said before.
     *
     * @throws IllegalArgumentException if something is no registry
     */
    public Settings withRegistries(
            Optional<List<String>> mirrors,
            Optional<List<String>> insecure,
            Optional<String> repository) {
        return change().registries(
                        new Registries(
                                mirrors.map(Settings::said).orElse(registries.mirrors()),
                                insecure.map(Settings::said).orElse(registries.insecure()),
                                repository
                                        .map(place ->
                                                Optional.of(place).filter(text -> !text.isEmpty()))
                                        .orElse(registries.repository())))
                .build();
    }

    /** The same as the demo, whose repository begins with the manifests of a folder. */
    public Settings asDemo(String manifests, Optional<Author> author) {
        return change().seed(Optional.of(manifests)).demo(true).seedAuthor(author).build();
    }

    /** The same with other addresses. */
    public Settings withNetwork(Network other) {
        return change().network(other).build();
    }

    private static List<String> said(List<String> values) {
        return values.stream().filter(value -> !value.isEmpty()).toList();
    }

    /** Begins a change: what is not said stays as it is here. */
    public Change change() {
        return new Change(this);
    }

    /** Settings that differ from others in what was said. */
    public static final class Change {
        private String runtime;
        private int port;
        private Optional<String> seed;
        private boolean demo;
        private Optional<Follow> follow;
        private boolean allowPlainSecrets;
        private WriteMode writes;
        private Optional<Oidc> oidc;
        private String listen;
        private Registries registries;
        private OptionalLong memoryBytes;
        private Optional<Author> seedAuthor;
        private Network network;

        private Change(Settings from) {
            runtime = from.runtime;
            port = from.port;
            seed = from.seed;
            demo = from.demo;
            follow = from.follow;
            allowPlainSecrets = from.allowPlainSecrets;
            writes = from.writes;
            oidc = from.oidc;
            listen = from.listen;
            registries = from.registries;
            memoryBytes = from.memoryBytes;
            seedAuthor = from.seedAuthor;
            network = from.network;
        }

        public Change runtime(String value) {
            runtime = value;
            return this;
        }

        public Change port(int value) {
            port = value;
            return this;
        }

        public Change seed(Optional<String> value) {
            seed = value;
            return this;
        }

        public Change demo(boolean value) {
            demo = value;
            return this;
        }

        public Change follow(Optional<Follow> value) {
            follow = value;
            return this;
        }

        public Change allowPlainSecrets(boolean value) {
            allowPlainSecrets = value;
            return this;
        }

        public Change writes(WriteMode value) {
            writes = value;
            return this;
        }

        public Change oidc(Optional<Oidc> value) {
            oidc = value;
            return this;
        }

        public Change listen(String value) {
            listen = value;
            return this;
        }

        public Change registries(Registries value) {
            registries = value;
            return this;
        }

        public Change memoryBytes(OptionalLong value) {
            memoryBytes = value;
            return this;
        }

        public Change seedAuthor(Optional<Author> value) {
            seedAuthor = value;
            return this;
        }

        public Change network(Network value) {
            network = value;
            return this;
        }

        public Settings build() {
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
                    network);
        }
    }
}
