package dev.shiplog.node.network.ingress;

/** guide row 86: the proxy in this process. */
class ClusterIngressTest extends IngressProxyContract {
    @Override
    ProxyKind kind() {
        return ProxyKind.IN_PROCESS;
    }

    @Override
    String broken() {
        return "503";
    }
}
