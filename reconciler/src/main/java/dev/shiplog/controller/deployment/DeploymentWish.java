package dev.shiplog.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;

import java.time.Duration;
import java.util.Optional;

/**
 * What a Deployment asks for, percentages resolved.
 *
 * @param owner the Deployment
 * @param selectorNode the LabelSelector as it stands
 * @param recreate whether old pods must be gone before new ones begin
 * @param maxSurge how many pods there may be above {@code replicas}
 * @param maxUnavailable how many of {@code replicas} may be missing
 * @param progressDeadline how long a rollout may make no progress; empty if for ever
 */
record DeploymentWish(
        Resource owner,
        int replicas,
        Selector selector,
        JsonNode selectorNode,
        JsonNode template,
        boolean recreate,
        int maxSurge,
        int maxUnavailable,
        int minReadySeconds,
        int revisionHistoryLimit,
        Optional<Duration> progressDeadline,
        boolean paused) {
    private static final int DEFAULT_HISTORY = 10;
    private static final int DEFAULT_DEADLINE_SECONDS = 600;

    static DeploymentWish of(Resource owner) {
        JsonNode spec = owner.body().toNode().path("spec");
        int replicas = spec.path("replicas").asInt(1);
        boolean recreate = spec.path("strategy").path("type").asText().equals("Recreate");
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        int surge = recreate ? 0 : resolve(rolling.path("maxSurge"), replicas, true);
        int unavailable = recreate ? 0 : resolve(rolling.path("maxUnavailable"), replicas, false);
        if (!recreate && surge == 0 && unavailable == 0) {
            // Neither one more nor one less would stand still for ever.
            unavailable = 1;
        }
        int deadline = spec.path("progressDeadlineSeconds").asInt(DEFAULT_DEADLINE_SECONDS);
        return new DeploymentWish(
                owner,
                replicas,
                Selector.of(spec.path("selector")),
                spec.path("selector"),
                spec.path("template"),
                recreate,
                surge,
                Math.min(unavailable, replicas),
                spec.path("minReadySeconds").asInt(0),
                spec.path("revisionHistoryLimit").asInt(DEFAULT_HISTORY),
                deadline == Integer.MAX_VALUE
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(deadline)),
                spec.path("paused").asBoolean(false));
    }

    /** A number, or a percentage of the replicas; a quarter when it is not given. */
    static int resolve(JsonNode value, int replicas, boolean roundUp) {
        IntOrPercent portion =
                value.isMissingNode() || value.isNull()
                        ? new IntOrPercent(25, true)
                        : IntOrPercent.of(value);
        return portion.of(replicas, roundUp);
    }

    /** The most pods that there may be at any time. */
    int ceiling() {
        return replicas + maxSurge;
    }

    /** The fewest pods that must be available at any time. */
    int floor() {
        return replicas - maxUnavailable;
    }

    String name() {
        return owner.key().name();
    }
}
