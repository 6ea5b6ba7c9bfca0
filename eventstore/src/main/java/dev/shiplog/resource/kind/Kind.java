package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.Schema;

import java.util.List;

/**
 * What the cluster knows of one kind.
 *
 * @param groupKind which kind
 * @param plural the name in URLs, such as {@code pods}
 * @param singular such as {@code pod}
 * @param shortNames such as {@code po}
 * @param categories such as {@code all}
 * @param namespaced whether its names live in namespaces
 * @param storageVersion the API version that it is kept and served in by preference, such as {@code
 *     apps/v1}
 * @param servedVersions every API version in which it is accepted, the storage version first
 * @param declarable whether Git may declare it
 * @param model the class of the Kubernetes model that its storage version binds to
 * @param columns what {@code kubectl get} prints, in order
 * @param rules how its documents are converted, completed and validated
 */
public record Kind(
        GroupKind groupKind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        String storageVersion,
        List<String> servedVersions,
        boolean declarable,
        Class<?> model,
        List<Column> columns,
        Rules rules) {
    public Kind {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        servedVersions = List.copyOf(servedVersions);
        columns = List.copyOf(columns);
    }

    /** A kind of which nobody declares documents. */
    public Kind(
            GroupKind groupKind,
            String plural,
            String singular,
            List<String> shortNames,
            List<String> categories,
            boolean namespaced,
            String storageVersion,
            List<String> servedVersions,
            boolean declarable,
            Class<?> model,
            List<Column> columns) {
        this(
                groupKind,
                plural,
                singular,
                shortNames,
                categories,
                namespaced,
                storageVersion,
                servedVersions,
                declarable,
                model,
                columns,
                Rules.NONE);
    }

    /** What its documents take and how changes of them merge, in every version alike. */
    public Schema schema() {
        return Schema.of(model);
    }
}
