package dev.shiplog.resource;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses and ports that Services are given: the defaults of Kubernetes' API server ({@code
 * --service-cluster-ip-range}, {@code --service-node-port-range}). What is given without being
 * asked for comes from the upper band first, so that people can choose from the lower one without a
 * clash (Kubernetes enhancements 3070 and 3668).
 */
public final class ServiceRanges {
    /** 10.96.0.0. */
    private static final int NETWORK = 10 << 24 | 96 << 16;

    private static final int PREFIX = 12;

    /** Addresses in the range, the network's own and the broadcast address included. */
    public static final int ADDRESSES = 1 << (32 - PREFIX);

    /** Offsets below this one are given last: min(max(16, size / 16), 256). */
    public static final int STATIC_ADDRESSES = 256;

    public static final int FIRST_NODE_PORT = 30_000;
    public static final int LAST_NODE_PORT = 32_767;

    /** Node ports that are given last: min(max(16, size / 32), 128). */
    public static final int STATIC_NODE_PORTS = 86;

    /** The address of Service {@code default/kubernetes}: the first of the range. */
    public static final String API_ADDRESS = address(1);

    /** The address of Service {@code kube-system/kube-dns}, by which pods ask for names. */
    public static final String DNS_ADDRESS = address(10);

    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    private ServiceRanges() {}

    /** The range as people write it. */
    public static String cidr() {
        return text(NETWORK) + "/" + PREFIX;
    }

    /** The address at an offset from the network's own. */
    public static String address(int offset) {
        return text(NETWORK + offset);
    }

    /** Whether an address may be given to a Service. */
    public static boolean contains(String address) {
        Optional<Integer> number = number(address);
        if (number.isEmpty()) {
            return false;
        }
        int offset = number.get() - NETWORK;
        return offset > 0 && offset < ADDRESSES - 1;
    }

    /** Whether a text is an IPv4 address in its only spelling. */
    public static boolean isIpv4(String text) {
        return IPV4.matcher(text).matches();
    }

    private static Optional<Integer> number(String address) {
        if (!isIpv4(address)) {
            return Optional.empty();
        }
        int number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number << 8 | Integer.parseInt(part);
        }
        return Optional.of(number);
    }

    private static String text(int number) {
        return (number >>> 24)
                + "."
                + (number >>> 16 & 255)
                + "."
                + (number >>> 8 & 255)
                + "."
                + (number & 255);
    }
}
