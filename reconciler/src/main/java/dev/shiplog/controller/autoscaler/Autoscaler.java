package dev.shiplog.controller.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.state.ClusterState;
import dev.shiplog.status.Condition;
import dev.shiplog.status.Condition.Updates;
import dev.shiplog.status.Conditions;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One look of one HorizontalPodAutoscaler, after Kubernetes' {@code horizontal.go}. */
public final class Autoscaler {
    private static final List<GroupKind> SCALABLE =
            List.of(GroupKind.DEPLOYMENT, GroupKind.REPLICA_SET, GroupKind.REPLICATION_CONTROLLER);

    private final Resource autoscaler;
    private final JsonNode spec;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Json> metrics = new ArrayList<>();
    private History history;

    private Autoscaler(Resource autoscaler, History history, Instant now) {
        this.autoscaler = autoscaler;
        this.spec = autoscaler.body().toNode().path("spec");
        this.history = history;
        this.now = now;
    }

    /**
     * What a look asks for.
     *
     * @param replicas how many the target shall have; empty if that stays as it is
     * @param reason why, for people to read
     * @param status the autoscaler's own, once that is so
     * @param warning reason and message of what stood in the way; empty if nothing did
     */
    public record Look(
            Optional<Integer> replicas,
            String reason,
            Json status,
            Optional<Warning> warning,
            History history) {}

    public record Warning(String reason, String message) {}

    /** The resource that an autoscaler scales, if it is there. */
    public static Optional<Resource> target(ClusterState state, Resource autoscaler) {
        JsonNode reference = autoscaler.body().toNode().path("spec").path("scaleTargetRef");
        return SCALABLE.stream()
                .filter(kind -> kind.kind().equals(reference.path("kind").asText()))
                .flatMap(kind ->
                        state
                                .resource(
                                        new ResourceKey(
                                                kind,
                                                autoscaler.key().namespace(),
                                                reference.path("name").asText()))
                                .stream())
                .findFirst();
    }

    /** The pods of a target. */
    public static List<Resource> pods(ClusterState state, Resource target) {
        JsonNode spec = target.body().toNode().path("spec");
        JsonNode selector = spec.path("selector");
        Selector chosen =
                target.key().kind().equals(GroupKind.REPLICATION_CONTROLLER)
                        ? Selector.ofLabels(selector)
                        : Selector.of(selector);
        return state.resources(GroupKind.POD, target.key().namespace()).stream()
                .filter(pod -> chosen.matches(pod.metadata().labels()))
                .toList();
    }

    /**
     * Looks.
     *
     * @param target empty if it is not there
     * @param pods those of the target
     */
    public static Look look(
            Resource autoscaler,
            Optional<Resource> target,
            List<PodReading> pods,
            History history,
            Instant now) {
        Autoscaler look = new Autoscaler(autoscaler, history, now);
        return target.isEmpty() ? look.lost() : look.at(target.get(), pods);
    }

    private Look lost() {
        JsonNode reference = spec.path("scaleTargetRef");
        String message =
                "the HPA controller was unable to get the target's current scale: "
                        + reference.path("kind").asText()
                        + " \""
                        + reference.path("name").asText()
                        + "\" not found";
        condition("AbleToScale", false, "FailedGetScale", message);
        return new Look(
                Optional.empty(),
                "",
                status(Optional.empty(), 0),
                Optional.of(new Warning("FailedGetScale", message)),
                history);
    }

    private Look at(Resource target, List<PodReading> pods) {
        int current = target.body().toNode().path("spec").path("replicas").asInt(1);
        int least = spec.path("minReplicas").asInt(1);
        int most = spec.path("maxReplicas").asInt();
        history = history.beginning(current, now);
        condition(
                "AbleToScale",
                true,
                "SucceededGetScale",
                "the HPA controller was able to get the target's current scale");
        if (current == 0 && least > 0) {
            condition(
                    "ScalingActive",
                    false,
                    "ScalingDisabled",
                    "scaling is disabled since the replica count of the target is zero");
            return settled(target, 0);
        }
        if (current > most) {
            return scaled(
                    target, current, most, "Current number of replicas above Spec.MaxReplicas");
        }
        if (current < least) {
            return scaled(
                    target, current, least, "Current number of replicas below Spec.MinReplicas");
        }
        return measured(target, current, least, most, pods);
    }

