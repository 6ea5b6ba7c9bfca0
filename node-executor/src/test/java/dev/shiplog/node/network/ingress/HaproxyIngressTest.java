package dev.shiplog.node.network.ingress;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;

/** guide row 86: an HAProxy of this machine. */
class HaproxyIngressTest extends IngressProxyContract {
    @BeforeEach
    void haproxyIsHere() {
        assumeTrue(
                kind().objection().isEmpty(), () -> kind().objection().orElse("haproxy is here"));
    }

    @Override
    ProxyKind kind() {
        return ProxyKind.HAPROXY;
    }

    @Override
    String broken() {
        return "502";
    }
}
