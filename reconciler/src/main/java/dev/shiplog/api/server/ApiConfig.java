package dev.shiplog.api.server;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.Route;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.stream.Streams;
import dev.shiplog.api.tls.AdminToken;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.GitService;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an API server needs.
 *
 * @param bind the address to listen on
 * @param port 0 to have a free one chosen
 * @param token what else than a client certificate makes somebody {@code admin}
 * @param streams what exec, attach, port-forward, metrics and proxies need
 * @param declarations who makes commits of writes
 * @param git served under {@code /git/}, if there is any
 * @param routes further handlers, for those who are known; the first that fits answers
 * @param clock what ages and deadlines are counted by
 * @param secrets opens Secrets for those who may read them, and seals what they write
 * @param beside what is served and not in the log
 * @param writeStall how long a reader may leave a reply unread before it is cut off
 * @param access what else there is to know of who may do what
 */
public record ApiConfig(
        Ledger ledger,
        InetAddress bind,
        int port,
        TlsFiles tls,
        Optional<AdminToken> token,
        Authorizer authorizer,
        PodLogs logs,
        Streams streams,
        Declarations declarations,
        Optional<GitService> git,
        List<Route> routes,
        Supplier<Instant> clock,
        SecretDocuments secrets,
        BesideStore beside,
        Duration writeStall,
        AccessConfig access) {
    /** A reader that takes nothing for so long has stopped reading. */
    public static final Duration WRITE_STALL = Duration.ofSeconds(30);

    public ApiConfig {
        routes = List.copyOf(routes);
    }

    public ApiConfig(
            Ledger ledger,
            InetAddress bind,
            int port,
            TlsFiles tls,
            Optional<AdminToken> token,
            Authorizer authorizer,
            PodLogs logs,
            Streams streams,
            Declarations declarations,
            Optional<GitService> git,
            List<Route> routes,
            Supplier<Instant> clock,
            SecretDocuments secrets,
            BesideStore beside,
            Duration writeStall) {
        this(
                ledger,
                bind,
                port,
                tls,
                token,
                authorizer,
                logs,
                streams,
                declarations,
                git,
                routes,
                clock,
                secrets,
                beside,
                writeStall,
                AccessConfig.NONE);
    }
}
