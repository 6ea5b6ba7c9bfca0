package dev.shiplog.node.network.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.resource.ServiceRanges;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Clusters on one machine do not have the same addresses for Services. */
class RangeClaimTest {
    /** As nft writes sets, their elements left out. */
    @Test
    void claimsAreReadFromTheNamesOfSets() {
        String sets =
                """
                table ip nat {
                	set range_10_1_0_0_16 {
                		type ipv4_addr
                	}
                }
                table ip shl_0a1b2c_services {
                	set cluster_ips {
                		type ipv4_addr
                	}
                	set range_10_112_0_0_16 {
                		type ipv4_addr
                	}
                }
                table ip shl_0a1b2c {
                }
                table ip shl_ffffff_services {
                	set cluster_ips {
                		type ipv4_addr
                	}
                }
                """;
        assertEquals(
                Map.of(
                        "shl_0a1b2c_services",
                        ServiceRanges.parse("10.112.0.0/16"),
                        "shl_ffffff_services",
                        ServiceRanges.DEFAULT),
                RangeClaim.read(sets));
    }

    @Test
    void twoClustersHaveRangesThatDoNotTouch() throws IOException {
        assumeTrue(PodNetwork.objection().isEmpty(), "needs Linux, root and nft");
        NetworkNames one = NetworkNames.of("range-claim-test", "one");
        NetworkNames two = NetworkNames.of("range-claim-test", "two");
        try {
            ServiceRanges first = RangeClaim.choose(one, Optional.empty());
            assertEquals(
                    first, RangeClaim.choose(one, Optional.of(first)), "its own is no other's");
            ServiceRanges second = RangeClaim.choose(two, Optional.empty());
            assertTrue(!first.overlaps(second), () -> first + " and " + second);
            IOException refused =
                    assertThrows(
                            IOException.class, () -> RangeClaim.choose(two, Optional.of(first)));
            String message = String.valueOf(refused.getMessage());
            assertTrue(
                    message.contains(one.serviceTable())
                            && message.contains("--service-cidr"),
                    message);
            new Nft(one.serviceTable()).remove();
            assertEquals(first, RangeClaim.choose(two, Optional.of(first)));
        } finally {
            new Nft(one.serviceTable()).remove();
            new Nft(two.serviceTable()).remove();
        }
    }
}
