package dev.shiplog.api.select;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Status;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.Resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which resources of a kind a request means, by namespace, labels and fields. */
public final class Selection {
    private final Optional<String> namespace;
    private final LabelSelector labels;
    private final FieldSelector fields;
    private final List<Condition> conditions;

    private Selection(
            Optional<String> namespace,
            LabelSelector labels,
            FieldSelector fields,
            List<Condition> conditions) {
        this.namespace = namespace;
        this.labels = labels;
        this.fields = fields;
        this.conditions = conditions;
    }

    private record Condition(Fields.Field field, boolean equal, String value) {
        boolean holds(Resource resource) {
            return field.of(resource).equals(value) == equal;
        }
    }

    /**
     * Reads the selectors of a request.
     *
     * @throws ApiFailure 400 if one cannot be read, or names a field that cannot be selected on
     */
    public static Selection of(ServedResource served, Optional<String> namespace, Query query) {
        LabelSelector labels =
                query.first("labelSelector").map(LabelSelector::parse).orElse(LabelSelector.ALL);
        FieldSelector fields =
                query.first("fieldSelector").map(FieldSelector::parse).orElse(FieldSelector.ALL);
        List<Condition> conditions = new ArrayList<>();
        for (FieldSelector.Requirement requirement : fields.requirements()) {
            Fields.Field field =
                    Fields.of(served.kind().groupKind(), requirement.field())
                            .orElseThrow(() ->
                                    new ApiFailure(
                                            Status.badRequest(
                                                    "field label not supported: "
                                                            + requirement.field())));
            conditions.add(new Condition(field, requirement.equal(), requirement.value()));
        }
        return new Selection(
                served.kind().namespaced() ? namespace : Optional.empty(),
                labels,
                fields,
                conditions);
    }

    public Optional<String> namespace() {
        return namespace;
    }

    /** The one name that is meant, if the field selector says so. */
    public Optional<String> name() {
        return fields.exact("metadata.name");
    }

    /** The one node whose pods are meant, if the field selector says so. */
    public Optional<String> node() {
        return fields.exact("spec.nodeName").filter(name -> !name.isEmpty());
    }

    /** Whether everything of the kind is meant, or everything in the namespace. */
    public boolean everything() {
        return labels.isEmpty() && fields.isEmpty();
    }

    public boolean matches(Resource resource) {
        if (namespace.isPresent() && !namespace.get().equals(resource.key().namespace())) {
            return false;
        }
        if (!labels.isEmpty() && !labels.matches(resource.metadata().labels())) {
            return false;
        }
        for (Condition condition : conditions) {
            if (!condition.holds(resource)) {
                return false;
            }
        }
        return true;
    }
}
