package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives new pods the priority of their class, as Kubernetes' admission plug-in of that name. A pod
 * without a class has that of the class that is the default of all, or else 0, which is not written
 * down.
 */
public final class Priorities {
    /** The classes that every cluster has. */
    public static final SortedMap<String, Integer> SYSTEM =
            Collections.unmodifiableSortedMap(
                    new TreeMap<>(
                            Map.of(
                                    "system-cluster-critical", 2_000_000_000,
                                    "system-node-critical", 2_000_001_000)));

    private static final String LOWER = "PreemptLowerPriority";
    private static final byte[] WORD = "\"priority".getBytes(StandardCharsets.US_ASCII);

    private final ClusterState state;
    private final SortedMap<String, Json> others;
    private final Optional<ClassOf> usual;

    /**
     * @param others the bodies of classes that are not in the state yet, by name
     */
    public Priorities(ClusterState state, SortedMap<String, Json> others) {
        this.state = state;
        this.others = others;
        this.usual = usual(state);
    }

    public Priorities(ClusterState state) {
        this(state, new TreeMap<>());
    }

    /** What becomes of a new pod. */
    public sealed interface Verdict {
        /** Nothing is to be filled in. */
        record AsItIs() implements Verdict {}

        record Given(int priority, String preemptionPolicy) implements Verdict {
            /** A pod with that. */
            public Json in(Json body) {
                ObjectNode root = body.toObject();
                root.withObject("/spec")
                        .put("priority", priority)
                        .put("preemptionPolicy", preemptionPolicy);
                return Json.of(root);
            }
        }

        /**
         * @param why as Kubernetes words it, after {@code pods "x" is forbidden: }
         */
        record Forbidden(String why) implements Verdict {}
    }

    private record ClassOf(int value, String preemptionPolicy) {}

    /** Decides on a new pod. */
    public Verdict of(Json body) {
        if (usual.isEmpty() && !mentions(body.bytes())) {
            return new Verdict.AsItIs();
        }
        JsonNode spec = body.toNode().path("spec");
        String name = spec.path("priorityClassName").asText();
        Optional<ClassOf> found = name.isEmpty() ? usual : named(name);
        if (found.isEmpty() && !name.isEmpty()) {
            return new Verdict.Forbidden("no PriorityClass with name " + name + " was found");
        }
        ClassOf given = found.orElse(new ClassOf(0, LOWER));
        JsonNode priority = spec.path("priority");
        if (!priority.isMissingNode() && priority.asInt() != given.value()) {
            return new Verdict.Forbidden(
                    "the integer value of priority ("
                            + priority
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + given.value()
                            + " from the given PriorityClass name");
        }
        String policy = spec.path("preemptionPolicy").asText();
        if (!policy.isEmpty() && !policy.equals(given.preemptionPolicy())) {
            return new Verdict.Forbidden(
                    "the string value of PreemptionPolicy ("
                            + policy
                            + ") must not be provided in pod spec; priority admission controller"
                            + " computed "
                            + given.preemptionPolicy()
                            + " from the given PriorityClass name");
        }
        boolean written = !priority.isMissingNode() && !policy.isEmpty();
        return found.isEmpty() || written
                ? new Verdict.AsItIs()
                : new Verdict.Given(given.value(), given.preemptionPolicy());
    }

    private Optional<ClassOf> named(String name) {
        Json other = others.get(name);
        if (other != null) {
            return Optional.of(
                    new ClassOf(
                            other.toNode().path("value").asInt(),
                            other.toNode().path("preemptionPolicy").asText(LOWER)));
        }
        Integer system = SYSTEM.get(name);
        return system == null
                ? state.resource(
                                new ResourceKey(
                                        GroupKind.PRIORITY_CLASS, "", name))
                        .map(Priorities::read)
                : Optional.of(new ClassOf(system, LOWER));
    }

    /** The class of those that name none: of several the lowest. */
    private static Optional<ClassOf> usual(ClusterState state) {
        return state.resources(GroupKind.PRIORITY_CLASS).stream()
                .filter(resource ->
                        Boolean.TRUE.equals(resource.as(PriorityClass.class).getGlobalDefault()))
                .map(Priorities::read)
                .min(Comparator.comparingInt(ClassOf::value));
    }

    private static ClassOf read(Resource resource) {
        PriorityClass view = resource.as(PriorityClass.class);
        Integer value = view.getValue();
        String policy = view.getPreemptionPolicy();
        return new ClassOf(value == null ? 0 : value, policy == null ? LOWER : policy);
    }

    private static boolean mentions(byte[] text) {
        for (int at = 0; at + WORD.length <= text.length; at++) {
            // Of the word's letters this one is the rarest in JSON.
            if (text[at + WORD.length - 1] == 'y'
                    && Arrays.equals(
                            text, at, at + WORD.length, WORD, 0, WORD.length)) {
                return true;
            }
        }
        return false;
    }
}
