package dev.shiplog.resource;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A range of addresses that Services are given, as Kubernetes' API server has one ({@code
 * --service-cluster-ip-range}); and the node ports ({@code --service-node-port-range}). What is
 * given without being asked for comes from the upper band first, so that people can choose from the
 * lower one without a clash (Kubernetes enhancements 3070 and 3668).
 *
 * <p>Clusters on one machine need ranges that do not touch: the machine itself asks Services by
 * their addresses alone.
 *
 * @param network its first address as a number
 * @param prefix how many leading bits are fixed: {@value #SHORTEST} to {@value #LONGEST}
 */
public record ServiceRanges(int network, int prefix) {
    /** A larger range would only cost memory where it is looked through. */
    private static final int SHORTEST = 12;

    /** A smaller one has no place for the two Services that each cluster has, and a few more. */
    private static final int LONGEST = 26;

    private static final String EXAMPLE = "10.96.0.0/12";

    /** What a cluster has that nobody said anything else of, as in kubeadm. */
    public static final ServiceRanges DEFAULT = new ServiceRanges(10 << 24 | 96 << 16, 12);

    public static final int FIRST_NODE_PORT = 30_000;
    public static final int LAST_NODE_PORT = 32_767;

    /** Node ports that are given last: min(max(16, size / 32), 128). */
    public static final int STATIC_NODE_PORTS = 86;

    /** The resource that says a cluster's range. */
    public static final ResourceKey KEY = new ResourceKey(GroupKind.SERVICE_CIDR, "", "kubernetes");

    private static final int API = 1;
    private static final int DNS = 10;

    /** Ranges beside {@link #DEFAULT} that a cluster may choose from: 10.112.0.0/16 and on. */
    private static final int SECOND = 10 << 24 | 112 << 16;

    private static final int SECONDS = 120;

    private static final Pattern CIDR = Pattern.compile("([\\d.]+)/(\\d{1,2})");

    public ServiceRanges {
        if (prefix < SHORTEST || prefix > LONGEST || (network & ~(-1 << (32 - prefix))) != 0) {
            throw new IllegalArgumentException(
                    expectation() + ", found " + Ipv4.text(network) + "/" + prefix);
        }
    }

    private static String expectation() {
        return "expected a range of addresses for Services such as "
                + EXAMPLE
                + ", its prefix between "
                + SHORTEST
                + " and "
                + LONGEST
                + " and the address its first";
    }

    /**
     * Reads {@code 10.96.0.0/12}.
     *
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    public static ServiceRanges parse(String cidr) {
        Matcher matcher = CIDR.matcher(cidr);
        Optional<Integer> first =
                matcher.matches() ? Ipv4.number(matcher.group(1)) : Optional.empty();
        if (first.isEmpty()) {
            throw new IllegalArgumentException(expectation() + ", found " + cidr);
        }
        return new ServiceRanges(first.get(), Integer.parseInt(matcher.group(2)));
    }

    /** What a resource of {@link #KEY} says; the default where it is not there, as in old logs. */
    public static ServiceRanges of(Optional<Resource> resource) {
        return resource.map(found ->
                        parse(found.body().toNode().path("spec").path("cidrs").path(0).asText()))
                .orElse(DEFAULT);
    }

    /** The body of the resource that says this range. */
    public Json body() {
        return Json.parse("{\"spec\":{\"cidrs\":[\"" + cidr() + "\"]}}");
    }

    /** The ranges that a cluster may choose from, the one that it would rather have first. */
    public static List<ServiceRanges> candidates() {
        return Stream.concat(
                        Stream.of(DEFAULT),
                        IntStream.range(0, SECONDS)
                                .mapToObj(i -> new ServiceRanges(SECOND + (i << 16), 16)))
                .toList();
    }

    /** Addresses in the range, the network's own and the broadcast address included. */
    public int addresses() {
        return 1 << (32 - prefix);
    }

    /** Offsets below this one are given last: min(max(16, size / 16), 256). */
    public int staticAddresses() {
        return Math.min(Math.max(16, addresses() / 16), 256);
    }

    /** The address of Service {@code default/kubernetes}: the first of the range. */
    public String apiAddress() {
        return address(API);
    }

    /** The address of Service {@code kube-system/kube-dns}, by which pods ask for names. */
    public String dnsAddress() {
        return address(DNS);
    }

    /** The range as people write it. */
    public String cidr() {
        return Ipv4.text(network) + "/" + prefix;
    }

    /** The address at an offset from the network's own. */
    public String address(int offset) {
        return Ipv4.text(network + offset);
    }

    /** Whether an address may be given to a Service. */
    public boolean contains(String address) {
        Optional<Integer> number = Ipv4.number(address);
        if (number.isEmpty()) {
            return false;
        }
        int offset = number.get() - network;
        return offset > 0 && offset < addresses() - 1;
    }

    /** Whether two ranges have an address in common. */
    public boolean overlaps(ServiceRanges other) {
        int common = -1 << (32 - Math.min(prefix, other.prefix));
        return (network & common) == (other.network & common);
    }
}
