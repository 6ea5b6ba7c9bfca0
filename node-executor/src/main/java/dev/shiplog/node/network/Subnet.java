package dev.shiplog.node.network;

import dev.shiplog.resource.Ipv4;

/**
 * A range of IPv4 addresses.
 *
 * @param network its first address as a number
 * @param prefix how many leading bits are fixed: 8 to 30
 */
public record Subnet(int network, int prefix) {
    public Subnet {
        if (prefix < 8 || prefix > 30 || (network & ~mask(prefix)) != 0) {
            throw new IllegalArgumentException(
                    "expected a range such as 10.244.0.0/24, found "
                            + dotted(network)
                            + "/"
                            + prefix);
        }
    }

    /** Reads {@code 10.244.0.0/24}. */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "expected a range such as 10.244.0.0/24, found " + text);
        }
        return new Subnet(
                number(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The range of the same size that holds an address. */
    public static Subnet around(int address, int prefix) {
        return new Subnet(address & mask(prefix), prefix);
    }

    public boolean overlaps(int otherNetwork, int otherMask) {
        int common = mask(prefix) & otherMask;
        return (network & common) == (otherNetwork & common);
    }

    /** The range of this size that is {@code steps} further. */
    public Subnet plus(int steps) {
        return new Subnet(network + (steps << (32 - prefix)), prefix);
    }

    /** Where pods send what is not for a pod. */
    public String gateway() {
        return dotted(network + 1);
    }

    /** How many addresses there are for pods. */
    public int pods() {
        return (1 << (32 - prefix)) - 3;
    }

    /** A pod's address, from 0. */
    public String pod(int index) {
        return dotted(network + 2 + index);
    }

    public static int mask(int prefix) {
        return prefix == 0 ? 0 : -1 << (32 - prefix);
    }

    public static int number(String dotted) {
        return Ipv4.number(dotted)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "expected an address a.b.c.d, found " + dotted));
    }

    public static String dotted(int number) {
        return Ipv4.text(number);
    }

    @Override
    public String toString() {
        return dotted(network) + "/" + prefix;
    }
}
