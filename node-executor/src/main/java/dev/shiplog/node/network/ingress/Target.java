package dev.shiplog.node.network.ingress;

/**
 * A Service's port, as an Ingress names it.
 *
 * @param port its name, or its number in digits
 */
record Target(String namespace, String service, String port) {
    @Override
    public String toString() {
        return namespace + "/" + service + ":" + port;
    }
}
