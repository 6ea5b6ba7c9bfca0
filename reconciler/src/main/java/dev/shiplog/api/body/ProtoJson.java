package dev.shiplog.api.body;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

import dev.shiplog.resource.Json;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns Kubernetes' protobuf messages into Kubernetes' JSON by walking their descriptors. The
 * fields have their JSON names already; what differs is a few types that JSON writes as one value,
 * structs that Go embeds, and zero values: Go's protobuf writes a zero for every field that is not
 * a pointer, where its JSON leaves it out.
 */
final class ProtoJson {
    /** Structs that Go embeds: in JSON their members stand where they themselves would. */
    private static final Set<String> EMBEDDED =
            set(
                    "ephemeralContainerCommon",
                    "handler",
                    "ingressRuleValue",
                    "localObjectReference",
                    "persistentVolumeSource",
                    "volumeSource");

    /** Structs that are no pointers: empty, they were not set. */
    private static final Set<String> EMPTY_MEANS_ABSENT =
            set(
                    "creationTimestamp",
                    "eventTime",
                    "firstTimestamp",
                    "jobTemplate",
                    "lastHeartbeatTime",
                    "lastProbeTime",
                    "lastTimestamp",
                    "lastTransitionTime",
                    "lastUpdateTime",
                    "listMeta",
                    "loadBalancer",
                    "resources",
                    "source",
                    "spec",
                    "state",
                    "lastState",
                    "status",
                    "strategy",
                    "targetPort",
                    "updateStrategy");

    /** Numbers and flags that are pointers: zero and false are set values. */
    private static final Set<String> ZERO_MATTERS =
            set(
                    "activeDeadlineSeconds",
                    "allocateLoadBalancerNodePorts",
                    "allowPrivilegeEscalation",
                    "automountServiceAccountToken",
                    "backoffLimit",
                    "backoffLimitPerIndex",
                    "blockOwnerDeletion",
                    "completions",
                    "controller",
                    "defaultMode",
                    "deletionGracePeriodSeconds",
                    "enableServiceLinks",
                    "expirationSeconds",
                    "failedJobsHistoryLimit",
                    "fsGroup",
                    "gracePeriodSeconds",
                    "hostUsers",
                    "immutable",
                    "manualSelector",
                    "maxFailedIndexes",
                    "minDomains",
                    "minReplicas",
                    "mode",
                    "optional",
                    "orphanDependents",
                    "parallelism",
                    "partition",
                    "priority",
                    "privileged",
                    "progressDeadlineSeconds",
                    "readOnlyRootFilesystem",
                    "replicas",
                    "revisionHistoryLimit",
                    "runAsGroup",
                    "runAsNonRoot",
                    "runAsUser",
                    "setHostnameAsFQDN",
                    "shareProcessNamespace",
                    "stabilizationWindowSeconds",
                    "startingDeadlineSeconds",
                    "successfulJobsHistoryLimit",
                    "suspend",
                    "targetCPUUtilizationPercentage",
                    "terminationGracePeriodSeconds",
                    "tolerationSeconds",
                    "ttlSecondsAfterFinished",
                    "weight");

    /** Texts that are pointers. */
    private static final Set<String> EMPTY_TEXT_MATTERS = set("apiGroup", "storageClassName");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ProtoJson() {}

