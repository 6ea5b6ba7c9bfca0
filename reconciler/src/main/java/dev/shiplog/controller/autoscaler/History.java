package dev.shiplog.controller.autoscaler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an autoscaler recommended and did lately. As in Kubernetes it begins anew with the program,
 * from the size that there is.
 *
 * @param recommended before limits and stabilization, oldest first
 * @param scaled by how much the target grew (positive) or shrank, oldest first
 */
public record History(List<Moment> recommended, List<Moment> scaled) {
    public static final History NONE = new History(List.of(), List.of());

    /** Nothing looks further back: the longest stabilization window that is valid. */
    static final Duration KEPT = Duration.ofHours(1);

    public History {
        recommended = List.copyOf(recommended);
        scaled = List.copyOf(scaled);
    }

    /** A number at a time. */
    public record Moment(Instant time, int value) {}

    /**
     * With the size that there is, where nothing is known yet. So an autoscaler that is new, or
     * whose program is, shrinks nothing before it has looked for as long as it has to.
     */
    History beginning(int replicas, Instant now) {
        return recommended.isEmpty() ? recommending(replicas, now) : this;
    }

    History recommending(int replicas, Instant now) {
        return new History(with(recommended, new Moment(now, replicas)), scaled);
    }

    /** With a change of the size that was made. */
    public History scaling(int difference, Instant now) {
        return new History(recommended, with(scaled, new Moment(now, difference)));
    }

    private static List<Moment> with(List<Moment> before, Moment moment) {
        List<Moment> after = new ArrayList<>();
        for (Moment one : before) {
            if (one.time().isAfter(moment.time().minus(KEPT))) {
                after.add(one);
            }
        }
        after.add(moment);
        return after;
    }

    /** The recommendations of a time until now. */
    List<Integer> recommendedWithin(Duration window, Instant now) {
        return recommended.stream()
                .filter(moment -> moment.time().isAfter(now.minus(window)))
                .map(Moment::value)
                .toList();
    }

    /** By how much the target grew within a time, without what it shrank by. */
    int grownWithin(Duration period, Instant now) {
        return scaled.stream()
                .filter(moment -> moment.time().isAfter(now.minus(period)))
                .mapToInt(moment -> Math.max(0, moment.value()))
                .sum();
    }

    /** By how much the target shrank within a time, as a positive number. */
    int shrunkWithin(Duration period, Instant now) {
        return scaled.stream()
                .filter(moment -> moment.time().isAfter(now.minus(period)))
                .mapToInt(moment -> Math.max(0, -moment.value()))
                .sum();
    }
}
