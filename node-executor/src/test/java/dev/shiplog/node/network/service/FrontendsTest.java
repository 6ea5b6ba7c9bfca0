package dev.shiplog.node.network.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a Service is in the packet filter. */
class FrontendsTest {
    private static final String TWO_HERE_ONE_THERE =
            """
            {"addressType":"IPv4","ports":[{"name":"","port":8080,"protocol":"TCP"}],"endpoints":[
             {"addresses":["10.42.0.5"],"nodeName":"here","conditions":{"ready":true}},
             {"addresses":["10.42.0.6"],"nodeName":"here","conditions":{"ready":false,"serving":true,"terminating":true}},
             {"addresses":["10.42.1.7"],"nodeName":"there","conditions":{"ready":true}}]}
            """;

    private static final String NONE = "{\"addressType\":\"IPv4\",\"ports\":[],\"endpoints\":[]}";

    private static Resource resource(GroupKind kind, String name, String body, String status) {
        return new Resource(
                new ResourceKey(kind, "default", name),
                "v1",
                metadata(),
                Json.parse(body),
                Json.parse(status),
                new Position(1));
    }

    private static Metadata metadata() {
        return new Metadata(
                new Uid("uid"),
                1,
                Instant.EPOCH,
                new TreeMap<>(),
                new TreeMap<>(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    private static Forwarding forwarding(String spec, String status, String slice) {
        return Frontends.of(
                resource(GroupKind.SERVICE, "web", "{\"spec\":" + spec + "}", status),
                List.of(resource(GroupKind.ENDPOINT_SLICE, "web-1", slice, "{}")),
                new Surroundings("here", "10.42.0.1", new TreeMap<>()));
    }

    private static Map<String, String> in(String map, Forwarding forwarding) {
        Map<String, String> in = new TreeMap<>();
        forwarding
                .elements()
                .forEach((element, value) -> {
                    if (element.map().equals(map)) {
                        in.put(element.key(), value);
                    }
                });
        return in;
    }

    @Test
    void aClusterAddressLeadsToAnyEndpointThatIsReady() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"ClusterIP","clusterIP":"10.96.0.5","ports":[{"port":80,"protocol":"TCP"}]}
                        """,
                        "{}",
                        TWO_HERE_ONE_THERE);
        assertEquals(Map.of("10.96.0.5 . tcp . 80", "goto vip_2"), in("vips", web));
        assertEquals(
                Map.of(
                        "10.96.0.5 . tcp . 80 . 0:0",
                        "10.42.0.5 . 8080",
                        "10.96.0.5 . tcp . 80 . 0:1",
                        "10.42.1.7 . 8080"),
                in("vip_endpoints", web));
        assertEquals(Map.of(), in("outer_vips", web));
        assertEquals(Map.of("10.96.0.5", ""), in("cluster_ips", web));
    }

    @Test
    void whenNoneIsReadyThoseOnTheirWayOutServe() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"ClusterIP","clusterIP":"10.96.0.5","ports":[{"port":80,"protocol":"TCP"}]}
                        """,
                        "{}",
                        TWO_HERE_ONE_THERE.replace("{\"ready\":true}", "{\"ready\":false}"));
        assertEquals(
                Map.of("10.96.0.5 . tcp . 80 . 0:0", "10.42.0.6 . 8080"), in("vip_endpoints", web));
    }