    /**
     * @throws IllegalArgumentException if a text that should be JSON is none, or a time is out of
     *     range
     */
    static ObjectNode object(Message message) {
        ObjectNode object = NODES.objectNode();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            String name = field.getName();
            if (field.isMapField()) {
                object.set(name, map((List<?>) entry.getValue()));
            } else if (field.isRepeated()) {
                object.set(name, list(field, (List<?>) entry.getValue()));
            } else if (EMBEDDED.contains(name) && entry.getValue() instanceof Message inner) {
                object.setAll(object(inner));
            } else if (!absent(field, entry.getValue())) {
                JsonNode value = value(field, entry.getValue());
                if (value != null) {
                    object.set(name, value);
                }
            }
        }
        return object;
    }

    private static boolean absent(FieldDescriptor field, Object value) {
        String name = field.getName();
        return switch (value) {
            case String text -> text.isEmpty() && !EMPTY_TEXT_MATTERS.contains(name);
            case Integer number -> number == 0 && !ZERO_MATTERS.contains(name);
            case Long number -> number == 0 && !ZERO_MATTERS.contains(name);
            case Boolean flag -> !flag && !ZERO_MATTERS.contains(name);
            case Message message -> EMPTY_MEANS_ABSENT.contains(name) && isZero(message);
            default -> false;
        };
    }

    private static boolean isZero(Message message) {
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            boolean zero =
                    switch (entry.getValue()) {
                        case Message inner -> isZero(inner);
                        case String text -> text.isEmpty();
                        case Integer number -> number == 0;
                        case Long number -> number == 0;
                        case Boolean flag -> !flag;
                        case List<?> list -> list.isEmpty();
                        default -> false;
                    };
            if (!zero) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode map(List<?> entries) {
        ObjectNode map = NODES.objectNode();
        for (Object entry : entries) {
            if (entry instanceof Message pair) {
                List<FieldDescriptor> fields = pair.getDescriptorForType().getFields();
                JsonNode value = value(fields.get(1), pair.getField(fields.get(1)));
                map.set(
                        String.valueOf(pair.getField(fields.get(0))),
                        value == null ? NODES.nullNode() : value);
            }
        }
        return map;
    }

    private static JsonNode list(FieldDescriptor field, List<?> items) {
        ArrayNode list = NODES.arrayNode(items.size());
        for (Object item : items) {
            JsonNode value = value(field, item);
            list.add(value == null ? NODES.nullNode() : value);
        }
        return list;
    }

    /** Null for a value that JSON leaves out. */
    private static @Nullable JsonNode value(FieldDescriptor field, Object value) {
        return switch (value) {
            case Message message -> message(message);
            case String text -> NODES.textNode(text);
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Boolean flag -> NODES.booleanNode(flag);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number);
            case ByteString bytes ->
                    NODES.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            default ->
                    throw new IllegalArgumentException(
                            "expected a type that Kubernetes uses, found "
                                    + field.getType()
                                    + " for "
                                    + field.getFullName());
        };
    }

    private static @Nullable JsonNode message(Message message) {
        return switch (message.getDescriptorForType().getFullName()) {
            case "k8s.io.apimachinery.pkg.api.resource.Quantity" ->
                    NODES.textNode(text(message, "string"));
            case "k8s.io.apimachinery.pkg.util.intstr.IntOrString" ->
                    number(message, "type") == 0
                            ? NODES.numberNode((int) number(message, "intVal"))
                            : NODES.textNode(text(message, "strVal"));
            case "k8s.io.apimachinery.pkg.apis.meta.v1.Time" -> time(message, 0);
            case "k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime" -> time(message, 6);
            case "k8s.io.apimachinery.pkg.apis.meta.v1.Duration" ->
                    NODES.textNode(duration(number(message, "duration")));
            case "k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1" -> raw(message, "Raw");
            case "k8s.io.apimachinery.pkg.runtime.RawExtension" -> raw(message, "raw");
            // A list under a name of its own.
            case "k8s.io.api.authentication.v1.ExtraValue",
                    "k8s.io.api.authorization.v1.ExtraValue",
                    "k8s.io.api.certificates.v1.ExtraValue" ->
                    object(message).path("items");
            default -> object(message);
        };
    }

    private static String text(Message message, String name) {
        return String.valueOf(field(message, name));
    }

    private static long number(Message message, String name) {
        return field(message, name) instanceof Number number ? number.longValue() : 0;
    }

    private static Object field(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static @Nullable JsonNode raw(Message message, String name) {
        if (!(field(message, name) instanceof ByteString bytes) || bytes.isEmpty()) {
            return null;
        }
        return Json.parse(bytes.toStringUtf8()).toNode();
    }

    /** A time that was never set is left out. */
    private static @Nullable JsonNode time(Message message, int decimals) {
        long seconds = number(message, "seconds");
        long nanos = number(message, "nanos");
        if (seconds == 0 && nanos == 0) {
            return null;
        }
        try {
            String whole = Instant.ofEpochSecond(seconds).toString();
            return NODES.textNode(
                    decimals == 0
                            ? whole
                            : whole.substring(0, whole.length() - 1)
                                    + ".%06dZ".formatted(nanos / 1000));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("expected a time, found " + seconds + " s", e);
        }
    }

    /** As Go writes a duration, in seconds: {@code 1.5s}. */
    private static String duration(long nanos) {
        return BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString() + "s";
    }

    private static Set<String> set(String... names) {
        return new TreeSet<>(List.of(names));
    }
}
