package dev.shiplog.node.network.ingress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Chooses a port to listen at. */
final class ListenPorts {
    private ListenPorts() {}

    /**
     * The first that is free.
     *
     * @param ports 0 stands for any that is free
     */
    static int free(InetAddress address, List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(address, port));
                return socket.getLocalPort();
            } catch (IOException _) {
                // Taken, or not allowed: the next.
            }
        }
        throw new IOException("expected one of the ports " + ports + " to be free, found none");
    }
}
