package dev.shiplog.cli;

import dev.shiplog.boot.Profile;
import dev.shiplog.boot.Settings;
import dev.shiplog.boot.SettingsFile;
import dev.shiplog.source.WriteMode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code start} and {@code demo} can be told. What is not said stays as it was at the last
 * start.
 */
final class StartOptions {
    enum RuntimeChoice {
        AUTO,
        DOCKER,
        PROCESS,
        SIMULATED;

        /** As people write it, and as completion offers it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--runtime",
            paramLabel = "RUNTIME",
            description =
                    "What runs containers: auto (Docker if it answers at the first start, else process), docker, process (no Docker; Linux, root) or simulated.")
    private @Nullable RuntimeChoice runtime;

    @Option(
            names = {"--driver", "--vm-driver"},
            hidden = true,
            converter = Driver.class,
            description = "What minikube calls --runtime.")
    private @Nullable RuntimeChoice driver;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySize.Converter.class,
            description =
                    "How much memory pods may ask for together: 4g, 4096mb, a number of MiB, or max"
                            + " (default: all of this machine's).")
    private @Nullable MemorySize memory;

    @Option(
            names = "--port",
            description =
                    "The port for kubectl and Git (default: "
                            + Settings.DEFAULT_PORT
                            + ", or a free one if that is taken).")
    private @Nullable Integer port;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description =
                    "The address to answer on; 0.0.0.0 for all of this machine's, so that other"
                            + " machines can join (default: 127.0.0.1).")
    private @Nullable String listen;

    @Option(
            names = "--allow-plain-secrets",
            negatable = true,
            description =
                    "Take in Secrets that are not sealed; they are sealed before they reach the log.")
    private @Nullable Boolean allowPlainSecrets;

    @Option(
            names = "--writes",
            paramLabel = "MODE",
            description =
                    "What becomes of a change through kubectl to what Git declares: commit, branch"
                            + " (shiplog/<user>/<id>, to review and merge) or deny (default: commit).")
    private @Nullable WriteMode writes;

    @Mixin private final RegistryOptions registries = new RegistryOptions();

    @Mixin private final ProxyOptions proxies = new ProxyOptions();

    @Option(
            names = "--service-cidr",
            paramLabel = "CIDR",
            description =
                    "The range of the addresses of Services, said at the first start (default:"
                            + " 10.96.0.0/12, or 10.112.0.0/16 and so on if another cluster on this"
                            + " machine has that).")
    private @Nullable String serviceCidr;

    @Option(
            names = "--pod-cidr",
            paramLabel = "CIDR",
            description =
                    "The range of the addresses of pods, a /16 that every node gets a /24 of, said at the"
                            + " first start (default: 10.42.0.0/16, or another if that is not"
                            + " free).")
    private @Nullable String podCidr;

    @Option(
            names = "--load-balancer-pool",
            paramLabel = "CIDR|FIRST-LAST",
            description =
                    "Addresses for Services of type LoadBalancer, which this machine answers for"
                            + " (default: its own).")
    private @Nullable String pool;

    @ArgGroup(exclusive = false)
    private @Nullable FollowOptions follow;

    /** An external repository. */
    static final class FollowOptions {
        @Option(
                names = "--source",
                required = true,
                paramLabel = "URL",
                converter = RepositoryUrl.class,
                description =
                        "Follow this repository (file, http, https or ssh) instead of the cluster's own.")
        private String url = "";

        @Option(
                names = "--branch",
                defaultValue = "main",
                description = "Its branch (default: ${DEFAULT-VALUE}).")
        private String branch = "main";

        @Option(
                names = "--path",
                defaultValue = "",
                description = "The folder in it (default: all of it).")
        private String path = "";

        @Option(
                names = "--poll",
                defaultValue = "15",
                paramLabel = "SECONDS",
                description = "How often to look at the branch (default: ${DEFAULT-VALUE}).")
        private int pollSeconds = 15;

        @Option(
                names = "--source-ca-file",
                converter = ReadableFile.class,
                paramLabel = "FILE",
                description =
                        "PEM certificates that a server over https is verified by (default: those that"
                                + " the JDK trusts).")
        private @Nullable Path caFile;

        @Option(
                names = "--token-file",
                converter = ReadableFile.class,
                paramLabel = "FILE",
                description = "A token for http(s), in a file.")
        private @Nullable Path tokenFile;

        @Option(
                names = "--ssh-key",
                converter = ReadableFile.class,
                paramLabel = "FILE",
                description = "A private key for ssh.")
        private @Nullable Path sshKey;

        @Option(
                names = "--known-hosts",
                paramLabel = "FILE",
                description = "The hosts that ssh may talk to (default: ~/.ssh/known_hosts).")
        private @Nullable Path knownHosts;

