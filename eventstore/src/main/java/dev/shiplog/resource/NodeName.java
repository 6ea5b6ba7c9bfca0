package dev.shiplog.resource;

import java.util.regex.Pattern;

/** The name of a machine that runs pods; the name of its Node resource. */
public record NodeName(String value) implements Comparable<NodeName> {
    private static final int LONGEST = 253;
    private static final Pattern SUBDOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    public NodeName {
        Names.required("node name", value);
    }

    /** Whether a Node may have such a name: a subdomain, as RFC 1123 has it. */
    public static boolean isValid(String name) {
        return name.length() <= LONGEST && SUBDOMAIN.matcher(name).matches();
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
