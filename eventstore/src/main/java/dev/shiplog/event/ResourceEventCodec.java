package dev.shiplog.event;

import dev.shiplog.event.ResourceEvent.AddressesGiven;
import dev.shiplog.event.ResourceEvent.DeclarationRealized;
import dev.shiplog.event.ResourceEvent.DeletionRequested;
import dev.shiplog.event.ResourceEvent.Effect;
import dev.shiplog.event.ResourceEvent.MetadataChanged;
import dev.shiplog.event.ResourceEvent.Noted;
import dev.shiplog.event.ResourceEvent.PriorityGiven;
import dev.shiplog.event.ResourceEvent.ReplicasScaled;
import dev.shiplog.event.ResourceEvent.ResourceCreated;
import dev.shiplog.event.ResourceEvent.ResourceDeclared;
import dev.shiplog.event.ResourceEvent.ResourceRemoved;
import dev.shiplog.event.ResourceEvent.ResourceRevised;
import dev.shiplog.event.ResourceEvent.ResourceWithdrawn;
import dev.shiplog.event.ResourceEvent.StatusChanged;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.Uid;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The shapes of the events about resources. */
final class ResourceEventCodec {
    private ResourceEventCodec() {}

    static String type(ResourceEvent event) {
        return switch (event) {
            case ResourceDeclared _ -> "ResourceDeclared";
            case ResourceWithdrawn _ -> "ResourceWithdrawn";
            case DeclarationRealized _ -> "DeclarationRealized";
            case ResourceCreated _ -> "ResourceCreated";
            case ResourceRevised _ -> "ResourceRevised";
            case MetadataChanged _ -> "MetadataChanged";
            case DeletionRequested _ -> "DeletionRequested";
            case ResourceRemoved _ -> "ResourceRemoved";
            case StatusChanged _ -> "StatusChanged";
            case AddressesGiven _ -> "AddressesGiven";
            case PriorityGiven _ -> "PriorityGiven";
            case ReplicasScaled _ -> "ReplicasScaled";
            case Noted _ -> "Noted";
        };
    }

    static void write(ResourceEvent event, JsonWriter out) {
        switch (event) {
            case ResourceDeclared e -> write(e, out);
            case ResourceWithdrawn e ->
                    out.text("key", e.key().toString()).text("source", e.source().value());
            case DeclarationRealized e -> keyAndUid(e.key(), e.uid(), out);
            case ResourceCreated e -> write(e, out);
            case ResourceRevised e -> {
                out.json("body", e.body()).number("generation", e.generation());
                keyAndUid(e.key(), e.uid(), out);
            }
            case MetadataChanged e -> write(e, out);
            case DeletionRequested e -> {
                out.text("deadline", e.deletion().deadline().toString())
                        .number("graceSeconds", e.deletion().graceSeconds())
                        .text("key", e.key().toString())
                        .text("propagation", propagation(e.propagation()))
                        .text("uid", e.uid().value());
            }
            case ResourceRemoved e -> keyAndUid(e.key(), e.uid(), out);
            case StatusChanged e ->
                    out.text("key", e.key().toString())
                            .json("status", e.status())
                            .text("uid", e.uid().value());
            case AddressesGiven e -> write(e, out);
            case PriorityGiven e ->
                    out.text("key", e.key().toString())
                            .text("preemptionPolicy", e.preemptionPolicy())
                            .number("priority", e.priority())
                            .text("uid", e.uid().value());
            case ReplicasScaled e ->
                    out.text("by", e.by().toString())
                            .number("generation", e.generation())
                            .text("key", e.key().toString())
                            .text("reason", e.reason())
                            .number("replicas", e.replicas())
                            .text("uid", e.uid().value());
            case Noted e -> write(e, out);
        }
    }

    private static void write(ResourceDeclared e, JsonWriter out) {
        out.texts("annotations", e.annotations())
                .text("apiVersion", e.apiVersion())
                .json("body", e.body())
                .begin("effect");
        switch (e.effect()) {
            case Effect.Created(Uid uid) -> out.text("type", "Created").text("uid", uid.value());
            case Effect.Revised(long generation) ->
                    out.number("generation", generation).text("type", "Revised");
            case Effect.Deferred(String reason) ->
                    out.text("reason", reason).text("type", "Deferred");
        }
        out.end();
        if (!e.finalizers().isEmpty()) {
            out.texts("finalizers", e.finalizers());
        }
        out.text("key", e.key().toString()).texts("labels", e.labels());
        OwnersCodec.writeIfAny(e.owners(), out);
        out.text("path", e.path()).text("source", e.source().value());
    }

    private static void write(ResourceCreated e, JsonWriter out) {
        out.texts("annotations", e.annotations())
                .text("apiVersion", e.apiVersion())
                .json("body", e.body())
                .texts("finalizers", e.finalizers());
        if (!e.generateName().isEmpty()) {
            out.text("generateName", e.generateName());
        }
        out.text("key", e.key().toString()).texts("labels", e.labels());
        fields(e.managedFields(), out);
        OwnersCodec.write(e.owners(), out);
        out.text("uid", e.uid().value());
    }

    private static void write(MetadataChanged e, JsonWriter out) {
        out.texts("annotations", e.annotations())
                .texts("finalizers", e.finalizers())
                .text("key", e.key().toString())
                .texts("labels", e.labels());
        fields(e.managedFields(), out);
        OwnersCodec.write(e.owners(), out);
        out.text("uid", e.uid().value());
    }

