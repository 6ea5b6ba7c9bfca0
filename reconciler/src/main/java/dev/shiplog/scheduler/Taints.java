package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

/** What a taint means to the scheduler. */
final class Taints {
    private Taints() {}

    /** Whether a node with it is taken only if there is no better one. */
    static boolean discourages(Taint taint) {
        return taint.effect().equals("PreferNoSchedule");
    }
}
