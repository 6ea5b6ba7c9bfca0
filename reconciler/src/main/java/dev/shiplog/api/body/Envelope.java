package dev.shiplog.api.body;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authentication;
import io.kubernetes.client.proto.V1Authorization;
import io.kubernetes.client.proto.V1Autoscaling;
import io.kubernetes.client.proto.V1Batch;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.kubernetes.client.proto.V1Discovery;
import io.kubernetes.client.proto.V1Events;
import io.kubernetes.client.proto.V1Networking;
import io.kubernetes.client.proto.V1Policy;
import io.kubernetes.client.proto.V1Rbac;
import io.kubernetes.client.proto.V1Scheduling;
import io.kubernetes.client.proto.V1Storage;
import io.kubernetes.client.proto.V1beta1Extensions;
import io.kubernetes.client.proto.V1beta2Apps;
import io.kubernetes.client.proto.V2Autoscaling;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kubernetes' protobuf: the four bytes {@code k8s\0}, then {@code runtime.Unknown} with the type's
 * name and the object's own message. Wire format: k8s.io/apimachinery/pkg/runtime/generated.proto.
 */
final class Envelope {
    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /** The messages by API version. */
    private static final Map<String, FileDescriptor> FILES =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry("v1", V1.getDescriptor()),
                            Map.entry("apps/v1", V1Apps.getDescriptor()),
                            Map.entry("apps/v1beta2", V1beta2Apps.getDescriptor()),
                            Map.entry("extensions/v1beta1", V1beta1Extensions.getDescriptor()),
                            Map.entry("batch/v1", V1Batch.getDescriptor()),
                            Map.entry("autoscaling/v1", V1Autoscaling.getDescriptor()),
                            Map.entry("autoscaling/v2", V2Autoscaling.getDescriptor()),
                            Map.entry("coordination.k8s.io/v1", V1Coordination.getDescriptor()),
                            Map.entry("discovery.k8s.io/v1", V1Discovery.getDescriptor()),
                            Map.entry("events.k8s.io/v1", V1Events.getDescriptor()),
                            Map.entry("policy/v1", V1Policy.getDescriptor()),
                            Map.entry("networking.k8s.io/v1", V1Networking.getDescriptor()),
                            Map.entry("rbac.authorization.k8s.io/v1", V1Rbac.getDescriptor()),
                            Map.entry("storage.k8s.io/v1", V1Storage.getDescriptor()),
                            Map.entry("scheduling.k8s.io/v1", V1Scheduling.getDescriptor()),
                            Map.entry("certificates.k8s.io/v1", V1Certificates.getDescriptor()),
                            Map.entry("authorization.k8s.io/v1", V1Authorization.getDescriptor()),
                            Map.entry("authentication.k8s.io/v1", V1Authentication.getDescriptor()),
                            Map.entry("meta.k8s.io/v1", Meta.getDescriptor())));

    private Envelope() {}

    static boolean begins(byte[] bytes) {
        return bytes.length >= MAGIC.length
                && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * The object in an envelope, as JSON.
     *
     * @throws IllegalArgumentException if the bytes are broken, or of a type that is not known
     */
    static ObjectNode open(byte[] bytes) {
        if (!begins(bytes)) {
            throw new IllegalArgumentException(
                    "expected Kubernetes protobuf, which begins with \"k8s\" and a zero byte");
        }
        try {
            // Not by the generated parser: it is so old that unknown fields can be made to cost
            // much more than their bytes (GHSA-h4h5-3hr4-j3g2).
            DynamicMessage unknown =
                    DynamicMessage.parseFrom(
                            Unknown.getDescriptor(),
                            Arrays.copyOfRange(bytes, MAGIC.length, bytes.length));
            String encoding = text(unknown, "contentEncoding");
            String content = text(unknown, "contentType");
            if (!encoding.isEmpty() || content.startsWith("application/json")) {
                throw new IllegalArgumentException(
                        "expected a plain message, found " + encoding + " " + content);
            }
            Message type = (Message) field(unknown, "typeMeta");
            String version = text(type, "apiVersion");
            String kind = text(type, "kind");
            ObjectNode object =
                    ProtoJson.object(
                            DynamicMessage.parseFrom(
                                    message(version, kind), (ByteString) field(unknown, "raw")));
            object.put("apiVersion", version);
            object.put("kind", kind);
            return object;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("broken protobuf: " + e.getMessage(), e);
        }
    }

    private static Object field(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static String text(Message message, String name) {
        return (String) field(message, name);
    }

    private static Descriptor message(String version, String kind) {
        Optional<Descriptor> own =
                Optional.ofNullable(FILES.get(version))
                        .map(file -> file.findMessageTypeByName(kind));
        // Options are named in whatever version they are sent to.
        return own.or(() ->
                        Optional.ofNullable(
                                Meta.getDescriptor().findMessageTypeByName(kind)))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no protobuf message is known for kind \""
                                        + kind
                                        + "\" in version \""
                                        + version
                                        + "\"; send JSON"));
    }
}
