package dev.shiplog.api.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.schema.FieldFacts;
import dev.shiplog.resource.schema.FieldFacts.ListType;
import dev.shiplog.resource.schema.Schema;
import dev.shiplog.resource.schema.Shape;
import dev.shiplog.resource.schema.TypeName;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Status;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The schemas of one document: those of the resources and all that they refer to, by the names that
 * Kubernetes gives them.
 */
final class Components {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    static final String PATCH = META + "Patch";
    static final String TIME = META + "Time";
    static final String MICRO_TIME = META + "MicroTime";
    static final String FIELDS = META + "FieldsV1";

    /** The model has times as strings; these are their names, wherever they stand. */
    private static final Set<String> TIMES =
            Set.of(
                    "completionTime",
                    "creationTimestamp",
                    "deletionTimestamp",
                    "finishedAt",
                    "firstTimestamp",
                    "lastHeartbeatTime",
                    "lastProbeTime",
                    "lastScaleTime",
                    "lastScheduleTime",
                    "lastTimestamp",
                    "lastTransitionTime",
                    "lastUpdateTime",
                    "startTime",
                    "startedAt",
                    "time",
                    "timeAdded");

    private static final Set<String> MICRO_TIMES =
            Set.of("acquireTime", "eventTime", "lastObservedTime", "renewTime");

    /** Fields that {@code events.k8s.io/v1} names otherwise. */
    private static final Map<String, String> EVENT_FIELDS =
            Map.of(
                    "involvedObject", "regarding",
                    "message", "note",
                    "reportingComponent", "reportingController",
                    "source", "deprecatedSource",
                    "firstTimestamp", "deprecatedFirstTimestamp",
                    "lastTimestamp", "deprecatedLastTimestamp",
                    "count", "deprecatedCount");

    private final Style style;
    private final Descriptions descriptions;
    private final ObjectNode schemas = NODES.objectNode();

    Components(Style style, Descriptions descriptions) {
        this.style = style;
        this.descriptions = descriptions;
        define(QUANTITY, either("A quantity, such as 500m, 64Mi or 1.5.", "number"));
        define(TIME, string("date-time", "A time in RFC 3339, in whole seconds."));
        define(MICRO_TIME, string("date-time", "A time in RFC 3339, with microseconds."));
        define(FIELDS, object("A set of fields, written as a tree of f:, k:, v: and i: steps."));
        define(PATCH, object("A change, in the language that the Content-Type names."));
        define(
                INT_OR_STRING,
                either("An integer, or a string such as 25% or a port's name.", "integer")
                        .put("format", "int-or-string"));
        for (Class<?> meta : List.of(Status.class, DeleteOptions.class, ListMeta.class)) {
            reference(Shape.of(meta), Naming.NONE);
        }
        kind(META + "Status", new GroupVersionKind("", "v1", "Status"));
        kind(META + "DeleteOptions", new GroupVersionKind("", "v1", "DeleteOptions"));
    }

    /** A string or a number. Swagger 2.0 cannot say so. */
    private ObjectNode either(String description, String number) {
        ObjectNode schema = NODES.objectNode().put("description", description);
        if (style == Style.V2) {
            schema.put("type", "string");
        } else {
            schema.putArray("oneOf").add(type("string")).add(type(number));
        }
        return schema;
    }

    /** All of them, by name. */
    ObjectNode schemas() {
        return schemas;
    }

    /** The reference of a schema that is there already. */
    ObjectNode reference(String schemaName) {
        return NODES.objectNode().put("$ref", style.reference(schemaName));
    }

    /** Adds the schema of a resource; answers its name. */
    String add(ServedResource resource) {
        Naming naming = Naming.of(resource);
        GroupVersionKind kind = GroupVersionKind.of(resource);
        String name = naming.name(kind.kind());
        if (!schemas.has(name)) {
            Schema schema = Schema.of(resource.model());
            if (schema.shape() instanceof Shape.Fields fields) {
                define(fields, name, naming);
            } else {
                define(name, unknown());
            }
            kind(name, kind);
        }
        return name;
    }

