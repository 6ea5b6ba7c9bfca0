package dev.shiplog.node.network.ingress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What HAProxy reads, from what a proxy is to do. Two look-ups find a request's backend, however
 * many rules there are: its host's number, then the number with the path in a map of exact paths or
 * one of prefixes.
 *
 * @see <a href="https://docs.haproxy.org/2.6/configuration.html">HAProxy's configuration</a>
 */
final class HaproxyFiles {
    static final String CONFIG = "haproxy.cfg";
    static final String SOCKET = "admin.sock";

    private static final Logger LOG = LoggerFactory.getLogger(HaproxyFiles.class);
    private static final String HOSTS = "hosts.map";
    private static final String EXACT = "exact.map";
    private static final String PREFIXES = "prefixes.map";
    private static final String CERTIFICATES = "certificates.list";
    private static final String NOWHERE = "nowhere";

    private final Place place;
    private final ProxyConfig config;
    private final SortedMap<String, String> files = new TreeMap<>();

    /**
     * Where it runs.
     *
     * @param folder of the files
     * @param address where it listens
     * @param user as whom it works, once it listens; empty for the one who starts it
     * @param answer how long a pod may take to begin its answer, or be silent in it
     * @param clients connections of clients at a time
     */
    record Place(
            Path folder,
            String address,
            int httpPort,
            int httpsPort,
            Optional<String> user,
            Duration answer,
            int clients) {}

    private HaproxyFiles(Place place, ProxyConfig config) {
        this.place = place;
        this.config = config;
    }

    /** Every file by its name. */
    static SortedMap<String, String> of(Place place, ProxyConfig config) {
        HaproxyFiles made = new HaproxyFiles(place, config);
        boolean forAll = made.certificates();
        Optional<String> anyHost = made.maps();
        made.files.put(CONFIG, made.process() + made.frontend(forAll, anyHost) + made.backends());
        return made.files;
    }

    private String file(String name) {
        return place.folder().resolve(name).toString();
    }

    private String process() {
        return """
        # Written by Shiplog; changes are lost.
        global
            log stdout format raw local0 info
            stats socket %s mode 600 level admin expose-fd listeners
            hard-stop-after %dms
            maxconn %d
            no strict-limits
            nbthread %d
            ssl-default-bind-options ssl-min-ver TLSv1.2
            expose-experimental-directives
        %s
        defaults
            mode http
            log global
            log-format "%%ci %%{+Q}r %%ST %%B %%{+Q}[capture.req.hdr(0)] %%{+Q}[capture.req.hdr(1)] %%{+Q}[capture.req.hdr(2)] %%Ta"
            option dontlognull
            option redispatch 1
            retries %d
            retry-on conn-failure
            timeout connect %dms
            timeout server %dms
            timeout client %dms
            timeout tunnel %dms
            timeout http-request %dms
            timeout http-keep-alive %dms

        resolvers machine
            parse-resolv-conf

        """
                .formatted(
                        file(SOCKET),
                        ProxyLimits.LEAVING.toMillis(),
                        place.clients(),
                        ProxyLimits.THREADS,
                        place.user()
                                .map(user -> "    user " + user + "\n    group " + user + "\n")
                                .orElse(""),
                        ProxyLimits.RETRIES,
                        ProxyLimits.CONNECT.toMillis(),
                        place.answer().toMillis(),
                        ProxyLimits.IDLE.toMillis(),
                        ProxyLimits.IDLE.toMillis(),
                        ProxyLimits.NEXT_REQUEST.toMillis(),
                        ProxyLimits.NEXT_REQUEST.toMillis());
    }

    private String frontend(boolean forAll, Optional<String> anyHost) {
        return """
        frontend outside
            bind %1$s:%2$d
            bind %1$s:%3$d ssl crt-list %4$s alpn h2,http/1.1%5$s
            http-request capture req.hdr(Host) len 256
            http-request capture req.hdr(Referer) len 256
            http-request capture req.hdr(User-Agent) len 256
            http-request normalize-uri percent-decode-unreserved
            http-request normalize-uri path-merge-slashes
            http-request normalize-uri path-strip-dot
            http-request normalize-uri path-strip-dotdot full
            http-request set-var(txn.host) req.hdr(host),host_only,lower
            http-request set-var(txn.name) var(txn.host),map_str(%6$s)
            http-request set-var(txn.name) "var(txn.host),regsub(^[^.]*,*),map_str(%6$s)" unless { var(txn.name) -m found }
        %7$s\
            http-request set-var(txn.path) path,url_dec
            http-request set-var(txn.backend) var(txn.name),concat(,txn.path),map_str(%8$s)
            http-request set-var(txn.backend) var(txn.name),concat(,txn.path,/),map_beg(%9$s) unless { var(txn.backend) -m found }
            http-request set-header X-Forwarded-For %%[src]
            http-request set-header X-Forwarded-Host %%[req.hdr(host)]
            http-request set-header X-Forwarded-Port 80 unless { ssl_fc }
            http-request set-header X-Forwarded-Port 443 if { ssl_fc }
            http-request set-header X-Forwarded-Port %%[req.hdr(host),port_only] if { req.hdr(host),port_only gt 0 }
            http-request set-header X-Forwarded-Server %%[var(txn.host)]
            http-request set-header X-Forwarded-Proto https if { ssl_fc }
            http-request set-header X-Forwarded-Proto http unless { ssl_fc }
            use_backend %%[var(txn.backend)] if { var(txn.backend) -m found }
            default_backend %10$s

        """
                .formatted(
                        place.address(),
                        place.httpPort(),
                        place.httpsPort(),
                        file(CERTIFICATES),
                        forAll ? "" : " strict-sni",
                        file(HOSTS),
                        anyHost.map(name ->
                                        "    http-request set-var(txn.name) str("
                                                + name
                                                + ") unless { var(txn.name) -m found }\n")
                                .orElse(""),
                        file(EXACT),
                        file(PREFIXES),
                        config.routes().otherwise().map(HaproxyFiles::name).orElse(NOWHERE));
    }

