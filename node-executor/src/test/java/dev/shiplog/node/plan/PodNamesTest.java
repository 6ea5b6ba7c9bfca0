package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.link.PodInputs;
import dev.shiplog.node.runtime.ResolvConf;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** guide rows 78 and 79: what a pod's files say of names. */
class PodNamesTest {
    private static final ResolvConf MACHINE =
            new ResolvConf(List.of("192.0.2.53"), List.of("office.example"), List.of("timeout:1"));

    private static NodeFacts node(String... servers) {
        return new NodeFacts(
                new NodeName("n1"),
                List.of("192.0.2.1"),
                "simulated",
                1L,
                1L,
                new NodeNames(List.of(servers), MACHINE));
    }

    private static PodTask pod(String name, String spec) {
        return new PodTask(
                ResourceFixture.of(
                        ResourceKey.pod("shop", name),
                        new Uid("u1"),
                        Json.parse("{\"spec\":" + spec + "}"),
                        Json.EMPTY),
                Optional.empty(),
                PodInputs.NONE);
    }

    private static String resolver(String spec) {
        return PodNames.of(pod("web-0", spec), node("10.96.0.10")).names().resolver().text();
    }

    @Test
    void theClusterIsAskedFirst() {
        String cluster =
                """
                search shop.svc.cluster.local svc.cluster.local cluster.local office.example
                nameserver 10.96.0.10
                options ndots:5
                """;
        assertEquals(cluster, resolver("{}"));
        assertEquals(cluster, resolver("{\"dnsPolicy\":\"ClusterFirst\"}"));
        assertEquals(
                cluster,
                resolver("{\"hostNetwork\":true,\"dnsPolicy\":\"ClusterFirstWithHostNet\"}"));
    }

    @Test
    void orTheMachine() {
        String machine =
                """
                search office.example
                nameserver 192.0.2.53
                options timeout:1
                """;
        assertEquals(machine, resolver("{\"dnsPolicy\":\"Default\"}"));
        assertEquals(machine, resolver("{\"hostNetwork\":true}"));
    }

    @Test
    void orWhomThePodNames() {
        assertEquals(
                """
                search my.dns.example
                nameserver 192.0.2.9
                options ndots:2 edns0
                """,
                resolver(
                        """
                        {"dnsPolicy":"None","dnsConfig":{
                          "nameservers":["192.0.2.9"],"searches":["my.dns.example"],
                          "options":[{"name":"ndots","value":"2"},{"name":"edns0"}]}}
                        """));
        assertEquals(
                """
                search shop.svc.cluster.local svc.cluster.local cluster.local office.example my.example
                nameserver 10.96.0.10
                nameserver 192.0.2.9
                options ndots:2
                """,
                resolver(
                        """
                        {"dnsConfig":{"nameservers":["192.0.2.9","10.96.0.10"],
                          "searches":["my.example","cluster.local"],
                          "options":[{"name":"ndots","value":"2"}]}}
                        """));
    }

    @Test
    void whatIsTooMuchIsLeftOutAndTold() {
        PodNames.Decided decided =
                PodNames.of(
                        pod(
                                "web",
                                """
                                {"dnsConfig":{"nameservers":["192.0.2.1","192.0.2.2","192.0.2.3"],
                                  "searches":[%s]}}
                                """
                                        .formatted(
                                                IntStream.range(0, 30)
                                                        .mapToObj(i -> "\"s" + i + ".example\"")
                                                        .collect(Collectors.joining(",")))),
                        node("10.96.0.10"));
        ResolvConf resolver = decided.names().resolver();
        assertEquals(List.of("10.96.0.10", "192.0.2.1", "192.0.2.2"), resolver.nameservers());
        assertEquals(32, resolver.searches().size());
        assertEquals(
                "Nameserver limits were exceeded, some nameservers have been omitted, the applied"
                        + " nameserver line is: 10.96.0.10 192.0.2.1 192.0.2.2",
                decided.notes().getFirst().message());
        assertTrue(
                decided.notes()
                        .getLast()
                        .message()
                        .startsWith("Search Line limits were exceeded, some search paths"));
    }