    /** Adds the schema of a list of a resource; answers its name. */
    String addList(ServedResource resource) {
        String item = add(resource);
        String name = item + "List";
        if (!schemas.has(name)) {
            GroupVersionKind kind = GroupVersionKind.of(resource);
            ObjectNode list =
                    object("A list of " + kind.kind() + " objects, at one resource version.");
            ObjectNode properties = list.putObject("properties");
            typeMeta(properties);
            properties
                    .putObject("items")
                    .put("description", "The objects.")
                    .put("type", "array")
                    .set("items", wrapped(reference(item)));
            properties.set("metadata", wrapped(reference(META + "ListMeta")));
            list.putArray("required").add("items");
            define(name, list);
            kind(name, new GroupVersionKind(kind.group(), kind.version(), kind.kind() + "List"));
        }
        return name;
    }

    private ObjectNode unknown() {
        ObjectNode schema = object("");
        ObjectNode properties = schema.putObject("properties");
        typeMeta(properties);
        properties.set("metadata", property(Shape.of(ObjectMeta.class), Naming.NONE));
        return schema;
    }

    private void typeMeta(ObjectNode properties) {
        for (String field : List.of("apiVersion", "kind")) {
            properties.set(field, string("", descriptions.of(Status.class, field)));
        }
    }

    /** Adds the schema of a class of the model, unless it is there, and answers its name. */
    private String define(Shape.Fields fields, String name, Naming naming) {
        if (schemas.has(name)) {
            return name;
        }
        ObjectNode definition = object(descriptions.of(fields.model()));
        define(name, definition);
        Schema schema = Schema.of(fields.model());
        if (schema.facts().atomic()) {
            definition.put("x-kubernetes-map-type", "atomic");
        }
        ObjectNode properties = definition.putObject("properties");
        boolean renamed = naming.isEvent(fields);
        for (String field : schema.fields().keySet()) {
            String served = renamed ? EVENT_FIELDS.getOrDefault(field, field) : field;
            properties.set(served, member(fields.model(), field, schema.field(field), naming));
        }
        List<String> required = schema.required();
        if (!required.isEmpty() && !renamed) {
            required.forEach(definition.putArray("required")::add);
        }
        return name;
    }

    private ObjectNode member(Class<?> model, String field, Schema schema, Naming naming) {
        ObjectNode property = property(shape(field, schema.shape()), naming);
        if (schema.shape() == Shape.Scalar.STRING && TIMES.contains(field)) {
            property = wrapped(reference(TIME));
        } else if (schema.shape() == Shape.Scalar.STRING && MICRO_TIMES.contains(field)) {
            property = wrapped(reference(MICRO_TIME));
        } else if (field.equals("fieldsV1")) {
            property = wrapped(reference(FIELDS));
        }
        String description = descriptions.of(model, field);
        if (description.isEmpty() && schema.shape() instanceof Shape.Fields inner) {
            description = descriptions.of(inner.model());
        }
        if (!description.isEmpty()) {
            property.put("description", description);
        }
        extend(property, schema);
        return property;
    }

    /** The version and the kind of a document are open sets of words. */
    private static Shape shape(String field, Shape shape) {
        return field.equals("apiVersion") || field.equals("kind") ? Shape.Scalar.STRING : shape;
    }

    private static void extend(ObjectNode property, Schema schema) {
        FieldFacts facts = schema.facts();
        if (schema.shape() instanceof Shape.Items) {
            property.put(
                    "x-kubernetes-list-type",
                    switch (facts.listType()) {
                        case ATOMIC -> "atomic";
                        case SET -> "set";
                        case MAP -> "map";
                    });
            if (facts.listType() == ListType.MAP) {
                ArrayNode keys = property.putArray("x-kubernetes-list-map-keys");
                facts.keys().forEach(key -> keys.add(key.name()));
            }
        } else if (facts.atomic()) {
            property.put("x-kubernetes-map-type", "atomic");
        }
        String strategy = strategy(facts);
        if (!strategy.isEmpty()) {
            property.put("x-kubernetes-patch-strategy", strategy);
        }
        facts.mergeKey().ifPresent(key -> property.put("x-kubernetes-patch-merge-key", key));
    }

