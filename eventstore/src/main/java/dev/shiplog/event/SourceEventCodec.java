package dev.shiplog.event;

import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.event.SourceEvent.CommitHeld;
import dev.shiplog.event.SourceEvent.SourceFailed;
import dev.shiplog.event.SourceEvent.SourceRecovered;
import dev.shiplog.event.SourceEvent.SourceRegistered;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.SourceName;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** The shapes of the events about Git sources. */
final class SourceEventCodec {
    private SourceEventCodec() {}

    static String type(SourceEvent event) {
        return switch (event) {
            case SourceRegistered _ -> "SourceRegistered";
            case CommitApplied _ -> "CommitApplied";
            case CommitHeld _ -> "CommitHeld";
            case SourceFailed _ -> "SourceFailed";
            case SourceRecovered _ -> "SourceRecovered";
        };
    }

    static void write(SourceEvent event, JsonWriter out) {
        switch (event) {
            case SourceRegistered e ->
                    out.text("branch", e.branch())
                            .text("path", e.path())
                            .flag("served", e.served())
                            .text("source", e.source().value())
                            .text("url", e.url());
            case CommitApplied e -> write(e, out);
            case CommitHeld e ->
                    out.text("commit", e.commit().value())
                            .text("message", e.message())
                            .text("reason", e.reason())
                            .text("source", e.source().value());
            case SourceFailed e ->
                    out.text("message", e.message())
                            .text("reason", e.reason())
                            .text("source", e.source().value());
            case SourceRecovered e -> out.text("source", e.source().value());
        }
    }

    private static void write(CommitApplied e, JsonWriter out) {
        out.text("commit", e.commit().value()).number("declared", e.declared());
        out.begin("info")
                .text("authorEmail", e.info().authorEmail())
                .text("authorName", e.info().authorName())
                .text("authoredAt", e.info().authoredAt().toString())
                .text("message", e.info().message())
                .end();
        e.previous().ifPresent(previous -> out.text("previous", previous.value()));
        out.text("pusher", e.pusher())
                .text("source", e.source().value())
                .number("withdrawn", e.withdrawn());
    }

    static @Nullable SourceEvent read(String type, JsonMembers in) {
        return switch (type) {
            case "SourceRegistered" ->
                    new SourceRegistered(
                            source(in),
                            in.text("url"),
                            in.text("branch"),
                            in.text("path"),
                            in.flag("served"));
            case "CommitApplied" ->
                    new CommitApplied(
                            source(in),
                            commit(in),
                            in.has("previous")
                                    ? Optional.of(new CommitId(in.text("previous")))
                                    : Optional.empty(),
                            info(in.members("info")),
                            in.text("pusher"),
                            Math.toIntExact(in.number("declared")),
                            Math.toIntExact(in.number("withdrawn")));
            case "CommitHeld" ->
                    new CommitHeld(source(in), commit(in), in.text("reason"), in.text("message"));
            case "SourceFailed" ->
                    new SourceFailed(source(in), in.text("reason"), in.text("message"));
            case "SourceRecovered" -> new SourceRecovered(source(in));
            default -> null;
        };
    }

    private static SourceName source(JsonMembers in) {
        return new SourceName(in.text("source"));
    }

    private static CommitId commit(JsonMembers in) {
        return new CommitId(in.text("commit"));
    }

    private static CommitInfo info(JsonMembers in) {
        return new CommitInfo(
                in.text("authorName"),
                in.text("authorEmail"),
                Instant.parse(in.text("authoredAt")),
                in.text("message"));
    }
}