        @Option(
                names = "--webhook-secret-file",
                converter = ReadableFile.class,
                paramLabel = "FILE",
                description =
                        "The secret of webhooks, in a file; they are sent to /webhook/cluster.")
        private @Nullable Path webhookSecretFile;

        Settings.Follow settings() {
            return new Settings.Follow(
                    url,
                    branch,
                    path,
                    pollSeconds,
                    absolute(caFile),
                    absolute(tokenFile),
                    absolute(sshKey),
                    absolute(knownHosts),
                    absolute(webhookSecretFile));
        }
    }

    /** The server runs in another folder. */
    private static Optional<String> absolute(@Nullable Path file) {
        return Optional.ofNullable(file).map(Path::toAbsolutePath).map(Path::toString);
    }

    @ArgGroup(exclusive = false)
    private @Nullable OidcOptions oidc;

    /** An OpenID Connect issuer. */
    static final class OidcOptions {
        @Option(
                names = "--oidc-issuer",
                required = true,
                converter = IssuerUrl.class,
                paramLabel = "URL",
                description = "Accept ID tokens of this OpenID Connect issuer (https).")
        private String issuer = "";

        @Option(
                names = "--oidc-client-id",
                required = true,
                paramLabel = "ID",
                description = "The audience that its tokens must be meant for.")
        private String clientId = "";

        @Option(
                names = "--oidc-username-claim",
                defaultValue = "sub",
                paramLabel = "CLAIM",
                description = "The claim with the user name (default: ${DEFAULT-VALUE}).")
        private String usernameClaim = "sub";

        @Option(
                names = "--oidc-username-prefix",
                paramLabel = "PREFIX",
                description =
                        "What is put before each user name; - for nothing (default: the issuer's URL"
                                + " and #, for other claims than email).")
        private @Nullable String usernamePrefix;

        @Option(
                names = "--oidc-groups-claim",
                defaultValue = "",
                paramLabel = "CLAIM",
                description = "The claim with the groups (default: none).")
        private String groupsClaim = "";

        @Option(
                names = "--oidc-groups-prefix",
                defaultValue = "",
                paramLabel = "PREFIX",
                description = "What is put before each group (default: nothing).")
        private String groupsPrefix = "";

        @Option(
                names = "--oidc-ca-file",
                converter = ReadableFile.class,
                paramLabel = "FILE",
                description = "PEM certificates that the issuer is verified by.")
        private @Nullable Path caFile;

        Settings.Oidc settings() {
            String prefix = usernamePrefix;
            if (prefix == null) {
                prefix = usernameClaim.equals("email") ? "" : issuer + "#";
            }
            return new Settings.Oidc(
                    issuer,
                    clientId,
                    usernameClaim,
                    prefix.equals("-") ? "" : prefix,
                    groupsClaim,
                    groupsPrefix,
                    absolute(caFile));
        }
    }

    /**
     * What a start of a cluster goes by: what was said now, else what was said at its last start,
     * else, for a new one, what {@code shiplog config} says.
     */
    Settings settings(Profile profile) throws IOException {
        boolean known = Files.exists(profile.settings());
        Settings before =
                known
                        ? SettingsFile.read(profile.settings())
                        : Config.read(System.getenv()).over(Settings.DEFAULT);
        Settings asked = over(before);
        if (known && profile.exists()) {
            asked.network().checkRanges(before.network());
        }
        return asked;
    }

    Settings over(Settings before) {
        OidcOptions trusted = oidc;
        FollowOptions told = follow;
        RuntimeChoice chosen = runtime == null ? driver : runtime;
        Settings other =
                before.change()
                        .runtime(chosen == null ? before.runtime() : chosen.toString())
                        .port(port == null ? before.port() : port)
                        .listen(listen == null ? before.listen() : listen)
                        .follow(told == null ? before.follow() : Optional.of(told.settings()))
                        .allowPlainSecrets(
                                allowPlainSecrets == null
                                        ? before.allowPlainSecrets()
                                        : allowPlainSecrets)
                        .writes(writes == null ? before.writes() : writes)
                        .oidc(trusted == null ? before.oidc() : Optional.of(trusted.settings()))
                        .memoryBytes(memory == null ? before.memoryBytes() : memory.bytes())
                        .network(network(before.network()))
                        .build();
        return proxies.over(registries.over(other));
    }

    private Settings.Network network(Settings.Network before) {
        return new Settings.Network(
                serviceCidr == null ? before.services() : Optional.of(serviceCidr),
                podCidr == null ? before.pods() : Optional.of(podCidr),
                pool == null ? before.pool() : Optional.of(pool).filter(text -> !text.isEmpty()),
                before.ingressProxy(),
                before.serviceProxy());
    }
}
