package dev.shiplog.node.link.wire;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ClusterView.Update;
import dev.shiplog.node.link.ControlPlane.Introduction;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.ControlPlane.Running;
import dev.shiplog.node.link.ControlPlane.TokenReply;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ResourceCodec;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes and reads the messages of a link. Each is one JSON object on one line. Secrets stand in
 * them in the plain: they travel over TLS only and are not kept.
 *
 * <p>Reading throws {@link IllegalArgumentException} for what is no such message.
 */
public final class LinkCodec {
    private LinkCodec() {}

    /** What a node says when it connects. */
    public record Hello(Introduction introduction, List<Running> running) {}

    /**
     * What a node reports.
     *
     * @param session one life of the node's program
     * @param number counts the reports of that life from 1: a repetition has the same
     * @param notes as they are read, each has an id that follows from the session, the number and
     *     its place
     */
    public record Report(
            String session,
            long number,
            List<PodReport> pods,
            List<Position> acknowledged,
            List<Note> notes) {}

    /** What comes down a node's stream. */
    public sealed interface Down {
        record Ordered(Order order) implements Down {}

        /** Somebody wants a session: the node opens a WebSocket for it. */
        record SessionWanted(SessionRequest request) implements Down {}
    }

    // ---- up ----

    public static byte[] hello(Hello hello) {
        JsonWriter out = new JsonWriter().begin();
        out.begin("introduction");
        write(hello.introduction(), out);
        out.end().beginList("running");
        hello.running()
                .forEach(pod ->
                        out.begin()
                                .text("pod", pod.pod().toString())
                                .text("uid", pod.uid().value())
                                .end());
        return out.endList().end().bytes();
    }

    public static Hello hello(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        return new Hello(
                readIntroduction(in.members("introduction")),
                in.list("running").stream()
                        .map(pod -> new Running(key(pod, "pod"), new Uid(pod.text("uid"))))
                        .toList());
    }

    public static byte[] introduction(Introduction introduction) {
        JsonWriter out = new JsonWriter().begin();
        write(introduction, out);
        return out.end().bytes();
    }

    public static Introduction introduction(byte[] bytes) {
        return readIntroduction(JsonMembers.of(bytes));
    }

    private static void write(Introduction introduction, JsonWriter out) {
        out.json("body", introduction.body())
                .texts("labels", introduction.labels())
                .text("node", introduction.node().value())
                .json("status", introduction.status());
    }

    private static Introduction readIntroduction(JsonMembers in) {
        return new Introduction(
                new NodeName(in.text("node")),
                in.textMap("labels"),
                in.json("body"),
                in.json("status"));
    }

    public static byte[] report(Report report) {
        JsonWriter out = new JsonWriter().begin();
        out.texts("acknowledged", report.acknowledged().stream().map(Position::toString).toList());
        out.beginList("notes");
        report.notes()
                .forEach(note ->
                        out.begin()
                                .text("about", note.about().toString())
                                .text("component", note.component())
                                .text("message", note.message())
                                .text("node", note.node())
                                .text("reason", note.reason())
                                .text("uid", note.uid().value())
                                .flag("warning", note.warning())
                                .end());
        out.endList().number("number", report.number()).beginList("pods");
        report.pods()
                .forEach(pod ->
                        out.begin()
                                .text("pod", pod.pod().toString())
                                .json("status", pod.status())
                                .flag("stopped", pod.stopped())
                                .text("uid", pod.uid().value())
                                .end());
        return out.endList().text("session", report.session()).end().bytes();
    }

    public static Report report(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        String session = in.text("session");
        long number = in.number("number");
        return new Report(
                session,
                number,
                in.list("pods").stream()
                        .map(pod ->
                                new PodReport(
                                        key(pod, "pod"),
                                        new Uid(pod.text("uid")),
                                        pod.json("status"),
                                        pod.flag("stopped")))
                        .toList(),
                in.texts("acknowledged").stream().map(LinkCodec::position).toList(),
                notes(in.list("notes"), session, number));
    }

    private static List<Note> notes(List<JsonMembers> in, String session, long number) {
        List<Note> notes = new ArrayList<>(in.size());
        for (JsonMembers note : in) {
            notes.add(
                    new Note(
                            key(note, "about"),
                            new Uid(note.text("uid")),
                            note.flag("warning"),
                            note.text("reason"),
                            note.text("message"),
                            note.text("component"),
                            note.text("node"),
                            Optional.of(new NoteId(session, number, notes.size()))));
        }
        return List.copyOf(notes);
    }

    private static Position position(String text) {
        return new Position(Long.parseLong(text));
    }

    /** What a node asks a token with. */
    public record TokenAsked(ResourceKey pod, Uid uid, String audience, long seconds) {}

    public static byte[] tokenAsked(TokenAsked asked) {
        return new JsonWriter()
                .begin()
                .text("audience", asked.audience())
                .text("pod", asked.pod().toString())
                .number("seconds", asked.seconds())
                .text("uid", asked.uid().value())
                .end()
                .bytes();
    }

