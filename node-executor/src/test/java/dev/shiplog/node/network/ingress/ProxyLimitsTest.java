package dev.shiplog.node.network.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A proxy promises no more connections than it can have files. */
class ProxyLimitsTest {
    private static int clients(String hard) {
        return ProxyLimits.clients(
                """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             1                    2                    processes
                Max open files            1024                 %s                files
                """
                        .formatted(hard));
    }

    @Test
    void clientsAreHalfOfTheFilesThatThereMayBe() {
        assertEquals(9_872, clients("20000"));
        assertEquals(ProxyLimits.CLIENTS, clients("1048576"));
        assertEquals(ProxyLimits.CLIENTS, clients("unlimited"));
        assertEquals(ProxyLimits.CLIENTS, ProxyLimits.clients(""));
        assertEquals(1, clients("64"));
    }
}
