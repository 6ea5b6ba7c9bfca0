package dev.shiplog.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** How addresses of load balancers, and of Services, are written. */
class AddressPoolTest {
    private static List<String> addresses(String text) {
        return AddressPool.parse(text).addresses().toList();
    }

    @Test
    void rangesAreReadInOrder() {
        assertEquals(List.of("192.0.2.1", "192.0.2.2"), addresses("192.0.2.0/30"));
        assertEquals(List.of("192.0.2.7"), addresses("192.0.2.7/32"));
        assertEquals(
                List.of("192.0.2.255", "192.0.3.0", "10.0.0.4", "10.0.0.5"),
                addresses("192.0.2.255-192.0.3.0, 10.0.0.4/31"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.1",
                "192.0.2.1/30",
                "192.0.2.9-192.0.2.8",
                "10.0.0.0/8",
                "a-b",
                "192.0.2.0/33",
                "192.0.2.0/30,"
            })
    void whatIsNoneIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressPool.parse(text));
    }

    @Test
    void rangesOfServicesOverlapOrDoNot() {
        ServiceRanges small = ServiceRanges.parse("10.112.0.0/16");
        assertEquals("10.112.0.1", small.apiAddress());
        assertEquals("10.112.0.10", small.dnsAddress());
        assertTrue(small.contains("10.112.255.254") && !small.contains("10.112.255.255"));
        assertTrue(!small.overlaps(ServiceRanges.DEFAULT));
        assertTrue(ServiceRanges.parse("10.100.0.0/24").overlaps(ServiceRanges.DEFAULT));
        for (String none : List.of("10.112.0.1/16", "10.0.0.0/8", "10.0.0.0/27", "10.0.0.0")) {
            assertThrows(IllegalArgumentException.class, () -> ServiceRanges.parse(none));
        }
    }
}
