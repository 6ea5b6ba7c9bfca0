package dev.shiplog.node.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.plan.Eviction;
import dev.shiplog.node.plan.PodPhase;
import dev.shiplog.node.plan.PodStep;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodReadinessGate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The conditions of a pod. A condition's time is when its status flipped, so it is taken over from
 * the status before unless the status differs.
 */
final class PodConditionsWriter {
    private static final Set<String> OWN =
            Set.of(
                    "PodReadyToStartContainers",
                    "Initialized",
                    "Ready",
                    "ContainersReady",
                    "PodScheduled");

    private final Map<String, JsonNode> before = new LinkedHashMap<>();
    private final List<String> gates;
    private final ArrayNode conditions;
    private final Instant now;

    private PodConditionsWriter(
            Resource pod, JsonNode previousStatus, ArrayNode conditions, Instant now) {
        for (JsonNode condition : previousStatus.path("conditions")) {
            if (OWN.contains(condition.path("type").asText())) {
                before.put(condition.path("type").asText(), condition);
            }
        }
        // What others wrote is theirs, and newest in the pod's document.
        for (JsonNode condition : pod.status().toNode().path("conditions")) {
            if (!OWN.contains(condition.path("type").asText())) {
                before.put(condition.path("type").asText(), condition);
            }
        }
        this.gates =
                pod.as(Pod.class).getSpec().getReadinessGates().stream()
                        .map(PodReadinessGate::getConditionType)
                        .toList();
        this.conditions = conditions;
        this.now = now;
    }

    /**
     * @param pod its document says which conditions others must set for it to be ready, and what
     *     they set
     */
    static void write(
            Resource pod, JsonNode previousStatus, PodStep step, ObjectNode status, Instant now) {
        PodConditionsWriter writer =
                new PodConditionsWriter(pod, previousStatus, status.putArray("conditions"), now);
        writer.writeAll(step);
    }

    private void writeAll(PodStep step) {
        List<ContainerView> main = with(step, Role.MAIN);
        List<ContainerView> init = with(step, Role.INIT);
        init.addAll(with(step, Role.SIDECAR));
        put("PodReadyToStartContainers", step.sandbox().isPresent() ? MET : new Verdict("", ""));
        put("Initialized", initialized(step.phase(), init, main));
        List<ContainerView> serving = with(step, Role.SIDECAR);
        serving.addAll(main);
        Verdict ready = ready(step.phase(), serving);
        put("Ready", ready.met() ? gated() : ready);
        put("ContainersReady", ready);
        put("PodScheduled", MET);
        if (step.phase().reason().equals(Eviction.REASON)) {
            put(
                    "DisruptionTarget",
                    new Verdict(true, "TerminationByKubelet", step.phase().message()));
        }
        before.values().forEach(conditions::add);
    }

    private static List<ContainerView> with(PodStep step, Role role) {
        return step.views().stream()
                .filter(view -> view.role() == role)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /**
     * @param reason why a condition does not hold; for {@link #MET}, or for one that holds although
     *     nobody would expect it
     */
    private record Verdict(boolean met, String reason, String message) {
        Verdict(String reason, String message) {
            this(false, reason, message);
        }
    }

    private static final Verdict MET = new Verdict(true, "", "");

    private static Verdict initialized(
            PodPhase phase, List<ContainerView> init, List<ContainerView> main) {
        if (phase.phase().equals("Succeeded")) {
            return new Verdict(true, "PodCompleted", "");
        }
        boolean done =
                init.stream().allMatch(PodConditionsWriter::initDone)
                        || main.stream().anyMatch(view -> !view.containerId().isEmpty());
        return done
                ? MET
                : new Verdict(
                        "ContainersNotInitialized",
                        "containers with incomplete status: "
                                + names(init, view -> !initDone(view)));
    }

    private static boolean initDone(ContainerView view) {
        return view.role() == Role.SIDECAR ? view.started() : view.succeeded();
    }

    /** Whether all that others must say for the pod to be ready is said. */
    private Verdict gated() {
        List<String> closed = new ArrayList<>();
        for (String gate : gates) {
            JsonNode condition = before.get(gate);
            if (condition == null) {
                closed.add(
                        "corresponding condition of pod readiness gate \"%s\" does not exist."
                                .formatted(gate));
            } else if (!condition.path("status").asText().equals("True")) {
                closed.add(
                        "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                                .formatted(gate, condition.path("status").asText()));
            }
        }
        return closed.isEmpty()
                ? MET
                : new Verdict("ReadinessGatesNotReady", String.join(", ", closed));
    }

    private static Verdict ready(PodPhase phase, List<ContainerView> main) {
        if (phase.phase().equals("Succeeded")) {
            return new Verdict("PodCompleted", "");
        }
        if (phase.phase().equals("Failed")) {
            return new Verdict("PodFailed", "");
        }
        return main.stream().allMatch(ContainerView::ready)
                ? MET
                : new Verdict(
                        "ContainersNotReady",
                        "containers with unready status: " + names(main, view -> !view.ready()));
    }

    private static String names(List<ContainerView> views, Predicate<ContainerView> which) {
        return views.stream()
                .filter(which)
                .map(ContainerView::name)
                .collect(Collectors.joining(" ", "[", "]"));
    }

    private void put(String type, Verdict verdict) {
        String value = verdict.met() ? "True" : "False";
        JsonNode old = before.remove(type);
        String since =
                old != null && old.path("status").asText().equals(value)
                        ? old.path("lastTransitionTime").asText()
                        : now.truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode condition = conditions.addObject();
        condition.put("type", type);
        condition.put("status", value);
        condition.put("lastTransitionTime", since);
        if (!verdict.reason().isEmpty()) {
            condition.put("reason", verdict.reason());
        }
        if (!verdict.message().isEmpty()) {
            condition.put("message", verdict.message());
        }
    }
}
