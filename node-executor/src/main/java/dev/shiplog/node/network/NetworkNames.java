package dev.shiplog.node.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the kernel calls the parts of one node's network, so that clusters on one machine do not
 * meet. An interface's name has 15 characters at most.
 *
 * @param key six hexadecimal digits drawn from cluster and node
 */
public record NetworkNames(String key) {
    public NetworkNames {
        if (!key.matches("[0-9a-f]{6}")) {
            throw new IllegalArgumentException(
                    "expected six hexadecimal digits, found \"" + key + "\"");
        }
    }

    /** The names for a node of a cluster. */
    public static NetworkNames of(String cluster, String node) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest((cluster + "/" + node).getBytes(StandardCharsets.UTF_8));
            return new NetworkNames(HexFormat.of().formatHex(digest, 0, 3));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The switch that pods are plugged into. */
    public String bridge() {
        return "shl-" + key;
    }

    /** The tunnel to nodes that share no link with this one. */
    public String tunnel() {
        return "shx-" + key;
    }

    /** The interface with the addresses of Services, where the kernel does not lead to them. */
    public String serviceDevice() {
        return "shs-" + key;
    }

    /** The nftables table of pods: the way out, and ports of the machine. */
    public String podTable() {
        return "shl_" + key;
    }

    /** The nftables table of Services. */
    public String serviceTable() {
        return "shl_" + key + "_services";
    }

    /** Whether a table is one of Services, of whatever cluster. */
    public static boolean isServiceTable(String table) {
        return table.matches("shl_[0-9a-f]{6}_services");
    }

    /** By which its routes are known among others of the machine; see rtnetlink(7). */
    public int routeProtocol() {
        return 100 + Integer.parseInt(key, 16) % 100;
    }

    /** A locally administered hardware address that is this node's own for one purpose. */
    public String hardwareAddress(int purpose) {
        return "02:5c:%02x:%s:%s:%s"
                .formatted(purpose, key.substring(0, 2), key.substring(2, 4), key.substring(4, 6));
    }
}
