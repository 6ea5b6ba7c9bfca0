package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides on new objects in one namespace, one after the other: what was admitted counts for what
 * comes next. For one decision; not safe for several threads.
 *
 * <p>Order as in Kubernetes: LimitRanges complete and check a pod, then Pod Security, then quotas.
 */
public final class PodAdmission {
    private final ClusterState state;
    private final String namespace;
    private final Quotas quotas;

    public PodAdmission(ClusterState state, String namespace) {
        this.state = state;
        this.namespace = namespace;
        this.quotas = Quotas.of(state, namespace);
    }

    /** What becomes of a new object. */
    public sealed interface Verdict {
        /**
         * @param body with what the namespace's LimitRanges fill in
         */
        record Admitted(Json body) implements Verdict {}

        /**
         * @param why as Kubernetes words it, after {@code pods "x" is forbidden: }
         */
        record Forbidden(String why) implements Verdict {}
    }

    /** Whether anything in a namespace asks to be consulted. */
    public static boolean watched(ClusterState state, String namespace) {
        return !state.resources(GroupKind.RESOURCE_QUOTA, namespace).isEmpty()
                || !state.resources(GroupKind.LIMIT_RANGE, namespace).isEmpty()
                || PodSecurity.enforced(state, namespace).isPresent();
    }

    /**
     * A pod with what LimitRanges give to containers that do not ask; anything else as it is.
     *
     * @param declared bodies of LimitRanges of the namespace that come with the pod
     */
    public static Json defaulted(
            ClusterState state, ResourceKey key, Json body, List<Json> declared) {
        if (!key.kind().equals(GroupKind.POD)
                || (declared.isEmpty()
                        && state.resources(GroupKind.LIMIT_RANGE, key.namespace()).isEmpty())) {
            return body;
        }
        ObjectNode completed = body.toObject();
        LimitRanges.of(state, key.namespace(), declared).fill(completed.withObjectProperty("spec"));
        return Json.of(completed);
    }

    /** Decides on a new object; one that is admitted counts from then on. */
    public Verdict admit(ResourceKey key, Json body) {
        if (namespace.isEmpty()) {
            return new Verdict.Admitted(body);
        }
        ObjectNode completed = body.toObject();
        if (key.kind().equals(GroupKind.POD)) {
            List<String> wrong = new ArrayList<>();
            LimitRanges.of(state, namespace).apply(completed.withObjectProperty("spec"), wrong);
            if (!wrong.isEmpty()) {
                return new Verdict.Forbidden(
                        wrong.size() == 1
                                ? wrong.getFirst()
                                : "[" + String.join(", ", wrong) + "]");
            }
            Optional<String> violation =
                    PodSecurity.enforced(state, namespace)
                            .flatMap(level -> PodSecurity.violation(level, completed.path("spec")));
            if (violation.isPresent()) {
                return new Verdict.Forbidden(violation.get());
            }
        }
        return quotas.charge(key, completed)
                .<Verdict>map(Verdict.Forbidden::new)
                .orElseGet(() -> new Verdict.Admitted(Json.of(completed)));
    }
}
