package dev.shiplog.node.probe;

import java.util.List;

/** What a probe or a lifecycle hook does, with every port a number. */
public sealed interface Handler {
    /**
     * Gets a page; 200 to 399 is an answer that is well.
     *
     * @param scheme {@code http} or {@code https}; certificates are not verified
     * @param host empty for the pod's address
     * @param anyStatus whether any status will do, as for a hook
     */
    record HttpGet(
            String scheme,
            String host,
            int port,
            String path,
            List<Header> headers,
            boolean anyStatus)
            implements Handler {
        public HttpGet {
            headers = List.copyOf(headers);
        }
    }

    record Header(String name, String value) {}

    /**
     * Opens a connection.
     *
     * @param host empty for the pod's address
     */
    record TcpSocket(String host, int port) implements Handler {}

    /** Runs a command in the container; exit code 0 is well. */
    record Exec(List<String> command) implements Handler {
        public Exec {
            command = List.copyOf(command);
        }
    }

    /** Asks the pod's health service, {@code grpc.health.v1.Health}. */
    record Grpc(int port, String service) implements Handler {}

    /** Lets time pass. */
    record Sleep(long seconds) implements Handler {}

    /** Cannot be done as the pod says. */
    record Impossible(String why) implements Handler {}
}
