package dev.shiplog.node.network.ingress;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which Service a request is for. Immutable and pure.
 *
 * <p>A host that is named goes before one of a wildcard, and that before rules for all hosts; then
 * an exact path before a prefix, a longer prefix before a shorter one; of two that say the same,
 * the older Ingress is right. What no path takes is the default backend's.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/ingress/">Ingress</a>
 */
final class Routes {
    /** Where nothing leads anywhere. */
    static final Routes NONE = new Routes(new TreeMap<>(), Optional.empty());

    /** Under which rules for all hosts stand. */
    static final String ANY_HOST = "";

    private final Map<String, Host> hosts;
    private final Optional<Target> otherwise;

    private Routes(Map<String, Host> hosts, Optional<Target> otherwise) {
        this.hosts = hosts;
        this.otherwise = otherwise;
    }

    /**
     * @param paths the first that takes a path is right
     */
    record Host(List<Rule> paths, Optional<Target> otherwise) {}

    /**
     * @param path without a slash at its end, if it is a prefix
     */
    record Rule(boolean exact, String path, Target target) {
        private static final Comparator<Rule> ORDER =
                Comparator.comparing(Rule::exact)
                        .reversed()
                        .thenComparing(rule -> rule.path().length(), Comparator.reverseOrder());

        boolean takes(String asked) {
            if (exact) {
                return asked.equals(path);
            }
            return asked.startsWith(path)
                    && (asked.length() == path.length() || asked.charAt(path.length()) == '/');
        }
    }

    /** What these Ingresses say together. */
    static Routes of(Collection<Resource> ingresses) {
        List<Resource> byAge =
                ingresses.stream()
                        .sorted(
                                Comparator.comparing(
                                                (Resource ingress) -> ingress.metadata().created())
                                        .thenComparing(Resource::key))
                        .toList();
        Map<String, List<Rule>> rules = new TreeMap<>();
        Map<String, Target> defaults = new TreeMap<>();
        Optional<Target> otherwise = Optional.empty();
        for (Resource ingress : byAge) {
            JsonNode spec = ingress.body().toNode().path("spec");
            Optional<Target> own = target(ingress, spec.path("defaultBackend"));
            for (JsonNode rule : spec.path("rules")) {
                String host = rule.path("host").asText();
                own.ifPresent(target -> defaults.putIfAbsent(host, target));
                List<Rule> ofHost = rules.computeIfAbsent(host, _ -> new ArrayList<>());
                for (JsonNode path : rule.path("http").path("paths")) {
                    target(ingress, path.path("backend"))
                            .ifPresent(target -> ofHost.add(rule(path, target)));
                }
            }
            if (otherwise.isEmpty()) {
                otherwise = own;
            }
        }
        Map<String, Host> hosts = new TreeMap<>();
        rules.forEach((host, paths) ->
                hosts.put(
                        host,
                        new Host(
                                paths.stream().sorted(Rule.ORDER).toList(),
                                Optional.ofNullable(defaults.get(host)))));
        return new Routes(hosts, otherwise);
    }

    /** What an implementation may decide is a prefix here, as with most. */
    private static Rule rule(JsonNode path, Target target) {
        String value = path.path("path").asText();
        return path.path("pathType").asText().equals("Exact")
                ? new Rule(true, value, target)
                : new Rule(
                        false,
                        value.endsWith("/") ? value.substring(0, value.length() - 1) : value,
                        target);
    }

    private static Optional<Target> target(Resource ingress, JsonNode backend) {
        JsonNode service = backend.path("service");
        if (!service.isObject()) {
            return Optional.empty();
        }
        JsonNode port = service.path("port");
        return Optional.of(
                new Target(
                        ingress.key().namespace(),
                        service.path("name").asText(),
                        port.has("name")
                                ? port.path("name").asText()
                                : port.path("number").asText()));
    }

    /**
     * @param host in lower case, without a port
     * @param path as it is after dots are resolved
     */
    Optional<Target> find(String host, String path) {
        Host of = hosts.get(host);
        if (of == null) {
            // A wildcard stands for one label.
            int dot = host.indexOf('.');
            of = dot < 0 ? null : hosts.get("*" + host.substring(dot));
        }
        if (of == null) {
            of = hosts.get(ANY_HOST);
        }
        if (of == null) {
            return otherwise;
        }
        for (Rule rule : of.paths()) {
            if (rule.takes(path)) {
                return Optional.of(rule.target());
            }
        }
        return of.otherwise().or(() -> otherwise);
    }

    /** What is said of each host, {@code *.example} and {@link #ANY_HOST} among them. */
    Map<String, Host> hosts() {
        return Collections.unmodifiableMap(hosts);
    }

    /** Where everything else goes. */
    Optional<Target> otherwise() {
        return otherwise;
    }

    /** Every Service's port that something leads to. */
    Set<Target> targets() {
        Set<Target> targets = new LinkedHashSet<>();
        otherwise.ifPresent(targets::add);
        for (Host host : hosts.values()) {
            host.otherwise().ifPresent(targets::add);
            host.paths().forEach(rule -> targets.add(rule.target()));
        }
        return targets;
    }
}