    private Look measured(
            Resource target, int current, int least, int most, List<PodReading> pods) {
        Optional<MetricRule.Answer.Replicas> highest = Optional.empty();
        Optional<MetricRule.Answer.Failed> failure = Optional.empty();
        for (JsonNode metric : spec.path("metrics")) {
            switch (MetricRule.answer(metric, current, pods, now)) {
                case MetricRule.Answer.Replicas answer -> {
                    metrics.add(answer.current());
                    if (highest.filter(h -> h.replicas() >= answer.replicas()).isEmpty()) {
                        highest = Optional.of(answer);
                    }
                }
                case MetricRule.Answer.Failed failed ->
                        failure = failure.or(() -> Optional.of(failed));
            }
        }
        // What is not known may not shrink anything.
        boolean blind =
                highest.isEmpty() || (failure.isPresent() && highest.get().replicas() < current);
        if (blind) {
            MetricRule.Answer.Failed why =
                    failure.orElse(
                            new MetricRule.Answer.Failed("InvalidMetricSourceType", "no metrics"));
            condition("ScalingActive", false, why.reason(), why.message());
            return new Look(
                    Optional.empty(),
                    "",
                    status(Optional.of(target), current),
                    Optional.of(new Warning(why.reason(), why.message())),
                    history);
        }
        MetricRule.Answer.Replicas answer = highest.get();
        condition(
                "ScalingActive",
                true,
                "ValidMetricFound",
                "the HPA was able to successfully calculate a replica count from " + answer.name());
        int desired = paced(current, answer.replicas(), least, most);
        String reason =
                desired > current ? answer.name() + " above target" : "All metrics below target";
        return desired == current
                ? settled(target, current)
                : scaled(target, current, desired, reason);
    }

    /** A recommendation within the limits of time and number. */
    private int paced(int current, int recommended, int least, int most) {
        Behavior behavior = Behavior.of(spec.path("behavior"));
        int stable = behavior.stabilized(current, recommended, history, now);
        history = history.recommending(recommended, now);
        if (stable > recommended) {
            condition(
                    "AbleToScale",
                    true,
                    "ScaleDownStabilized",
                    "recent recommendations were higher than current one, applying the highest"
                            + " recent recommendation");
        } else if (stable < recommended) {
            condition(
                    "AbleToScale",
                    true,
                    "ScaleUpStabilized",
                    "recent recommendations were lower than current one, applying the lowest"
                            + " recent recommendation");
        } else {
            condition(
                    "AbleToScale",
                    true,
                    "ReadyForNewScale",
                    "recommended size matches current size");
        }
        return stable > current
                ? grown(current, stable, most, behavior)
                : stable < current ? shrunk(current, stable, least, behavior) : within(stable);
    }

    private int grown(int current, int wanted, int most, Behavior behavior) {
        int ceiling = behavior.ceiling(current, history, now);
        if (wanted > Math.min(ceiling, most)) {
            boolean slow = ceiling < most;
            condition(
                    "ScalingLimited",
                    true,
                    slow ? "ScaleUpLimit" : "TooManyReplicas",
                    slow
                            ? "the desired replica count is increasing faster than the maximum"
                                    + " scale rate"
                            : "the desired replica count is more than the maximum replica count");
            return Math.min(ceiling, most);
        }
        return within(wanted);
    }

    private int shrunk(int current, int wanted, int least, Behavior behavior) {
        int floor = behavior.floor(current, history, now);
        if (wanted < Math.max(floor, least)) {
            boolean slow = floor > least;
            condition(
                    "ScalingLimited",
                    true,
                    slow ? "ScaleDownLimit" : "TooFewReplicas",
                    slow
                            ? "the desired replica count is decreasing faster than the maximum"
                                    + " scale rate"
                            : "the desired replica count is less than the minimum replica count");
            return Math.max(floor, least);
        }
        return within(wanted);
    }

    private int within(int wanted) {
        condition(
                "ScalingLimited",
                false,
                "DesiredWithinRange",
                "the desired count is within the acceptable range");
        return wanted;
    }

    private Look settled(Resource target, int replicas) {
        return new Look(
                Optional.empty(),
                "",
                status(Optional.of(target), replicas),
                Optional.empty(),
                history);
    }

    private Look scaled(Resource target, int current, int desired, String reason) {
        condition(
                "AbleToScale",
                true,
                "SucceededRescale",
                "the HPA controller was able to update the target scale to " + desired);
        ObjectNode status = status(Optional.of(target), desired).toObject();
        status.put("lastScaleTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new Look(
                Optional.of(desired),
                reason,
                Json.of(status),
                Optional.empty(),
                history.scaling(desired - current, now));
    }

    private void condition(String type, boolean holds, String reason, String message) {
        conditions.removeIf(condition -> condition.type().equals(type));
        conditions.add(
                new Condition(type, holds ? "True" : "False", reason, message, Updates.NEVER));
    }

    private Json status(Optional<Resource> target, int desired) {
        ObjectNode status = autoscaler.status().toObject();
        status.put("observedGeneration", autoscaler.metadata().generation());
        status.put(
                "currentReplicas",
                target.map(one -> one.status().toNode().path("replicas").asInt()).orElse(0));
        status.put("desiredReplicas", desired);
        if (metrics.isEmpty()) {
            status.remove("currentMetrics");
        } else {
            var list = status.putArray("currentMetrics");
            metrics.forEach(metric -> list.add(metric.toNode()));
        }
        status.set("conditions", Conditions.merge(status.path("conditions"), conditions, now));
        return Json.of(status);
    }
}
