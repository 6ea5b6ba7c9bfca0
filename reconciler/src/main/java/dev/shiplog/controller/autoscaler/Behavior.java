package dev.shiplog.controller.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast the size may change: {@code spec.behavior}, with Kubernetes' defaults.
 *
 * @param up how fast it may grow
 * @param down how fast it may shrink
 */
record Behavior(Pace up, Pace down) {
    private static final Duration QUARTER_MINUTE = Duration.ofSeconds(15);
    private static final Duration DOWN_WINDOW = Duration.ofMinutes(5);

    private static final List<Policy> UP =
            List.of(new Policy(false, 4, QUARTER_MINUTE), new Policy(true, 100, QUARTER_MINUTE));
    private static final List<Policy> DOWN = List.of(new Policy(true, 100, QUARTER_MINUTE));

    /** Which of several policies holds. */
    enum Select {
        /** The one that allows the greatest change. */
        MAX,
        /** The one that allows the smallest. */
        MIN,
        /** None: the size does not change that way. */
        DISABLED
    }

    /**
     * @param window recommendations of so long ago count
     */
    record Pace(Duration window, Select select, List<Policy> policies) {}

    /**
     * @param percent whether {@code value} is a share of the size at the begin of the period, rather
     *     than a number of pods
     */
    record Policy(boolean percent, int value, Duration period) {}

    static Behavior of(JsonNode behavior) {
        return new Behavior(
                pace(behavior.path("scaleUp"), Duration.ZERO, UP),
                pace(behavior.path("scaleDown"), DOWN_WINDOW, DOWN));
    }

    private static Pace pace(JsonNode rules, Duration window, List<Policy> usual) {
        List<Policy> policies = new ArrayList<>();
        for (JsonNode policy : rules.path("policies")) {
            policies.add(
                    new Policy(
                            policy.path("type").asText().equals("Percent"),
                            policy.path("value").asInt(),
                            Duration.ofSeconds(policy.path("periodSeconds").asInt())));
        }
        return new Pace(
                rules.has("stabilizationWindowSeconds")
                        ? Duration.ofSeconds(rules.path("stabilizationWindowSeconds").asInt())
                        : window,
                switch (rules.path("selectPolicy").asText()) {
                    case "Min" -> Select.MIN;
                    case "Disabled" -> Select.DISABLED;
                    default -> Select.MAX;
                },
                policies.isEmpty() ? usual : List.copyOf(policies));
    }

    /**
     * A recommendation, held against those before it: up goes no further than the lowest of the one
     * window, down no further than the highest of the other.
     */
    int stabilized(int current, int recommended, History history, Instant now) {
        int lowest = recommended;
        for (int one : history.recommendedWithin(up.window(), now)) {
            lowest = Math.min(lowest, one);
        }
        int highest = recommended;
        for (int one : history.recommendedWithin(down.window(), now)) {
            highest = Math.max(highest, one);
        }
        return Math.max(lowest, Math.min(current, highest));
    }

    /** The largest size that growing may reach now. */
    int ceiling(int current, History history, Instant now) {
        if (up.select() == Select.DISABLED) {
            return current;
        }
        List<Integer> limits = new ArrayList<>();
        for (Policy policy : up.policies()) {
            int start = before(policy.period(), current, history, now);
            limits.add(
                    policy.percent()
                            ? (int) Math.ceilDiv((long) start * (100 + policy.value()), 100L)
                            : start + policy.value());
        }
        return Math.max(
                current, up.select() == Select.MAX ? greatest(limits) : least(limits));
    }

    /** The smallest size that shrinking may reach now. */
    int floor(int current, History history, Instant now) {
        if (down.select() == Select.DISABLED) {
            return current;
        }
        List<Integer> limits = new ArrayList<>();
        for (Policy policy : down.policies()) {
            int start = before(policy.period(), current, history, now);
            limits.add(
                    policy.percent()
                            ? (int) ((long) start * (100 - policy.value()) / 100)
                            : start - policy.value());
        }
        return Math.min(
                current, down.select() == Select.MAX ? least(limits) : greatest(limits));
    }

    /** The size at the begin of a period. */
    private static int before(Duration period, int current, History history, Instant now) {
        return current - history.grownWithin(period, now) + history.shrunkWithin(period, now);
    }

    private static int greatest(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static int least(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).min().orElse(0);
    }
}
