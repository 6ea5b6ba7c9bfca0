package dev.shiplog.api.proxy;

/**
 * What {@code [scheme:]name[:port]} names.
 *
 * @param scheme empty, {@code http} or {@code https}
 * @param port a number or the name of a port; empty if there is none
 */
record ProxyName(String scheme, String name, String port) {
    static ProxyName parse(String text) {
        String[] parts = text.split(":", -1);
        return switch (parts.length) {
            case 2 -> new ProxyName("", parts[0], parts[1]);
            case 3 -> new ProxyName(parts[0], parts[1], parts[2]);
            default -> new ProxyName("", text, "");
        };
    }
}
