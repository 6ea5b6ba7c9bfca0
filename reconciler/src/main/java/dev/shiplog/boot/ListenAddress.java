package dev.shiplog.boot;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where a server listens, and under which addresses it is found.
 *
 * @param bind the address to listen on
 * @param local the address for programs on this machine
 * @param reachable the address for other machines; a loopback address if they cannot reach it
 * @param names what its certificate must say beside the usual names
 */
record ListenAddress(InetAddress bind, String local, String reachable, List<String> names) {
    /** Interfaces that container runtimes make; their addresses mean nothing to other machines. */
    private static final Pattern OF_CONTAINERS =
            Pattern.compile("(docker|br-|veth|cni|flannel|virbr|podman|shiplog|shl-|shx-|shs-).*");

    /**
     * @throws IllegalArgumentException if it is no address of this machine
     */
    static ListenAddress of(String text) {
        InetAddress bind;
        try {
            bind = InetAddress.getByName(text);
            if (!bind.isAnyLocalAddress() && NetworkInterface.getByInetAddress(bind) == null) {
                throw new IllegalArgumentException(
                        "expected an address of this machine to listen on, found \""
                                + text
                                + "\"; this machine has "
                                + own());
            }
        } catch (UnknownHostException | SocketException e) {
            throw new IllegalArgumentException(
                    "expected an address to listen on, found \"" + text + "\"", e);
        }
        String address = bind.getHostAddress();
        if (bind.isLoopbackAddress()) {
            return new ListenAddress(bind, address, address, List.of(address));
        }
        if (!bind.isAnyLocalAddress()) {
            return new ListenAddress(bind, address, address, List.of(address));
        }
        List<String> own = own();
        return new ListenAddress(
                bind, Settings.LOOPBACK, own.isEmpty() ? Settings.LOOPBACK : own.getFirst(), own);
    }

    private static List<String> own() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .filter(network -> !OF_CONTAINERS.matcher(network.getName()).matches())
                    .flatMap(network -> Collections.list(network.getInetAddresses()).stream())
                    .filter(address ->
                            address instanceof Inet4Address
                                    && !address.isLoopbackAddress()
                                    && !address.isLinkLocalAddress())
                    .map(InetAddress::getHostAddress)
                    .sorted()
                    .toList();
        } catch (SocketException e) {
            throw new IllegalArgumentException(
                    "this machine does not say which addresses it has", e);
        }
    }
}
