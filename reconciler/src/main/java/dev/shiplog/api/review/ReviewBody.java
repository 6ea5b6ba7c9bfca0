package dev.shiplog.api.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;

import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Reads the few kinds of this package, in JSON or in Kubernetes' protobuf, as JSON. */
final class ReviewBody {
    private static final int MAX_BYTES = 256 * 1024;

    /** Before every protobuf body of the Kubernetes API; a {@code runtime.Unknown} follows. */
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ReviewBody() {}

    /**
     * @param kind what is expected in it
     * @throws ApiFailure 400 if it is something else
     */
    static ObjectNode read(Request request, String kind) throws IOException {
        byte[] bytes = request.body(MAX_BYTES);
        boolean protobuf =
                bytes.length >= MAGIC.length
                        && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
        ObjectNode body = protobuf ? protobuf(bytes, kind) : json(bytes, kind);
        String found = body.path("kind").asText(kind);
        if (!found.equals(kind)) {
            throw new ApiFailure(Status.badRequest("expected a " + kind + ", found a " + found));
        }
        return body;
    }

    private static ObjectNode json(byte[] bytes, String kind) {
        try {
            JsonNode node = Json.parse(new String(bytes, StandardCharsets.UTF_8)).toNode();
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("expected a " + kind + " in JSON: " + e.getMessage()), e);
        }
        throw new ApiFailure(Status.badRequest("expected a " + kind + " in JSON"));
    }

    private static ObjectNode protobuf(byte[] bytes, String kind) {
        try {
            Runtime.Unknown envelope =
                    Runtime.Unknown.parseFrom(
                            ByteString.copyFrom(bytes, MAGIC.length, bytes.length - MAGIC.length));
            Message prototype =
                    prototype(kind)
                            .orElseThrow(() ->
                                    new ApiFailure(
                                            Status.badRequest("expected JSON for a " + kind)));
            ObjectNode body =
                    object(
                            prototype.getParserForType().parseFrom(envelope.getRaw())
                                            instanceof Message m
                                    ? m
                                    : prototype);
            body.put("kind", envelope.getTypeMeta().getKind());
            body.put("apiVersion", envelope.getTypeMeta().getApiVersion());
            return body;
        } catch (InvalidProtocolBufferException e) {
            throw new ApiFailure(
                    Status.badRequest("expected a " + kind + " in protobuf: " + e.getMessage()), e);
        }
    }

    private static Optional<Message> prototype(String kind) {
        return switch (kind) {
            case "SelfSubjectAccessReview" ->
                    Optional.of(V1Authorization.SelfSubjectAccessReview.getDefaultInstance());
            case "SubjectAccessReview" ->
                    Optional.of(V1Authorization.SubjectAccessReview.getDefaultInstance());
            case "LocalSubjectAccessReview" ->
                    Optional.of(V1Authorization.LocalSubjectAccessReview.getDefaultInstance());
            case "SelfSubjectRulesReview" ->
                    Optional.of(V1Authorization.SelfSubjectRulesReview.getDefaultInstance());
            case "SelfSubjectReview" ->
                    Optional.of(V1Authentication.SelfSubjectReview.getDefaultInstance());
            case "TokenReview" -> Optional.of(V1Authentication.TokenReview.getDefaultInstance());
            case "TokenRequest" -> Optional.of(V1Authentication.TokenRequest.getDefaultInstance());
            default -> Optional.empty();
        };
    }

    private static ObjectNode object(Message message) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        message.getAllFields()
                .forEach((field, value) -> object.set(field.getName(), member(field, value)));
        return object;
    }

    private static JsonNode member(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            for (Object entry : (List<?>) value) {
                Message pair = (Message) entry;
                var type = pair.getDescriptorForType();
                map.set(
                        String.valueOf(pair.getField(type.findFieldByNumber(1))),
                        single(pair.getField(type.findFieldByNumber(2))));
            }
            return map;
        }
        if (!field.isRepeated()) {
            return single(value);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        ((List<?>) value).forEach(item -> list.add(single(item)));
        return list;
    }

    private static JsonNode single(Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            // A list with a name of its own in protobuf, and none in JSON.
            case Message message
                    when message.getDescriptorForType().getName().equals("ExtraValue") ->
                    message.getAllFields().values().stream()
                            .findFirst()
                            .<JsonNode>map(items -> {
                                ArrayNode list = nodes.arrayNode();
                                ((List<?>) items).forEach(item -> list.add(single(item)));
                                return list;
                            })
                            .orElseGet(nodes::arrayNode);
            case Message message when message.getDescriptorForType().getName().equals("Time") ->
                    // Only metadata has any, and nothing of it is kept.
                    nodes.nullNode();
            case Message message -> object(message);
            case Integer number -> nodes.numberNode(number);
            case Long number -> nodes.numberNode(number);
            case Boolean flag -> nodes.booleanNode(flag);
            case ByteString bytes ->
                    nodes.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            case EnumValueDescriptor constant -> nodes.textNode(constant.getName());
            default -> nodes.textNode(String.valueOf(value));
        };
    }
}