    private static void write(AddressesGiven e, JsonWriter out) {
        out.text("clusterIp", e.clusterIp())
                .number("healthCheckPort", e.healthCheckPort())
                .text("key", e.key().toString())
                .begin("nodePorts");
        e.nodePorts().forEach(out::number);
        out.end().text("uid", e.uid().value());
    }

    private static SortedMap<String, Integer> ports(JsonMembers in) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        in.json("nodePorts")
                .toNode()
                .properties()
                .forEach(port -> ports.put(port.getKey(), port.getValue().asInt()));
        return ports;
    }

    private static void write(Noted e, JsonWriter out) {
        out.text("component", e.component())
                .text("key", e.key().toString())
                .text("message", e.message())
                .text("node", e.node())
                .text("reason", e.reason());
        e.sent().ifPresent(id -> out.text("sent", id.toString()));
        out.text("uid", e.uid().value()).flag("warning", e.warning());
    }

    /** Absent while nobody keeps account: most resources never have one. */
    private static void fields(Json managedFields, JsonWriter out) {
        if (!managedFields.isEmpty()) {
            out.json("managedFields", managedFields);
        }
    }

    private static Json fields(JsonMembers in) {
        return in.has("managedFields") ? in.json("managedFields") : Json.EMPTY;
    }

    private static void keyAndUid(ResourceKey key, Uid uid, JsonWriter out) {
        out.text("key", key.toString()).text("uid", uid.value());
    }

    static @Nullable ResourceEvent read(String type, JsonMembers in) {
        return switch (type) {
            case "ResourceDeclared" -> declared(in);
            case "ResourceWithdrawn" -> new ResourceWithdrawn(source(in), key(in));
            case "DeclarationRealized" -> new DeclarationRealized(key(in), uid(in));
            case "ResourceCreated" ->
                    new ResourceCreated(
                            key(in),
                            in.text("apiVersion"),
                            uid(in),
                            in.textMap("labels"),
                            in.textMap("annotations"),
                            OwnersCodec.read(in),
                            in.texts("finalizers"),
                            in.json("body"),
                            in.has("generateName") ? in.text("generateName") : "",
                            fields(in));
            case "ResourceRevised" ->
                    new ResourceRevised(key(in), uid(in), in.number("generation"), in.json("body"));
            case "MetadataChanged" ->
                    new MetadataChanged(
                            key(in),
                            uid(in),
                            in.textMap("labels"),
                            in.textMap("annotations"),
                            OwnersCodec.read(in),
                            in.texts("finalizers"),
                            fields(in));
            case "DeletionRequested" ->
                    new DeletionRequested(
                            key(in),
                            uid(in),
                            new Deletion(
                                    Instant.parse(in.text("deadline")), in.number("graceSeconds")),
                            propagation(in.text("propagation")));
            case "ResourceRemoved" -> new ResourceRemoved(key(in), uid(in));
            case "StatusChanged" -> new StatusChanged(key(in), uid(in), in.json("status"));
            case "AddressesGiven" ->
                    new AddressesGiven(
                            key(in),
                            uid(in),
                            in.text("clusterIp"),
                            ports(in),
                            (int) in.number("healthCheckPort"));
            case "PriorityGiven" ->
                    new PriorityGiven(
                            key(in),
                            uid(in),
                            Math.toIntExact(in.number("priority")),
                            in.text("preemptionPolicy"));
            case "ReplicasScaled" ->
                    new ReplicasScaled(
                            key(in),
                            uid(in),
                            in.number("generation"),
                            Math.toIntExact(in.number("replicas")),
                            ResourceKey.parse(in.text("by")),
                            in.text("reason"));
            case "Noted" ->
                    new Noted(
                            key(in),
                            uid(in),
                            in.flag("warning"),
                            in.text("reason"),
                            in.text("message"),
                            in.text("component"),
                            in.text("node"),
                            in.has("sent")
                                    ? Optional.of(NoteId.parse(in.text("sent")))
                                    : Optional.empty());
            default -> null;
        };
    }

    private static ResourceDeclared declared(JsonMembers in) {
        return new ResourceDeclared(
                source(in),
                in.text("path"),
                key(in),
                in.text("apiVersion"),
                in.textMap("labels"),
                in.textMap("annotations"),
                OwnersCodec.readIfAny(in),
                in.has("finalizers") ? in.texts("finalizers") : List.of(),
                in.json("body"),
                effect(in.members("effect")));
    }

    private static Effect effect(JsonMembers in) {
        String type = in.text("type");
        return switch (type) {
            case "Created" -> new Effect.Created(uid(in));
            case "Revised" -> new Effect.Revised(in.number("generation"));
            case "Deferred" -> new Effect.Deferred(in.text("reason"));
            default ->
                    throw new IllegalArgumentException(
                            "expected Created, Revised or Deferred, found " + type);
        };
    }

    private static String propagation(Propagation value) {
        return switch (value) {
            case BACKGROUND -> "Background";
            case FOREGROUND -> "Foreground";
            case ORPHAN -> "Orphan";
        };
    }

    private static Propagation propagation(String name) {
        return switch (name) {
            case "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default ->
                    throw new IllegalArgumentException(
                            "expected Background, Foreground or Orphan, found " + name);
        };
    }

    private static ResourceKey key(JsonMembers in) {
        return ResourceKey.parse(in.text("key"));
    }

    private static Uid uid(JsonMembers in) {
        return new Uid(in.text("uid"));
    }

    private static SourceName source(JsonMembers in) {
        return new SourceName(in.text("source"));
    }
}