    private static String strategy(FieldFacts facts) {
        if (facts.replaces()) {
            return "replace";
        }
        if (facts.merges()) {
            return facts.retainsKeys() ? "merge,retainKeys" : "merge";
        }
        return facts.retainsKeys() ? "retainKeys" : "";
    }

    private ObjectNode property(Shape shape, Naming naming) {
        return switch (shape) {
            case Shape.Fields fields -> wrapped(reference(fields, naming));
            case Shape.Items items -> {
                ObjectNode list = type("array");
                list.set("items", property(items.item(), naming));
                yield list;
            }
            case Shape.Mapping mapping -> {
                ObjectNode object = type("object");
                object.set("additionalProperties", value(mapping.value(), naming));
                yield object;
            }
            case Shape.OneOf oneOf -> {
                ObjectNode text = type("string");
                oneOf.values().forEach(text.putArray("enum")::add);
                yield text;
            }
            case Shape.Scalar scalar -> scalar(scalar);
        };
    }

    /** As in Kubernetes, the values of a mapping are a plain reference. */
    private ObjectNode value(Shape shape, Naming naming) {
        if (shape instanceof Shape.Fields fields) {
            return reference(fields, naming);
        }
        return shape == Shape.Scalar.QUANTITY ? reference(QUANTITY) : property(shape, naming);
    }

    private ObjectNode scalar(Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> type("string");
            case INT32 -> type("integer").put("format", "int32");
            case INT64 -> type("integer").put("format", "int64");
            case NUMBER -> type("number").put("format", "double");
            case BOOLEAN -> type("boolean");
            case QUANTITY -> wrapped(reference(QUANTITY));
            case INT_OR_STRING -> wrapped(reference(INT_OR_STRING));
            case ANY -> type("object").put("x-kubernetes-preserve-unknown-fields", true);
        };
    }

    private ObjectNode reference(Shape.Fields fields, Naming naming) {
        return reference(define(fields, naming.name(TypeName.of(fields.model())), naming));
    }

    /** In OpenAPI 3.0 nothing may stand beside a reference. */
    private ObjectNode wrapped(ObjectNode reference) {
        if (style == Style.V2) {
            return reference;
        }
        ObjectNode wrapped = NODES.objectNode();
        wrapped.putArray("allOf").add(reference);
        return wrapped;
    }

    private void define(String name, ObjectNode schema) {
        schemas.set(name, schema);
    }

    private void kind(String name, GroupVersionKind kind) {
        if (schemas.get(name) instanceof ObjectNode schema) {
            schema.putArray(GroupVersionKind.EXTENSION).add(kind.json());
        }
    }

    private static ObjectNode type(String type) {
        return NODES.objectNode().put("type", type);
    }

    private static ObjectNode object(String description) {
        ObjectNode object = NODES.objectNode();
        if (!description.isEmpty()) {
            object.put("description", description);
        }
        return object.put("type", "object");
    }

    private static ObjectNode string(String format, String description) {
        ObjectNode string = NODES.objectNode();
        if (!description.isEmpty()) {
            string.put("description", description);
        }
        string.put("type", "string");
        return format.isEmpty() ? string : string.put("format", format);
    }

    /**
     * How the types of a group are named in one of its versions.
     *
     * @param group the group of the model's types that move with the version; empty for none
     * @param target such as {@code apps.v1beta2}
     */
    private record Naming(String group, String target) {
        static final Naming NONE = new Naming("", "");

        static Naming of(ServedResource resource) {
            int dot = resource.group().indexOf('.');
            String group = dot < 0 ? resource.group() : resource.group().substring(0, dot);
            return new Naming(
                    TypeName.of(resource.model()).group(),
                    (group.isEmpty() ? "core" : group) + "." + resource.version());
        }

        /** The types of the core group serve other groups too, and keep their names there. */
        String name(TypeName type) {
            return type.group().equals(group) && !group.equals("core.v1")
                    ? name(type.name())
                    : type.schemaName();
        }

        String name(String kind) {
            return "io.k8s.api." + target + "." + kind;
        }

        boolean isEvent(Shape.Fields fields) {
            return target.equals("events.v1") && fields.model().getSimpleName().equals("Event");
        }
    }
}
