package dev.shiplog.resource;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The range of addresses of a cluster's pods, and the ranges that its nodes are given: each one
 * 256th of it, as Kubernetes' {@code --cluster-cidr} and {@code --node-cidr-mask-size} do. So a
 * node's range says the cluster's.
 *
 * @param network its first address as a number
 */
public record PodRanges(int network) {
    /** How many leading bits of a cluster's range are fixed. */
    public static final int PREFIX = 16;

    /** How many nodes can be given a range. */
    public static final int COUNT = 256;

    /** What a cluster has that nobody said anything else of, as in k3s. */
    public static final PodRanges DEFAULT = new PodRanges(10 << 24 | 42 << 16);

    /** On {@link ServiceRanges#KEY}, where a cluster has another range than the default. */
    public static final String ANNOTATION = "shiplog.dev/pod-cidr";

    private static final String EXAMPLE = "10.42.0.0/16";

    private static final Pattern RANGE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})/(\\d{1,2})");

    public PodRanges {
        if ((network & 0xffff) != 0) {
            throw new IllegalArgumentException(expectation() + ", found " + Ipv4.text(network));
        }
    }

    private static String expectation() {
        return "expected a range of addresses for pods such as "
                + EXAMPLE
                + ", its prefix "
                + PREFIX
                + " and the address its first";
    }

    /**
     * Reads {@code 10.42.0.0/16}.
     *
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    public static PodRanges parse(String cidr) {
        Matcher matcher = RANGE.matcher(cidr);
        Optional<Integer> first =
                matcher.matches() ? Ipv4.number(matcher.group(1)) : Optional.empty();
        if (first.isEmpty() || !matcher.group(2).equals(Integer.toString(PREFIX))) {
            throw new IllegalArgumentException(expectation() + ", found " + cidr);
        }
        return new PodRanges(first.get());
    }

    /** The range of a cluster, by its {@link ServiceRanges#KEY}. */
    public static PodRanges of(Optional<Resource> said) {
        return said.map(resource -> resource.metadata().annotations().get(ANNOTATION))
                .map(PodRanges::parse)
                .orElse(DEFAULT);
    }

    /** Those that a cluster may choose from when the default is taken, the default first. */
    public static List<PodRanges> candidates() {
        return Stream.of(EXAMPLE, "10.244.0.0/16", "10.52.0.0/16", "172.28.0.0/16", "172.29.0.0/16")
                .map(PodRanges::parse)
                .toList();
    }

    public String cidr() {
        return Ipv4.text(network) + "/" + PREFIX;
    }

    /**
     * A node's range.
     *
     * @param index from 0
     */
    public String range(int index) {
        return Ipv4.text(network | index << 8) + "/24";
    }

    /** Whether a text is a range of the size of a node's, and within this. */
    public boolean holds(String range) {
        Matcher matcher = RANGE.matcher(range);
        OptionalInt first =
                matcher.matches()
                        ? Ipv4.number(matcher.group(1)).stream()
                                .mapToInt(Integer::intValue)
                                .findFirst()
                        : OptionalInt.empty();
        return first.isPresent() && (first.getAsInt() & 0xffff0000) == network;
    }

    /** Whether it touches the range of the addresses of Services. */
    public boolean overlaps(ServiceRanges services) {
        int common = -1 << (32 - Math.min(PREFIX, services.prefix()));
        return (network & common) == (services.network() & common);
    }

    /** Whether a text looks like a range of IPv4 addresses. */
    public static boolean isRange(String text) {
        return RANGE.matcher(text).matches();
    }
}
