package dev.shiplog.resource;

import java.util.regex.Pattern;

/**
 * The ranges of addresses that nodes are given for their pods: each one 256th of the cluster's, as
 * Kubernetes' {@code --cluster-cidr} and {@code --node-cidr-mask-size} do; the cluster's range is
 * k3s' default.
 */
public final class PodRanges {
    /** The range of all pods of a cluster. */
    public static final String CLUSTER = "10.42.0.0/16";

    /** How many nodes can be given a range. */
    public static final int COUNT = 256;

    private static final Pattern RANGE = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}");

    private PodRanges() {}

    /**
     * One of the ranges.
     *
     * @param index from 0
     */
    public static String range(int index) {
        return "10.42." + index + ".0/24";
    }

    /** Whether a text looks like a range of IPv4 addresses. */
    public static boolean isRange(String text) {
        return RANGE.matcher(text).matches();
    }
}