    @Test
    void withoutEndpointsAConnectionIsRefused() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"NodePort","clusterIP":"10.96.0.5","ports":[{"port":80,"protocol":"TCP","nodePort":30080}]}
                        """,
                        "{}",
                        NONE);
        assertEquals(Map.of("10.96.0.5 . tcp . 80", "goto refuse"), in("none_vips", web));
        assertEquals(Map.of("tcp . 30080", "goto refuse"), in("none_outer_ports", web));
        assertEquals(Map.of(), in("vips", web));
    }

    @Test
    void aLocalPolicyKeepsTheSourceForTheOutsideAndBindsNobodyInside() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"NodePort","clusterIP":"10.96.0.5","externalTrafficPolicy":"Local",
                         "ports":[{"port":80,"protocol":"TCP","nodePort":30080}]}
                        """,
                        "{}",
                        TWO_HERE_ONE_THERE);
        assertEquals(Map.of("tcp . 30080", "goto port_2"), in("ports", web));
        assertEquals(Map.of("tcp . 30080", "goto port_local_1"), in("outer_ports", web));
        assertEquals(
                Map.of("tcp . 30080 . 0:0", "10.42.0.5 . 8080"), in("port_local_endpoints", web));
        assertEquals(Map.of(), in("masquerade_ports", web));
    }

    @Test
    void aLocalPolicyWithoutEndpointsHereDropsWhatComesFromOutside() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"LoadBalancer","clusterIP":"10.96.0.5","externalTrafficPolicy":"Local",
                         "healthCheckNodePort":31000,"ports":[{"port":80,"protocol":"TCP","nodePort":30080}]}
                        """,
                        "{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.2\"}]}}",
                        TWO_HERE_ONE_THERE.replace("\"here\"", "\"elsewhere\""));
        assertEquals(Map.of("tcp . 30080", "drop"), in("none_outer_ports", web));
        assertEquals(Map.of("192.0.2.2 . tcp . 80", "drop"), in("none_outer_vips", web));
        assertEquals(0, web.health().orElseThrow().localEndpoints());
    }

    @Test
    void anInternalLocalPolicyKeepsClientsOnTheNode() {
        Forwarding web =
                forwarding(
                        """
                        {"type":"ClusterIP","clusterIP":"10.96.0.5","internalTrafficPolicy":"Local",
                         "ports":[{"port":80,"protocol":"TCP"}]}
                        """,
                        "{}",
                        TWO_HERE_ONE_THERE);
        assertEquals(
                Map.of("10.96.0.5 . tcp . 80 . 0:0", "10.42.0.5 . 8080"), in("vip_endpoints", web));
    }

    @Test
    void aStickyServicesEndpointsKeepTheirNumbersWhenOthersGo() {
        String spec =
                """
                {"type":"ClusterIP","clusterIP":"10.96.0.5","sessionAffinity":"ClientIP",
                 "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":60}},
                 "ports":[{"port":80,"protocol":"TCP"}]}
                """;
        Forwarding both = forwarding(spec, "{}", TWO_HERE_ONE_THERE);
        Forwarding one =
                forwarding(
                        spec,
                        "{}",
                        TWO_HERE_ONE_THERE.replace(
                                "\"there\",\"conditions\":{\"ready\":true}",
                                "\"there\",\"conditions\":{\"ready\":false}"));
        assertEquals(Map.of("10.96.0.5 . tcp . 80", "goto vip_2_sticky_60"), in("vips", both));
        assertTrue(
                in("vip_numbered", both)
                        .entrySet()
                        .containsAll(in("vip_numbered", one).entrySet()));
        assertFalse(in("vip_numbered", one).isEmpty());
    }

    @Test
    void namesAreAskedAtTheNodeItself() {
        Forwarding dns =
                Frontends.of(
                        new Resource(
                                new ResourceKey(GroupKind.SERVICE, "kube-system", "kube-dns"),
                                "v1",
                                metadata(),
                                Json.parse(
                                        """
                                        {"spec":{"clusterIP":"10.96.0.10","ports":[{"name":"dns","port":53,"protocol":"UDP"}]}}
                                        """),
                                Json.EMPTY,
                                new Position(1)),
                        List.of(),
                        new Surroundings("here", "10.42.0.1", new TreeMap<>()));
        assertEquals(
                Map.of("10.96.0.10 . udp . 53 . 0:0", "10.42.0.1 . 53"), in("vip_endpoints", dns));
    }

    @Test
    void whatTwoServicesWantTheFirstHasUntilItGoes() {
        Plan plan = new Plan();
        ResourceKey one = new ResourceKey(GroupKind.SERVICE, "default", "one");
        ResourceKey two = new ResourceKey(GroupKind.SERVICE, "default", "two");
        String spec =
                """
                {"type":"ClusterIP","clusterIP":"%s","externalIPs":["192.0.2.9"],"ports":[{"port":80,"protocol":"TCP"}]}
                """;
        Forwarding first = forwarding(spec.formatted("10.96.0.5"), "{}", TWO_HERE_ONE_THERE);
        Forwarding second =
                forwarding(
                        spec.formatted("10.96.0.6"),
                        "{}",
                        TWO_HERE_ONE_THERE.replace("8080", "9090"));
        Element shared = new Element("vip_endpoints", "192.0.2.9 . tcp . 80", "0:0");
        plan.take(Map.of(one, first));
        plan.take(Map.of(two, second));
        assertEquals("10.42.0.5 . 8080", plan.elements().get(shared));
        Plan.Change change = plan.take(Map.of(one, Forwarding.NOTHING));
        assertEquals("10.42.0.5 . 9090", plan.elements().get(shared));
        assertEquals("10.42.0.5 . 9090", change.added().get(shared));
        assertFalse(plan.elements().containsKey(new Element("cluster_ips", "10.96.0.5")));
    }
}
