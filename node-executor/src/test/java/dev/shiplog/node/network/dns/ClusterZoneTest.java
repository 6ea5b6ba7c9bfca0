package dev.shiplog.node.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.util.stream.Collectors;

/** guide rows 78 and 82: what each name of the cluster is. */
class ClusterZoneTest {
    private final FakeCluster cluster =
            new FakeCluster()
                    .namespace("default")
                    .namespace("empty")
                    .service(
                            "default",
                            "web",
                            """
                            {"type":"ClusterIP","clusterIP":"10.96.1.2",
                             "clusterIPs":["10.96.1.2","fd00::2"],
                             "ports":[{"name":"http","port":80,"protocol":"TCP"},
                                      {"name":"sip","port":5060,"protocol":"UDP"}]}
                            """)
                    .service(
                            "default",
                            "lonely",
                            "{\"clusterIP\":\"10.96.1.3\",\"ports\":[{\"port\":80}]}")
                    .service("default", "db", "{\"clusterIP\":\"None\"}")
                    .slice(
                            "default",
                            "db",
                            "db-1",
                            """
                            {"endpoints":[
                              {"addresses":["10.42.0.5"],"hostname":"db-0",
                               "conditions":{"ready":true}},
                              {"addresses":["10.42.0.6"],"conditions":{"ready":true}},
                              {"addresses":["10.42.0.7"],"hostname":"db-2",
                               "conditions":{"ready":false}}],
                             "ports":[{"name":"sql","port":5432,"protocol":"TCP"}]}
                            """)
                    .service("default", "nobody", "{\"clusterIP\":\"None\"}")
                    .service(
                            "default",
                            "elsewhere",
                            "{\"type\":\"ExternalName\",\"externalName\":\"www.example.com\"}");
    private ClusterZone zone = ClusterZone.EMPTY;

    ClusterZoneTest() {
        cluster.follow(ClusterZone.KINDS, update -> zone = zone.with(update));
    }

