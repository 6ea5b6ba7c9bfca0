package dev.shiplog.node.network.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.Optional;
import java.util.TreeMap;

/** guide row 86: which Service a host and a path mean. */
class RoutesTest {
    private static Resource ingress(String name, int age, String spec) {
        return new Resource(
                new ResourceKey(GroupKind.INGRESS, "default", name),
                "networking.k8s.io/v1",
                new Metadata(
                        new Uid("uid-" + name),
                        1,
                        Instant.ofEpochSecond(1000 - age),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                Json.parse("{\"spec\":" + spec + "}"),
                Json.EMPTY,
                new Position(1));
    }

    private static String backend(String service) {
        return "{\"service\":{\"name\":\"" + service + "\",\"port\":{\"number\":80}}}";
    }

    private static String path(String type, String path, String service) {
        return """
               {"pathType":"%s","path":"%s","backend":%s}
               """
                .formatted(type, path, backend(service));
    }

    private static String rule(String host, String... paths) {
        return """
               {"host":"%s","http":{"paths":[%s]}}
               """
                .formatted(host, String.join(",", paths));
    }

    private static String find(Routes routes, String host, String path) {
        return routes.find(host, path).map(Target::service).orElse("nobody");
    }

    @Test
    void anExactPathGoesFirstThenTheLongestPrefix() {
        Routes routes =
                Routes.of(
                        List.of(
                                ingress(
                                        "web",
                                        1,
                                        "{\"rules\":["
                                                + rule(
                                                        "a.example",
                                                        path("Prefix", "/", "root"),
                                                        path("Prefix", "/foo", "foo"),
                                                        path("Prefix", "/foo/bar/", "bar"),
                                                        path("Exact", "/foo/bar", "exact"),
                                                        path("ImplementationSpecific", "/x", "x"))
                                                + "]}")));
        assertEquals("root", find(routes, "a.example", "/"));
        assertEquals("root", find(routes, "a.example", "/foobar"));
        assertEquals("foo", find(routes, "a.example", "/foo"));
        assertEquals("foo", find(routes, "a.example", "/foo/"));
        assertEquals("foo", find(routes, "a.example", "/foo/barn"));
        assertEquals("exact", find(routes, "a.example", "/foo/bar"));
        assertEquals("bar", find(routes, "a.example", "/foo/bar/"));
        assertEquals("bar", find(routes, "a.example", "/foo/bar/baz"));
        assertEquals("x", find(routes, "a.example", "/x/y"));
        assertEquals("nobody", find(routes, "b.example", "/"));
    }

    @Test
    void aNamedHostGoesBeforeAWildcardAndThatBeforeAny() {
        Routes routes =
                Routes.of(
                        List.of(
                                ingress(
                                        "web",
                                        1,
                                        "{\"rules\":["
                                                + rule("", path("Prefix", "/", "any"))
                                                + ","
                                                + rule("*.a.example", path("Prefix", "/", "wild"))
                                                + ","
                                                + rule("b.a.example", path("Prefix", "/b", "b"))
                                                + "]}")));
        assertEquals("b", find(routes, "b.a.example", "/b"));
        assertEquals("nobody", find(routes, "b.a.example", "/"));
        assertEquals("wild", find(routes, "c.a.example", "/"));
        assertEquals("any", find(routes, "d.c.a.example", "/"));
        assertEquals("any", find(routes, "a.example", "/"));
        assertEquals("any", find(routes, "localhost", "/"));
    }

    @Test
    void whatNoPathTakesIsTheDefaultBackends() {
        Routes routes =
                Routes.of(
                        List.of(
                                ingress(
                                        "web",
                                        1,
                                        "{\"defaultBackend\":"
                                                + backend("own")
                                                + ",\"rules\":["
                                                + rule("a.example", path("Exact", "/x", "x"))
                                                + "]}"),
                                ingress(
                                        "all", 9, "{\"defaultBackend\":" + backend("all") + "}")));
        assertEquals("x", find(routes, "a.example", "/x"));
        assertEquals("own", find(routes, "a.example", "/y"));
        assertEquals("all", find(routes, "b.example", "/y"));
    }

    @Test
    void ofTwoThatSayTheSameTheOlderIsRight() {
        Routes routes =
                Routes.of(
                        List.of(
                                ingress(
                                        "a-young",
                                        1,
                                        "{\"rules\":["
                                                + rule("a.example", path("Prefix", "/", "young"))
                                                + "]}"),
                                ingress(
                                        "old",
                                        5,
                                        "{\"rules\":["
                                                + rule("a.example", path("Prefix", "/", "old"))
                                                + "]}")));
        assertEquals("old", find(routes, "a.example", "/"));
    }
}
