package dev.shiplog.node.runtime;

import java.util.List;

/**
 * By which names a pod knows itself and others: what its {@code /etc/hosts} and {@code
 * /etc/resolv.conf} say.
 *
 * @param hostname its own, without a domain
 * @param domain the domain of its own name, {@code subdomain.namespace.svc.cluster.local}; empty
 *     for none
 * @param resolver where other names are looked up
 * @param aliases names that it alone knows
 */
public record SandboxNames(
        String hostname, String domain, ResolvConf resolver, List<HostAlias> aliases) {
    public SandboxNames {
        aliases = List.copyOf(aliases);
    }

    /** Names of an address. */
    public record HostAlias(String ip, List<String> hostnames) {
        public HostAlias {
            hostnames = List.copyOf(hostnames);
        }
    }

    /** Those of a pod that knows nobody but itself. */
    public static SandboxNames of(String hostname) {
        return new SandboxNames(hostname, "", ResolvConf.EMPTY, List.of());
    }

    /**
     * The text of {@code /etc/hosts} of a pod with a network of its own, as Kubernetes writes it.
     *
     * @param ip the pod's address
     */
    public String hosts(String ip) {
        String own = domain.isEmpty() ? hostname : hostname + "." + domain + "\t" + hostname;
        return """
               # Kubernetes-managed hosts file.
               127.0.0.1\tlocalhost
               ::1\tlocalhost ip6-localhost ip6-loopback
               fe00::0\tip6-localnet
               fe00::0\tip6-mcastprefix
               fe00::1\tip6-allnodes
               fe00::2\tip6-allrouters
               """
                + ip
                + "\t"
                + own
                + "\n"
                + ownAliases();
    }

    /**
     * The text of {@code /etc/hosts} of a pod that uses the machine's network.
     *
     * @param machine what the machine's says
     */
    public String hostsOfMachine(String machine) {
        return "# Kubernetes-managed hosts file (host network).\n" + machine + ownAliases();
    }

    private String ownAliases() {
        if (aliases.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\n# Entries added by HostAliases.\n");
        for (HostAlias alias : aliases) {
            text.append(alias.ip())
                    .append('\t')
                    .append(String.join("\t", alias.hostnames()))
                    .append('\n');
        }
        return text.toString();
    }
}
