package dev.shiplog.event;

import dev.shiplog.event.NodeEvent.NodeRegistered;
import dev.shiplog.event.NodeEvent.PodReported;
import dev.shiplog.event.NodeEvent.WorkAcknowledged;
import dev.shiplog.event.NodeEvent.WorkOrdered;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

/** The shapes of the events about nodes. */
final class NodeEventCodec {
    private NodeEventCodec() {}

    static String type(NodeEvent event) {
        return switch (event) {
            case NodeRegistered _ -> "NodeRegistered";
            case WorkOrdered _ -> "WorkOrdered";
            case WorkAcknowledged _ -> "WorkAcknowledged";
            case PodReported _ -> "PodReported";
        };
    }

    static void write(NodeEvent event, JsonWriter out) {
        switch (event) {
            case NodeRegistered e ->
                    out.json("body", e.body())
                            .texts("labels", e.labels())
                            .text("node", e.node().value())
                            .json("status", e.status())
                            .text("uid", e.uid().value());
            case WorkOrdered e -> {
                out.text("node", e.node().value()).begin("work");
                WorkCodec.write(e.work(), out);
                out.end();
            }
            case WorkAcknowledged e ->
                    out.text("node", e.node().value()).number("order", e.order().value());
            case PodReported e ->
                    out.text("node", e.node().value())
                            .text("pod", e.pod().toString())
                            .json("status", e.status())
                            .text("uid", e.uid().value());
        }
    }

    static @Nullable NodeEvent read(String type, JsonMembers in) {
        return switch (type) {
            case "NodeRegistered" ->
                    new NodeRegistered(
                            node(in),
                            new Uid(in.text("uid")),
                            in.textMap("labels"),
                            in.json("body"),
                            in.json("status"));
            case "WorkOrdered" -> new WorkOrdered(node(in), WorkCodec.read(in.members("work")));
            case "WorkAcknowledged" ->
                    new WorkAcknowledged(node(in), new Position(in.number("order")));
            case "PodReported" ->
                    new PodReported(
                            node(in),
                            ResourceKey.parse(in.text("pod")),
                            new Uid(in.text("uid")),
                            in.json("status"));
            default -> null;
        };
    }

    private static NodeName node(JsonMembers in) {
        return new NodeName(in.text("node"));
    }
}