    private String ask(String name, int type) {
        try {
            return switch (zone.answer(Name.fromString(name + "."), type)) {
                case Answer.Found(var records, var additional) ->
                        records.stream()
                                        .map(record -> Type.string(record.getType())
                                                + " "
                                                + record.rdataToString())
                                        .collect(Collectors.joining(", "))
                                + (additional.isEmpty()
                                        ? ""
                                        : additional.stream()
                                                .map(record -> record.getName()
                                                        + " "
                                                        + record.rdataToString())
                                                .collect(Collectors.joining(", ", " + ", "")));
                case Answer.Alias(var _, var target) -> "alias " + target;
                case Answer.NoData() -> "no data";
                case Answer.NoName() -> "no name";
                case Answer.NotOurs() -> "not ours";
            };
        } catch (TextParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void aServiceIsItsAddress() {
        assertEquals("A 10.96.1.2", ask("web.default.svc.cluster.local", Type.A));
        assertEquals("A 10.96.1.2", ask("WEB.Default.SVC.cluster.LOCAL", Type.A));
        assertEquals("AAAA fd00:0:0:0:0:0:0:2", ask("web.default.svc.cluster.local", Type.AAAA));
        assertEquals("no data", ask("lonely.default.svc.cluster.local", Type.AAAA));
        assertEquals("no data", ask("web.default.svc.cluster.local", Type.MX));
        assertEquals("no name", ask("web.empty.svc.cluster.local", Type.A));
        assertEquals("no name", ask("x.web.default.svc.cluster.local", Type.A));
    }

    @Test
    void aNamedPortIsFound() {
        assertEquals(
                "SRV 0 100 80 web.default.svc.cluster.local."
                        + " + web.default.svc.cluster.local. 10.96.1.2,"
                        + " web.default.svc.cluster.local. fd00:0:0:0:0:0:0:2",
                ask("_http._tcp.web.default.svc.cluster.local", Type.SRV));
        assertEquals("no name", ask("_http._udp.web.default.svc.cluster.local", Type.SRV));
        assertEquals("no data", ask("_http._tcp.web.default.svc.cluster.local", Type.A));
        assertEquals("no data", ask("_udp.web.default.svc.cluster.local", Type.SRV));
        assertEquals("no name", ask("_sctp.web.default.svc.cluster.local", Type.SRV));
        assertEquals("no name", ask("_._tcp.lonely.default.svc.cluster.local", Type.SRV));
    }

    @Test
    void aHeadlessServiceIsThoseBehindIt() {
        assertEquals("A 10.42.0.5, A 10.42.0.6", ask("db.default.svc.cluster.local", Type.A));
        assertEquals("no data", ask("db.default.svc.cluster.local", Type.AAAA));
        assertEquals("A 10.42.0.5", ask("db-0.db.default.svc.cluster.local", Type.A));
        assertEquals("A 10.42.0.6", ask("10-42-0-6.db.default.svc.cluster.local", Type.A));
        assertEquals("no name", ask("db-2.db.default.svc.cluster.local", Type.A));
        assertEquals(
                "SRV 0 50 5432 db-0.db.default.svc.cluster.local.,"
                        + " SRV 0 50 5432 10-42-0-6.db.default.svc.cluster.local."
                        + " + db-0.db.default.svc.cluster.local. 10.42.0.5,"
                        + " 10-42-0-6.db.default.svc.cluster.local. 10.42.0.6",
                ask("_sql._tcp.db.default.svc.cluster.local", Type.SRV));
        assertEquals("no name", ask("nobody.default.svc.cluster.local", Type.A));
    }

    @Test
    void anExternalNameIsAnAlias() {
        assertEquals(
                "alias www.example.com.", ask("elsewhere.default.svc.cluster.local", Type.A));
        assertEquals(
                "CNAME www.example.com.", ask("elsewhere.default.svc.cluster.local", Type.CNAME));
    }

    @Test
    void anAddressHasItsName() {
        assertEquals("PTR web.default.svc.cluster.local.", ask("2.1.96.10.in-addr.arpa", Type.PTR));
        assertEquals(
                "PTR db-0.db.default.svc.cluster.local.", ask("5.0.42.10.in-addr.arpa", Type.PTR));
        assertEquals("not ours", ask("7.0.42.10.in-addr.arpa", Type.PTR));
        assertEquals("not ours", ask("1.2.0.192.in-addr.arpa", Type.PTR));
    }

    @Test
    void aPodIsNamedAfterItsAddress() {
        assertEquals("A 10.42.0.9", ask("10-42-0-9.default.pod.cluster.local", Type.A));
        assertEquals("no data", ask("10-42-0-9.default.pod.cluster.local", Type.AAAA));
        assertEquals("no name", ask("10-42-0-9.nowhere.pod.cluster.local", Type.A));
        assertEquals("no name", ask("10-42-0-999.default.pod.cluster.local", Type.A));
        assertEquals("no name", ask("web.default.pod.cluster.local", Type.A));
    }

    @Test
    void namesAboveOthersHaveNoData() {
        assertEquals("no data", ask("cluster.local", Type.A));
        assertEquals("no data", ask("svc.cluster.local", Type.A));
        assertEquals("no data", ask("default.svc.cluster.local", Type.A));
        assertEquals("no data", ask("empty.pod.cluster.local", Type.A));
        assertEquals("no name", ask("nowhere.svc.cluster.local", Type.A));
        assertEquals("no name", ask("other.cluster.local", Type.A));
        assertEquals("not ours", ask("example.com", Type.A));
        assertEquals("not ours", ask("notcluster.local", Type.A));
        assertEquals("TXT 1.1.0", ask("dns-version.cluster.local", Type.TXT));
        assertEquals("A 10.96.0.10", ask("ns.dns.cluster.local", Type.A));
    }

    @Test
    void aChangeIsVisibleAndLeavesNothingBehind() {
        cluster.slice(
                "default",
                "db",
                "db-1",
                "{\"endpoints\":[{\"addresses\":[\"10.42.0.8\"],\"hostname\":\"db-0\"}]}");
        assertEquals("A 10.42.0.8", ask("db.default.svc.cluster.local", Type.A));
        assertEquals("not ours", ask("5.0.42.10.in-addr.arpa", Type.PTR));
        // The same slice, given to another Service.
        cluster.slice(
                "default",
                "nobody",
                "db-1",
                "{\"endpoints\":[{\"addresses\":[\"10.42.0.8\"],\"hostname\":\"db-0\"}]}");
        assertEquals("no name", ask("db.default.svc.cluster.local", Type.A));
        assertEquals("A 10.42.0.8", ask("nobody.default.svc.cluster.local", Type.A));
        cluster.remove(new ResourceKey(GroupKind.ENDPOINT_SLICE, "default", "db-1"));
        assertEquals("no name", ask("nobody.default.svc.cluster.local", Type.A));
        cluster.remove(new ResourceKey(GroupKind.SERVICE, "default", "web"));
        assertEquals("no name", ask("web.default.svc.cluster.local", Type.A));
        assertEquals("not ours", ask("2.1.96.10.in-addr.arpa", Type.PTR));
    }
}