    public static TokenAsked tokenAsked(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        return new TokenAsked(
                key(in, "pod"), new Uid(in.text("uid")), in.text("audience"), in.number("seconds"));
    }

    // ---- down ----

    public static byte[] tokenReply(TokenReply reply) {
        JsonWriter out = new JsonWriter().begin();
        switch (reply) {
            case TokenReply.Issued(String token, Instant expires) ->
                    out.text("expires", expires.toString()).text("token", token);
            case TokenReply.Refused(String why) -> out.text("refused", why);
        }
        return out.end().bytes();
    }

    public static TokenReply tokenReply(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        return in.has("refused")
                ? new TokenReply.Refused(in.text("refused"))
                : new TokenReply.Issued(in.text("token"), Instant.parse(in.text("expires")));
    }

    public static byte[] down(Down down) {
        JsonWriter out = new JsonWriter().begin();
        switch (down) {
            case Down.Ordered(Order.Run(var id, var document, var inputs)) -> {
                values("binaries", inputs.binaries(), out);
                values("configMaps", inputs.configMaps(), out);
                ResourceCodec.write("document", document, out);
                out.number("id", id.value());
                values("secrets", inputs.secrets(), out);
                out.texts("services", inputs.services()).text("type", "run");
            }
            case Down.Ordered(Order.Stop(var id, var pod, var uid, var grace, var document)) -> {
                document.ifPresent(last -> ResourceCodec.write("document", last, out));
                out.number("graceSeconds", grace)
                        .number("id", id.value())
                        .text("pod", pod.toString())
                        .text("type", "stop")
                        .text("uid", uid.value());
            }
            case Down.SessionWanted(SessionRequest request) -> {
                out.begin("session");
                request.write(out);
                out.end().text("type", "session");
            }
        }
        return out.end().bytes();
    }

    public static Down down(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        String type = in.text("type");
        return switch (type) {
            case "run" ->
                    new Down.Ordered(
                            new Order.Run(
                                    new Position(in.number("id")),
                                    ResourceCodec.read(in.members("document")),
                                    readInputs(in)));
            case "stop" ->
                    new Down.Ordered(
                            new Order.Stop(
                                    new Position(in.number("id")),
                                    key(in, "pod"),
                                    new Uid(in.text("uid")),
                                    in.number("graceSeconds"),
                                    in.has("document")
                                            ? Optional.of(
                                                    ResourceCodec.read(in.members("document")))
                                            : Optional.empty()));
            case "session" -> new Down.SessionWanted(SessionRequest.read(in.members("session")));
            default ->
                    throw new IllegalArgumentException(
                            "expected run, stop or session, found " + type);
        };
    }

    private static PodInputs readInputs(JsonMembers in) {
        return new PodInputs(
                values(in, "configMaps"),
                values(in, "binaries"),
                values(in, "secrets"),
                in.textMap("services"));
    }

    private static void values(
            String name, SortedMap<String, SortedMap<String, byte[]>> all, JsonWriter out) {
        out.beginList(name);
        all.forEach((one, values) -> {
            SortedMap<String, String> encoded = new TreeMap<>();
            values.forEach((key, value) -> encoded.put(key, encode(value)));
            out.begin().text("name", one).texts("values", encoded).end();
        });
        out.endList();
    }

    private static Map<String, SortedMap<String, byte[]>> values(JsonMembers in, String name) {
        Map<String, SortedMap<String, byte[]>> all = new TreeMap<>();
        for (JsonMembers one : in.list(name)) {
            SortedMap<String, byte[]> values = new TreeMap<>();
            one.textMap("values").forEach((key, value) -> values.put(key, decode(value)));
            all.put(one.text("name"), values);
        }
        return all;
    }

    private static String encode(byte[] value) {
        return Base64.getEncoder().encodeToString(value);
    }

    private static byte[] decode(String text) {
        return Base64.getDecoder().decode(text);
    }

    public static byte[] update(Update update) {
        JsonWriter out = new JsonWriter().begin();
        out.number("at", update.at().value());
        out.texts(
                "gone",
                update.resources().entrySet().stream()
                        .filter(one -> one.getValue().isEmpty())
                        .map(one -> one.getKey().toString())
                        .toList());
        out.beginList("there");
        update.resources()
                .values()
                .forEach(found -> found.ifPresent(resource -> ResourceCodec.write(resource, out)));
        return out.endList().flag("whole", update.whole()).end().bytes();
    }

    public static Update update(byte[] bytes) {
        JsonMembers in = JsonMembers.of(bytes);
        SortedMap<ResourceKey, Optional<Resource>> resources = new TreeMap<>();
        in.texts("gone").forEach(key -> resources.put(ResourceKey.parse(key), Optional.empty()));
        for (JsonMembers entry : in.list("there")) {
            Resource resource = ResourceCodec.read(entry);
            resources.put(resource.key(), Optional.of(resource));
        }
        return new Update(new Position(in.number("at")), in.flag("whole"), resources);
    }

    private static ResourceKey key(JsonMembers in, String name) {
        return ResourceKey.parse(in.text(name));
    }
}
