package dev.shiplog.state;

import dev.shiplog.event.OwnersCodec;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.time.Instant;
import java.util.Optional;

/** A resource with all its parts, as snapshots and the links of nodes write it. */
public final class ResourceCodec {
    private ResourceCodec() {}

    /** Writes a resource as an element of a list. */
    public static void write(Resource resource, JsonWriter out) {
        out.begin();
        members(resource, out);
        out.end();
    }

    /** Writes a resource as a member. */
    public static void write(String name, Resource resource, JsonWriter out) {
        out.begin(name);
        members(resource, out);
        out.end();
    }

    private static void members(Resource resource, JsonWriter out) {
        Metadata metadata = resource.metadata();
        out.texts("annotations", metadata.annotations())
                .text("apiVersion", resource.apiVersion())
                .json("body", resource.body())
                .text("created", metadata.created().toString());
        metadata.deletion()
                .ifPresent(deletion ->
                        out.begin("deletion")
                                .text("deadline", deletion.deadline().toString())
                                .number("graceSeconds", deletion.graceSeconds())
                                .end());
        out.texts("finalizers", metadata.finalizers());
        if (!metadata.generateName().isEmpty()) {
            out.text("generateName", metadata.generateName());
        }
        out.number("generation", metadata.generation())
                .text("key", resource.key().toString())
                .texts("labels", metadata.labels());
        if (!metadata.managedFields().isEmpty()) {
            out.json("managedFields", metadata.managedFields());
        }
        OwnersCodec.write(metadata.owners(), out);
        out.json("status", resource.status())
                .text("uid", metadata.uid().value())
                .number("version", resource.version().value());
    }

    /**
     * Reads it back.
     *
     * @throws IllegalArgumentException if it is no such object
     */
    public static Resource read(JsonMembers in) {
        Optional<Deletion> deletion = Optional.empty();
        if (in.has("deletion")) {
            JsonMembers asked = in.members("deletion");
            deletion =
                    Optional.of(
                            new Deletion(
                                    Instant.parse(asked.text("deadline")),
                                    asked.number("graceSeconds")));
        }
        Metadata metadata =
                new Metadata(
                        new Uid(in.text("uid")),
                        in.number("generation"),
                        Instant.parse(in.text("created")),
                        in.textMap("labels"),
                        in.textMap("annotations"),
                        OwnersCodec.read(in),
                        in.texts("finalizers"),
                        deletion,
                        in.has("generateName") ? in.text("generateName") : "",
                        in.has("managedFields") ? in.json("managedFields") : Json.EMPTY);
        return new Resource(
                ResourceKey.parse(in.text("key")),
                in.text("apiVersion"),
                metadata,
                in.json("body"),
                in.json("status"),
                new Position(in.number("version")));
    }
}
