package dev.shiplog.node.network.ingress;

import java.util.List;
import java.util.Map;

/**
 * What the proxy is to do.
 *
 * @param addresses where each target's pods answer
 * @param certificates by host; {@code ""} for any other
 */
record ProxyConfig(
        Routes routes,
        Map<Target, List<Followed.Address>> addresses,
        Map<String, Followed.KeyPair> certificates) {
    static ProxyConfig of(Followed followed) {
        Routes routes = Routes.of(followed.ingresses());
        return new ProxyConfig(
                routes, followed.addresses(routes.targets()), followed.certificates());
    }
}
