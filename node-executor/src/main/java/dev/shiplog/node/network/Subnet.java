package dev.shiplog.node.network;

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
        String[] parts = dotted.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("expected an address a.b.c.d, found " + dotted);
        }
        int number = 0;
        for (String part : parts) {
            int value = Integer.parseInt(part);
            if (value < 0 || value > 255) {
                throw new IllegalArgumentException("expected an address a.b.c.d, found " + dotted);
            }
            number = number << 8 | value;
        }
        return number;
    }

    public static String dotted(int number) {
        return (number >>> 24)
                + "."
                + (number >>> 16 & 255)
                + "."
                + (number >>> 8 & 255)
                + "."
                + (number & 255);
    }

    @Override
    public String toString() {
        return dotted(network) + "/" + prefix;
    }
}
