package dev.shiplog.event;

import dev.shiplog.event.SchedulerEvent.NominationWithdrawn;
import dev.shiplog.event.SchedulerEvent.PodBound;
import dev.shiplog.event.SchedulerEvent.PodNominated;
import dev.shiplog.event.SchedulerEvent.PodUnschedulable;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

/** The shapes of the events that schedulers make. */
final class SchedulerEventCodec {
    private SchedulerEventCodec() {}

    static String type(SchedulerEvent event) {
        return switch (event) {
            case PodBound _ -> "PodBound";
            case PodUnschedulable _ -> "PodUnschedulable";
            case PodNominated _ -> "PodNominated";
            case NominationWithdrawn _ -> "NominationWithdrawn";
        };
    }

    static void write(SchedulerEvent event, JsonWriter out) {
        switch (event) {
            case PodBound e ->
                    out.number("feasible", e.feasible())
                            .text("node", e.node().value())
                            .text("pod", e.pod().toString())
                            .text("scheduler", e.scheduler())
                            .number("score", e.score())
                            .text("uid", e.uid().value());
            case PodNominated e ->
                    out.text("node", e.node().value())
                            .text("pod", e.pod().toString())
                            .text("scheduler", e.scheduler())
                            .text("uid", e.uid().value())
                            .texts(
                                    "victims",
                                    e.victims().stream().map(ResourceKey::toString).toList());
            case NominationWithdrawn e ->
                    out.text("pod", e.pod().toString())
                            .text("scheduler", e.scheduler())
                            .text("uid", e.uid().value());
            case PodUnschedulable e -> {
                out.text("message", e.message()).begin("objections");
                e.objections().forEach(out::number);
                out.end()
                        .text("pod", e.pod().toString())
                        .text("scheduler", e.scheduler())
                        .text("uid", e.uid().value());
            }
        }
    }

    static @Nullable SchedulerEvent read(String type, JsonMembers in) {
        return switch (type) {
            case "PodBound" ->
                    new PodBound(
                            pod(in),
                            new Uid(in.text("uid")),
                            new NodeName(in.text("node")),
                            in.text("scheduler"),
                            Math.toIntExact(in.number("feasible")),
                            Math.toIntExact(in.number("score")));
            case "PodUnschedulable" ->
                    new PodUnschedulable(
                            pod(in),
                            new Uid(in.text("uid")),
                            in.text("scheduler"),
                            in.numberMap("objections"),
                            in.text("message"));
            case "PodNominated" ->
                    new PodNominated(
                            pod(in),
                            new Uid(in.text("uid")),
                            new NodeName(in.text("node")),
                            in.text("scheduler"),
                            in.texts("victims").stream().map(ResourceKey::parse).toList());
            case "NominationWithdrawn" ->
                    new NominationWithdrawn(
                            pod(in), new Uid(in.text("uid")), in.text("scheduler"));
            default -> null;
        };
    }

    private static ResourceKey pod(JsonMembers in) {
        return ResourceKey.parse(in.text("pod"));
    }
}