    /** Hosts and paths; gives the name of rules for all hosts, if there are some. */
    private Optional<String> maps() {
        StringBuilder hosts = new StringBuilder();
        StringBuilder exact = new StringBuilder();
        StringBuilder prefixes = new StringBuilder();
        Optional<String> anyHost = Optional.empty();
        int number = 0;
        for (Map.Entry<String, Routes.Host> host : config.routes().hosts().entrySet()) {
            String name = "h" + number++;
            if (host.getKey().equals(Routes.ANY_HOST)) {
                anyHost = Optional.of(name);
            } else if (plain(host.getKey())) {
                hosts.append(host.getKey()).append(' ').append(name).append('\n');
            }
            SortedMap<String, Target> ofExact = new TreeMap<>();
            SortedMap<String, Target> ofPrefix = new TreeMap<>();
            // The first that says a path is right.
            for (Routes.Rule rule : host.getValue().paths()) {
                if (plain(rule.path())) {
                    (rule.exact() ? ofExact : ofPrefix).putIfAbsent(rule.path(), rule.target());
                }
            }
            host.getValue().otherwise().ifPresent(target -> ofPrefix.putIfAbsent("", target));
            ofExact.forEach((path, target) -> line(exact, name + path, target));
            ofPrefix.forEach((path, target) -> line(prefixes, name + path + "/", target));
        }
        files.put(HOSTS, hosts.toString());
        files.put(EXACT, exact.toString());
        files.put(PREFIXES, prefixes.toString());
        return anyHost;
    }

    private static void line(StringBuilder map, String key, Target target) {
        map.append(key).append(' ').append(name(target)).append('\n');
    }

    /** A map's key is a word: what is none cannot stand there. */
    private static boolean plain(String word) {
        boolean plain = word.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
        if (!plain) {
            LOG.warn("HAProxy cannot tell a host or path with spaces from others: \"{}\"", word);
        }
        return plain;
    }

    /** A backend's name: letters of it are none of the words that it is made of. */
    private static String name(Target target) {
        return target.namespace() + "_" + target.service() + "_" + target.port();
    }

    private String backends() {
        StringBuilder text = new StringBuilder();
        config.addresses()
                .forEach((target, addresses) -> {
                    text.append("backend ").append(name(target)).append('\n');
                    if (addresses.isEmpty()) {
                        text.append(answer(503, "no pod is ready behind this name"));
                    }
                    servers(text, addresses);
                    text.append('\n');
                });
        return text.append("backend ")
                .append(NOWHERE)
                .append('\n')
                .append(answer(404, "no Ingress has a rule for this"))
                .toString();
    }

    private static void servers(StringBuilder text, List<Followed.Address> addresses) {
        int number = 0;
        for (Followed.Address address : addresses) {
            if (!plain(address.host())) {
                continue;
            }
            text.append("    server s")
                    .append(number++)
                    .append(' ')
                    .append(address.host())
                    .append(':')
                    .append(address.port())
                    // A name that nobody knows yet is no reason to refuse all the rest.
                    .append(" resolvers machine init-addr libc,none\n");
        }
    }

    private static String answer(int status, String text) {
        return "    http-request return status %d content-type \"text/plain; charset=utf-8\" lf-string \"%d: %s\\n\"\n"
                .formatted(status, status, text);
    }

    /** Certificates and which are whose; gives whether one is for whoever names no host. */
    private boolean certificates() {
        StringBuilder list = new StringBuilder();
        boolean forAll = false;
        int number = 0;
        // The one for all others is first by its name, and the first is shown to them.
        for (Map.Entry<String, Followed.KeyPair> one :
                new TreeMap<>(config.certificates()).entrySet()) {
            String file = "certificate-" + number++ + ".pem";
            try {
                files.put(file, Pem.pair(one.getValue()).text());
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                LOG.warn(
                        "the certificate for {} cannot be used: {}",
                        one.getKey().isEmpty() ? "all other hosts" : one.getKey(),
                        e.getMessage());
                continue;
            }
            forAll |= one.getKey().isEmpty();
            list.append(file(file)).append(' ').append(one.getKey()).append('\n');
        }
        files.put(CERTIFICATES, list.toString());
        return forAll;
    }
}
