package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ResolvConf;
import dev.shiplog.node.runtime.SandboxNames;
import dev.shiplog.node.runtime.SandboxNames.HostAlias;

import io.fabric8.kubernetes.api.model.PodDNSConfig;
import io.fabric8.kubernetes.api.model.PodDNSConfigOption;
import io.fabric8.kubernetes.api.model.PodSpec;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * By which names a pod knows itself and others. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for
 *     Services and Pods</a>
 */
final class PodNames {
    private static final String DOMAIN = "cluster.local";

    /** What Linux allows in one label. */
    private static final int LONGEST_HOSTNAME = 63;

    /** What Linux allows in {@code uname -n}. */
    private static final int LONGEST_KERNEL_NAME = 64;

    /** Servers that resolvers ask at most. */
    private static final int MOST_SERVERS = 3;

    /** Domains that a name is tried in at most, and characters of all of them with blanks. */
    private static final int MOST_SEARCHES = 32;

    private static final int LONGEST_SEARCH_LINE = 2048;

    private final PodTask task;
    private final PodSpec spec;
    private final NodeFacts node;
    private final List<PodNote> notes = new ArrayList<>();

    private PodNames(PodTask task, NodeFacts node) {
        this.task = task;
        this.spec = task.pod().getSpec();
        this.node = node;
    }

    /**
     * @param notes what is not as it was asked for
     */
    record Decided(SandboxNames names, List<PodNote> notes) {
        Decided {
            notes = List.copyOf(notes);
        }
    }

    static Decided of(PodTask task, NodeFacts node) {
        PodNames names = new PodNames(task, node);
        return new Decided(
                new SandboxNames(
                        hostname(task, node),
                        domain(task),
                        names.resolver(),
                        names.aliases()),
                names.notes);
    }

    /** The pod's own name, without its domain; the machine's with its network. */
    static String hostname(PodTask task, NodeFacts node) {
        if (Specs.hostNetwork(task)) {
            return node.node().value();
        }
        String asked = task.pod().getSpec().getHostname();
        String name = asked == null || asked.isEmpty() ? task.document().key().name() : asked;
        if (name.length() <= LONGEST_HOSTNAME) {
            return name;
        }
        int end = LONGEST_HOSTNAME;
        while (end > 1 && (name.charAt(end - 1) == '-' || name.charAt(end - 1) == '.')) {
            end--;
        }
        return name.substring(0, end);
    }

    /**
     * What the kernel says the machine is called.
     *
     * @throws ConfigError if that is longer than the kernel takes
     */
    static String kernelName(PodTask task, NodeFacts node) throws ConfigError {
        String hostname = hostname(task, node);
        String domain = domain(task);
        boolean whole = Boolean.TRUE.equals(task.pod().getSpec().getSetHostnameAsFQDN());
        if (!whole || domain.isEmpty() || Specs.hostNetwork(task)) {
            return hostname;
        }
        String name = hostname + "." + domain;
        if (name.length() > LONGEST_KERNEL_NAME) {
            throw new ConfigError(
                    "Failed to construct FQDN from pod hostname and cluster domain, FQDN "
                            + name
                            + " is too long ("
                            + LONGEST_KERNEL_NAME
                            + " characters is the max, "
                            + name.length()
                            + " characters requested)");
        }
        return name;
    }

    private static String domain(PodTask task) {
        String subdomain = task.pod().getSpec().getSubdomain();
        return subdomain == null || subdomain.isEmpty()
                ? ""
                : subdomain + "." + task.document().key().namespace() + ".svc." + DOMAIN;
    }

    private List<HostAlias> aliases() {
        return spec.getHostAliases().stream()
                .filter(alias -> alias.getIp() != null)
                .map(alias -> new HostAlias(alias.getIp(), alias.getHostnames()))
                .toList();
    }

    private ResolvConf resolver() {
        String policy = spec.getDnsPolicy() == null ? "ClusterFirst" : spec.getDnsPolicy();
        ResolvConf base =
                switch (policy) {
                    case "None" -> ResolvConf.EMPTY;
                    case "Default" -> node.names().machine();
                    case "ClusterFirstWithHostNet" -> cluster(policy);
                    default ->
                            Specs.hostNetwork(task) ? node.names().machine() : cluster(policy);
                };
        return limited(asked(base, spec.getDnsConfig()));
    }

    private ResolvConf cluster(String policy) {
        ResolvConf machine = node.names().machine();
        if (node.names().servers().isEmpty()) {
            notes.add(
                    PodNote.warning(
                            "MissingClusterDNS",
                            "pod: \""
                                    + task.label()
                                    + "\". kubelet does not have ClusterDNS IP configured and"
                                    + " cannot create Pod using \""
                                    + policy
                                    + "\" policy. Falling back to \"Default\" policy."));
            return machine;
        }
        SequencedSet<String> searches = new LinkedHashSet<>();
        searches.add(task.document().key().namespace() + ".svc." + DOMAIN);
        searches.add("svc." + DOMAIN);
        searches.add(DOMAIN);
        searches.addAll(machine.searches());
        return new ResolvConf(
                node.names().servers(), List.copyOf(searches), List.of("ndots:5"));
    }

    /** With what the pod adds; an option of the same name replaces the one before. */
    private static ResolvConf asked(ResolvConf base, @Nullable PodDNSConfig config) {
        if (config == null) {
            return base;
        }
        SequencedSet<String> servers = new LinkedHashSet<>(base.nameservers());
        servers.addAll(config.getNameservers());
        SequencedSet<String> searches = new LinkedHashSet<>(base.searches());
        searches.addAll(config.getSearches());
        Map<String, String> options = new LinkedHashMap<>();
        base.options().forEach(option -> options.put(option.split(":", 2)[0], option));
        for (PodDNSConfigOption option : config.getOptions()) {
            String value = option.getValue();
            options.put(
                    option.getName(),
                    value == null || value.isEmpty()
                            ? option.getName()
                            : option.getName() + ":" + value);
        }
        return new ResolvConf(
                List.copyOf(servers), List.copyOf(searches), List.copyOf(options.values()));
    }

    private ResolvConf limited(ResolvConf wished) {
        List<String> servers = wished.nameservers();
        if (servers.size() > MOST_SERVERS) {
            servers = servers.subList(0, MOST_SERVERS);
            notes.add(
                    PodNote.warning(
                            "DNSConfigForming",
                            "Nameserver limits were exceeded, some nameservers have been omitted,"
                                    + " the applied nameserver line is: "
                                    + String.join(" ", servers)));
        }
        List<String> searches = fitting(wished.searches());
        if (searches.size() < wished.searches().size()) {
            notes.add(
                    PodNote.warning(
                            "DNSConfigForming",
                            "Search Line limits were exceeded, some search paths have been"
                                    + " omitted, the applied search line is: "
                                    + String.join(" ", searches)));
        }
        return new ResolvConf(servers, searches, wished.options());
    }

    private static List<String> fitting(List<String> searches) {
        List<String> fitting = new ArrayList<>();
        int length = 0;
        for (String search : searches) {
            length += search.length() + (fitting.isEmpty() ? 0 : 1);
            if (fitting.size() == MOST_SEARCHES || length > LONGEST_SEARCH_LINE) {
                break;
            }
            fitting.add(search);
        }
        return fitting;
    }
}
