package dev.shiplog.node.link.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ClusterView.Update;
import dev.shiplog.node.link.ControlPlane.Introduction;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.ControlPlane.Running;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is written is read back, and is one line. */
class LinkCodecTest {
    private static final ResourceKey KEY = ResourceKey.pod("default", "web");
    private static final Uid UID = new Uid("u-1");
    private static final Resource POD =
            new Resource(
                    KEY,
                    "v1",
                    new Metadata(
                            UID,
                            2,
                            Instant.parse("2026-11-23T12:00:00.5Z"),
                            new TreeMap<>(Map.of("app", "web")),
                            new TreeMap<>(Map.of("note", "two\nlines")),
                            List.of(
                                    new OwnerReference(
                                            "apps/v1",
                                            "ReplicaSet",
                                            "web",
                                            new Uid("o"),
                                            true,
                                            true)),
                            List.of("example.com/hold"),
                            Optional.of(new Deletion(Instant.parse("2026-11-23T12:01:00Z"), 30)),
                            "web-",
                            Json.EMPTY),
                    Json.parse("{\"spec\":{\"nodeName\":\"n1\"}}"),
                    Json.parse("{\"phase\":\"Running\"}"),
                    new Position(17));

    private static byte[] line(byte[] bytes) {
        assertFalse(new String(bytes, StandardCharsets.UTF_8).contains("\n"));
        return bytes;
    }

    @Test
    void introductions() {
        LinkCodec.Hello hello =
                new LinkCodec.Hello(
                        new Introduction(
                                new NodeName("n1"),
                                new TreeMap<>(Map.of("a", "b")),
                                Json.parse("{\"spec\":{}}"),
                                Json.parse("{\"capacity\":{\"cpu\":\"2\"}}")),
                        List.of(new Running(KEY, UID)));
        assertEquals(hello, LinkCodec.hello(line(LinkCodec.hello(hello))));
        assertEquals(
                hello.introduction(),
                LinkCodec.introduction(line(LinkCodec.introduction(hello.introduction()))));
    }

    @Test
    void reports() {
        LinkCodec.Report report =
                new LinkCodec.Report(
                        "life",
                        3,
                        List.of(
                                new PodReport(
                                        KEY, UID, Json.parse("{\"phase\":\"Failed\"}"), true)),
                        List.of(new Position(4), new Position(5)),
                        List.of(
                                new Note(KEY, UID, true, "BackOff", "again\nand", "kubelet", "n1")
                                        .sentAs(new NoteId("life", 3, 0))));
        assertEquals(report, LinkCodec.report(line(LinkCodec.report(report))));
    }

    @Test
    void orders() {
        SortedMap<String, byte[]> values = new TreeMap<>();
        byte[] binary = {0, (byte) 0xff, '\n'};
        values.put("key", binary);
        Order.Run run =
                new Order.Run(
                        new Position(9),
                        POD,
                        new PodInputs(
                                Map.of("settings", values),
                                Map.of(),
                                Map.of("pass", values),
                                new TreeMap<>(Map.of("WEB_SERVICE_PORT", "80"))));
        LinkCodec.Down read = LinkCodec.down(line(LinkCodec.down(new LinkCodec.Down.Ordered(run))));
        Order.Run got = (Order.Run) ((LinkCodec.Down.Ordered) read).order();
        assertEquals(run.id(), got.id());
        assertEquals(POD, got.document());
        assertArrayEquals(binary, got.inputs().secret("pass").orElseThrow().get("key"));
        assertArrayEquals(binary, got.inputs().configMap("settings").orElseThrow().get("key"));
        assertEquals(Map.of("WEB_SERVICE_PORT", "80"), got.inputs().services());
        for (Optional<Resource> last : List.of(Optional.of(POD), Optional.<Resource>empty())) {
            LinkCodec.Down stop =
                    new LinkCodec.Down.Ordered(
                            new Order.Stop(new Position(10), KEY, UID, 30, last));
            assertEquals(stop, LinkCodec.down(line(LinkCodec.down(stop))));
        }
        LinkCodec.Down session =
                new LinkCodec.Down.SessionWanted(
                        new SessionRequest(
                                "s1",
                                SessionRequest.Kind.EXEC,
                                KEY,
                                UID,
                                "c",
                                List.of("sh", "-c", "echo \u00e9"),
                                new TreeMap<>(Map.of("tty", "true"))));
        assertEquals(session, LinkCodec.down(line(LinkCodec.down(session))));
    }

    @Test
    void updates() {
        SortedMap<ResourceKey, Optional<Resource>> resources = new TreeMap<>();
        resources.put(KEY, Optional.of(POD));
        resources.put(ResourceKey.pod("default", "gone"), Optional.empty());
        Update update = new Update(new Position(20), false, resources);
        assertEquals(update, LinkCodec.update(line(LinkCodec.update(update))));
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> LinkCodec.down("{\"type\":\"dance\"}".getBytes(StandardCharsets.UTF_8)));
    }
}
