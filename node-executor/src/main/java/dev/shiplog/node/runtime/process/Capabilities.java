package dev.shiplog.node.runtime.process;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a container's root user may do.
 *
 * @see <a
 *     href="https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities">
 *     Docker's default set, which this is</a>
 */
final class Capabilities {
    private static final List<String> DEFAULT =
            List.of(
                    "chown",
                    "dac_override",
                    "fowner",
                    "fsetid",
                    "kill",
                    "setgid",
                    "setuid",
                    "setpcap",
                    "net_bind_service",
                    "net_raw",
                    "sys_chroot",
                    "mknod",
                    "audit_write",
                    "setfcap");

    private Capabilities() {}

    static List<String> oci() {
        return DEFAULT.stream().map(name -> "CAP_" + name.toUpperCase(Locale.ROOT)).toList();
    }

    /**
     * For setpriv(1). Without {@code mknod}: where no runtime restricts devices, making one would
     * be a way to the machine's disks.
     */
    static String setpriv() {
        return "-all,"
                + DEFAULT.stream()
                        .filter(name -> !name.equals("mknod"))
                        .map(name -> "+" + name)
                        .collect(Collectors.joining(","));
    }
}
