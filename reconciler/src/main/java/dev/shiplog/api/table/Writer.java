package dev.shiplog.api.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.kind.Column;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes resources and lists of them in a {@link Format}, as parts of canonical bytes. */
public final class Writer {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** What a kind prints that has no columns of its own. */
    private static final List<Column> PLAIN =
            List.of(
                    new Column(
                            "Name",
                            "string",
                            "name",
                            "Name must be unique within a namespace.",
                            0,
                            (resource, _) -> TextNode.valueOf(resource.key().name())),
                    new Column(
                            "Age",
                            "string",
                            "",
                            "How long ago this resource was created.",
                            0,
                            (resource, now) ->
                                    TextNode.valueOf(
                                            Ages.between(resource.metadata().created(), now))));

    private final ServedResource served;
    private final Format format;
    private final Instant now;

    /**
     * @param now what ages are counted to
     */
    public Writer(ServedResource served, Format format, Instant now) {
        this.served = served;
        this.format = format;
        this.now = now;
    }

    /** What a list says of itself. */
    public record Page(Position version, Optional<String> next, OptionalLong remaining) {
        public static Page complete(Position version) {
            return new Page(version, Optional.empty(), OptionalLong.empty());
        }
    }

    /** One resource, as a reply or as the object of a watch event. */
    public byte[] one(Resource resource) {
        return switch (format.shape()) {
            case WHOLE -> served.document(resource).bytes();
            case METADATA -> metadata(resource);
            case TABLE -> list(List.of(resource), Page.complete(resource.version()));
        };
    }

    /** A list of resources. */
    public byte[] list(Collection<Resource> resources, Page page) {
        if (format.shape() != Format.Shape.TABLE) {
            return joined(empty(page), resources.stream().map(this::one).toList());
        }
        return list(page, json -> rows(json, resources));
    }

    /** The same, to somebody who takes it piece by piece: it may be more than there is memory. */
    public void list(Collection<Resource> resources, Page page, OutputStream out)
            throws IOException {
        if (format.shape() == Format.Shape.TABLE) {
            list(page, json -> rows(json, resources), out);
            return;
        }
        byte[] empty = empty(page);
        out.write(empty, 0, empty.length - 2);
        boolean first = true;
        for (Resource resource : resources) {
            if (!first) {
                out.write(',');
            }
            first = false;
            out.write(passing(resource));
        }
        out.write(empty, empty.length - 2, 2);
    }

    private byte[] passing(Resource resource) {
        return format.shape() == Format.Shape.WHOLE
                ? served.passing(resource).bytes()
                : one(resource);
    }

    private byte[] empty(Page page) {
        return list(
                page,
                json -> {
                    json.writeArrayFieldStart("items");
                    json.writeEndArray();
                });
    }

    private void rows(JsonGenerator json, Collection<Resource> resources) throws IOException {
        columns(json);
        json.writeArrayFieldStart("rows");
        for (Resource resource : resources) {
            row(json, resource);
        }
        json.writeEndArray();
    }

    /** An empty list, which ends with its empty array, with its items in it. */
    private static byte[] joined(byte[] empty, List<byte[]> items) {
        int length = empty.length + Math.max(0, items.size() - 1);
        for (byte[] item : items) {
            length = Math.addExact(length, item.length);
        }
        byte[] all = Arrays.copyOf(empty, length);
        int at = empty.length - 2;
        for (int i = 0; i < items.size(); i++) {
            if (i > 0) {
                all[at++] = ',';
            }
            byte[] item = items.get(i);
            System.arraycopy(item, 0, all, at, item.length);
            at += item.length;
        }
        all[at] = ']';
        all[at + 1] = '}';
        return all;
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private byte[] list(Page page, Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 * 1024);
        try {
            list(page, content, bytes);
        } catch (IOException e) {
            throw new IllegalStateException("a list could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private void list(Page page, Content content, OutputStream out) throws IOException {
        try (JsonGenerator json =
                FACTORY.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            json.writeStartObject();
            json.writeStringField("kind", listKind());
            json.writeStringField("apiVersion", listApiVersion());
            json.writeObjectFieldStart("metadata");
            json.writeStringField("resourceVersion", page.version().toString());
            if (page.next().isPresent()) {
                json.writeStringField("continue", page.next().get());
            }
            if (page.remaining().isPresent()) {
                json.writeNumberField("remainingItemCount", page.remaining().getAsLong());
            }
            json.writeEndObject();
            content.write(json);
            json.writeEndObject();
        }
    }

    private String listKind() {
        return switch (format.shape()) {
            case WHOLE -> served.kindName() + "List";
            case METADATA -> "PartialObjectMetadataList";
            case TABLE -> "Table";
        };
    }

    private String listApiVersion() {
        return format.shape() == Format.Shape.WHOLE
                ? served.apiVersion()
                : "meta.k8s.io/" + format.metaVersion();
    }

    private List<Column> columnsOfKind() {
        return served.kind().columns().isEmpty() ? PLAIN : served.kind().columns();
    }

    private void columns(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("columnDefinitions");
        for (Column column : columnsOfKind()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", column.type());
            json.writeStringField("format", column.format());
            json.writeStringField("description", column.description());
            json.writeNumberField("priority", column.priority());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void row(JsonGenerator json, Resource resource) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("cells");
        for (Column column : columnsOfKind()) {
            cell(json, column.cell().of(resource, now));
        }
        json.writeEndArray();
        json.writeFieldName("object");
        switch (format.included()) {
            case NONE -> json.writeNull();
            case METADATA -> raw(json, metadata(resource));
            case OBJECT -> raw(json, served.passing(resource).bytes());
        }
        json.writeEndObject();
    }

    private static void cell(JsonGenerator json, JsonNode value) throws IOException {
        if (value.isTextual()) {
            json.writeString(value.textValue());
        } else if (value.isIntegralNumber()) {
            json.writeNumber(value.longValue());
        } else {
            raw(json, Json.of(value).bytes());
        }
    }

    private byte[] metadata(Resource resource) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("kind", "PartialObjectMetadata");
            json.writeStringField("apiVersion", "meta.k8s.io/" + format.metaVersion());
            json.writeFieldName("metadata");
            raw(json, metadataOf(served.passing(resource)));
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("metadata could not be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Cuts the member out of the canonical bytes: it need not be read to be written again. */
    private static byte[] metadataOf(Json document) throws IOException {
        try (JsonParser parser = document.parser()) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("metadata");
                parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                if (found) {
                    int end = (int) parser.currentLocation().getByteOffset();
                    return Arrays.copyOfRange(document.bytes(), start, end);
                }
            }
        }
        return new byte[] {'{', '}'};
    }

    private static void raw(JsonGenerator json, byte[] canonical) throws IOException {
        json.writeRawValue(new SerializedString(new String(canonical, StandardCharsets.UTF_8)));
    }
}
