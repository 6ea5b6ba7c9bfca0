package dev.shiplog.scheduler;

/** A port of the machine itself that a pod takes. */
record HostPort(String address, String protocol, int port) {
    private static final String ANY = "0.0.0.0";

    boolean conflictsWith(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (address.equals(other.address)
                        || address.equals(ANY)
                        || other.address.equals(ANY));
    }
}
