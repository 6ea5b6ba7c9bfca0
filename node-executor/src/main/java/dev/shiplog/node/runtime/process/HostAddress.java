package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;

/** The machine's own address, for pods that use its network. */
final class HostAddress {
    private HostAddress() {}

    static String find() throws IOException {
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!device.isUp() || device.isLoopback() || device.isVirtual()) {
                continue;
            }
            // Bridges of containers come and go; cards of the machine have a device.
            if (!Files.exists(Path.of("/sys/class/net", device.getName(), "device"))) {
                continue;
            }
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address ip) {
                    return ip.getHostAddress();
                }
            }
        }
        return "127.0.0.1";
    }
}
