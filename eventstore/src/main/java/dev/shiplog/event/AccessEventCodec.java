package dev.shiplog.event;

import dev.shiplog.event.AccessEvent.AccessRefused;
import dev.shiplog.event.AccessEvent.SessionClosed;
import dev.shiplog.event.AccessEvent.SessionOpened;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

/** The shapes of the events about access. */
final class AccessEventCodec {
    private AccessEventCodec() {}

    static String type(AccessEvent event) {
        return switch (event) {
            case AccessRefused _ -> "AccessRefused";
            case SessionOpened _ -> "SessionOpened";
            case SessionClosed _ -> "SessionClosed";
        };
    }

    static void write(AccessEvent event, JsonWriter out) {
        switch (event) {
            case AccessRefused e ->
                    out.text("from", e.from())
                            .number("times", e.times())
                            .text("verb", e.verb())
                            .text("what", e.what())
                            .text("who", e.who())
                            .text("why", e.why());
            case SessionOpened e ->
                    out.texts("command", e.command())
                            .text("container", e.container())
                            .text("from", e.from())
                            .text("kind", kind(e.kind()))
                            .text("pod", e.pod().toString())
                            .text("session", e.session())
                            .text("uid", e.uid().value())
                            .text("who", e.who());
            case SessionClosed e ->
                    out.text("outcome", e.outcome())
                            .text("pod", e.pod().toString())
                            .text("session", e.session())
                            .text("uid", e.uid().value())
                            .text("who", e.who());
        }
    }

    static @Nullable AccessEvent read(String type, JsonMembers in) {
        return switch (type) {
            case "AccessRefused" ->
                    new AccessRefused(
                            in.text("who"),
                            in.text("from"),
                            in.text("verb"),
                            in.text("what"),
                            in.text("why"),
                            in.number("times"));
            case "SessionOpened" ->
                    new SessionOpened(
                            in.text("who"),
                            in.text("from"),
                            in.text("session"),
                            kind(in.text("kind")),
                            ResourceKey.parse(in.text("pod")),
                            new Uid(in.text("uid")),
                            in.text("container"),
                            in.texts("command"));
            case "SessionClosed" ->
                    new SessionClosed(
                            in.text("who"),
                            in.text("session"),
                            ResourceKey.parse(in.text("pod")),
                            new Uid(in.text("uid")),
                            in.text("outcome"));
            default -> null;
        };
    }

    private static String kind(SessionKind kind) {
        return switch (kind) {
            case EXEC -> "exec";
            case ATTACH -> "attach";
            case PORT_FORWARD -> "portforward";
        };
    }

    private static SessionKind kind(String name) {
        return switch (name) {
            case "exec" -> SessionKind.EXEC;
            case "attach" -> SessionKind.ATTACH;
            case "portforward" -> SessionKind.PORT_FORWARD;
            default ->
                    throw new IllegalArgumentException(
                            "expected exec, attach or portforward, found " + name);
        };
    }
}