    @Test
    void withoutAServerOfTheClusterTheMachineIsAskedAndThatIsTold() {
        PodNames.Decided decided = PodNames.of(pod("web", "{}"), node());
        assertEquals(MACHINE, decided.names().resolver());
        assertEquals(
                List.of(
                        PodNote.warning(
                                "MissingClusterDNS",
                                "pod: \"web_shop(u1)\". kubelet does not have ClusterDNS IP"
                                        + " configured and cannot create Pod using"
                                        + " \"ClusterFirst\" policy. Falling back to \"Default\""
                                        + " policy.")),
                decided.notes());
    }

    @Test
    void aPodKnowsItsOwnNames() {
        assertEquals(
                """
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                10.42.0.7\tme.db.shop.svc.cluster.local\tme

                # Entries added by HostAliases.
                192.0.2.4\tprinter\tprinter.example
                """,
                PodNames.of(
                                pod(
                                        "web",
                                        """
                                        {"hostname":"me","subdomain":"db","hostAliases":[
                                          {"ip":"192.0.2.4",
                                           "hostnames":["printer","printer.example"]}]}
                                        """),
                                node())
                        .names()
                        .hosts("10.42.0.7"));
        assertTrue(
                PodNames.of(pod("web", "{}"), node())
                        .names()
                        .hosts("10.42.0.7")
                        .endsWith("10.42.0.7\tweb\n"));
    }

    @Test
    void theMachinesNetworkComesWithItsNames() {
        assertEquals(
                """
                # Kubernetes-managed hosts file (host network).
                127.0.0.1 localhost

                # Entries added by HostAliases.
                192.0.2.4\tprinter
                """,
                PodNames.of(
                                pod(
                                        "web",
                                        """
                                        {"hostNetwork":true,"hostAliases":[
                                          {"ip":"192.0.2.4","hostnames":["printer"]}]}
                                        """),
                                node())
                        .names()
                        .hostsOfMachine("127.0.0.1 localhost\n"));
    }

    @Test
    void theKernelIsToldTheNameOrTheWholeName() throws Exception {
        assertEquals("web", PodNames.kernelName(pod("web", "{}"), node()));
        assertEquals("me", PodNames.kernelName(pod("web", "{\"hostname\":\"me\"}"), node()));
        assertEquals(
                "n1",
                PodNames.kernelName(
                        pod("web", "{\"hostname\":\"me\",\"hostNetwork\":true}"), node()));
        String whole = "{\"hostname\":\"%s\",\"subdomain\":\"db\",\"setHostnameAsFQDN\":true}";
        assertEquals(
                "me.db.shop.svc.cluster.local",
                PodNames.kernelName(pod("web", whole.formatted("me")), node()));
        assertEquals(
                "web", PodNames.kernelName(pod("web", "{\"setHostnameAsFQDN\":true}"), node()));
        assertEquals(
                "Failed to construct FQDN from pod hostname and cluster domain, FQDN "
                        + "a".repeat(50)
                        + ".db.shop.svc.cluster.local is too long (64 characters is the max, 76"
                        + " characters requested)",
                assertThrows(
                                ConfigError.class,
                                () ->
                                        PodNames.kernelName(
                                                pod("web", whole.formatted("a".repeat(50))),
                                                node()))
                        .getMessage());
    }

    @Test
    void aLongNameIsCutWhereANameMayEnd() {
        String name = "a".repeat(61) + "-.b";
        assertEquals("a".repeat(61), PodNames.hostname(pod(name, "{}"), node()));
        assertEquals("a".repeat(63), PodNames.hostname(pod("a".repeat(70), "{}"), node()));
    }
}
