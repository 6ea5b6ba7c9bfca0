package dev.shiplog.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The addresses that Services of type LoadBalancer are given, instead of the nodes' own. The
 * cluster keeps its text in the ConfigMap {@link #KEY} under {@value #MEMBER}.
 *
 * @param ranges in the order in which they are given away
 */
public record AddressPool(List<Range> ranges) {
    /** Where the pool is said. */
    public static final ResourceKey KEY =
            new ResourceKey(GroupKind.CONFIG_MAP, "kube-system", "load-balancer-pool");

    public static final String MEMBER = "pool";

    /** Addresses in one range; more would only be looked through. */
    private static final int MOST = 65_536;

    /** Below this prefix, the first and the last address of a range are its own. */
    private static final int WHOLE = 31;

    public AddressPool {
        ranges = List.copyOf(ranges);
    }

    /**
     * Addresses from one to another, both included, as numbers.
     *
     * @param count how many, at least 1
     */
    public record Range(int first, int count) {
        Stream<String> addresses() {
            return IntStream.range(0, count).mapToObj(i -> Ipv4.text(first + i));
        }
    }

    /**
     * Reads {@code 192.0.2.240/28}, {@code 192.0.2.10-192.0.2.20}, or several of them with commas
     * between.
     *
     * @throws IllegalArgumentException if it is none; the message says what is expected
     */
    public static AddressPool parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part.strip()));
        }
        return new AddressPool(ranges);
    }

    private static Range range(String part) {
        int slash = part.indexOf('/');
        int dash = part.indexOf('-');
        Optional<Integer> first =
                Ipv4.number(part.substring(0, Math.max(0, Math.max(slash, dash))));
        String rest = part.substring(Math.max(slash, dash) + 1);
        if (first.isPresent() && slash > 0 && rest.matches("\\d{1,2}")) {
            int prefix = Integer.parseInt(rest);
            long size = 1L << (32 - Math.min(prefix, 32));
            if (prefix <= 32 && size <= MOST && (first.get() & (size - 1)) == 0) {
                return prefix >= WHOLE
                        ? new Range(first.get(), (int) size)
                        : new Range(first.get() + 1, (int) size - 2);
            }
        }
        Optional<Integer> last = Ipv4.number(rest);
        if (first.isPresent() && dash > 0 && last.isPresent()) {
            long count =
                    Integer.toUnsignedLong(last.get()) - Integer.toUnsignedLong(first.get()) + 1;
            if (count >= 1 && count <= MOST) {
                return new Range(first.get(), (int) count);
            }
        }
        throw new IllegalArgumentException(
                "expected addresses for load balancers such as 192.0.2.240/28 or"
                        + " 192.0.2.10-192.0.2.20, at most "
                        + MOST
                        + " in a range, found "
                        + part);
    }

    /** What a ConfigMap of {@link #KEY} says; empty if it says nothing that can be read. */
    public static Optional<AddressPool> of(Optional<Resource> configMap) {
        String text =
                configMap
                        .map(found ->
                                found.body().toNode().path("data").path(MEMBER).asText().strip())
                        .orElse("");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(parse(text));
        } catch (IllegalArgumentException unreadable) {
            // Whoever wrote it sees Services that wait.
            return Optional.of(new AddressPool(List.of()));
        }
    }

    /** All of them, in order. */
    public Stream<String> addresses() {
        return ranges.stream().flatMap(Range::addresses);
    }
}
