package dev.shiplog.resource.schema;

import java.util.Set;

/**
 * What Kubernetes calls a class of the model.
 *
 * @param group the last part of its Go package's path and the version, such as {@code apps.v1} or
 *     {@code meta.v1}
 * @param name such as {@code Deployment}
 */
public record TypeName(String group, String name) {
    private static final String MODEL = "io.fabric8.kubernetes.api.model";
    private static final String META = "meta.v1";

    /** The types of {@code meta/v1} that the model keeps beside those of the core group. */
    private static final Set<String> META_TYPES =
            Set.of(
                    "Condition",
                    "DeleteOptions",
                    "FieldsV1",
                    "LabelSelector",
                    "LabelSelectorRequirement",
                    "ListMeta",
                    "ManagedFieldsEntry",
                    "MicroTime",
                    "ObjectMeta",
                    "OwnerReference",
                    "Preconditions",
                    "Status",
                    "StatusCause",
                    "StatusDetails");

    /** The name of a class of the model. Its package tells the group, and the version if not 1. */
    public static TypeName of(Class<?> model) {
        String simple = model.getSimpleName();
        String path = model.getPackageName();
        path = path.startsWith(MODEL) ? path.substring(MODEL.length()) : "." + path;
        if (path.isEmpty()) {
            return new TypeName(META_TYPES.contains(simple) ? META : "core.v1", simple);
        }
        String group = path.substring(1);
        return new TypeName(group.contains(".v") ? group : group + ".v1", simple);
    }

    public boolean isMeta() {
        return group.equals(META);
    }

    /** As OpenAPI documents name it, such as {@code io.k8s.api.apps.v1.Deployment}. */
    public String schemaName() {
        return isMeta()
                ? "io.k8s.apimachinery.pkg.apis.meta.v1." + name
                : "io.k8s.api." + group + "." + name;
    }

    @Override
    public String toString() {
        return group + "." + name;
    }
}
