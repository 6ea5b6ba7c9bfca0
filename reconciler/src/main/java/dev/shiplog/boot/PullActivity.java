package dev.shiplog.boot;

import dev.shiplog.node.agent.Progress;

/** Tells the activity display of pulls. */
final class PullActivity implements Progress {
    private static final long KIB = 1024;

    private final Activity activity;

    PullActivity(Activity activity) {
        this.activity = activity;
    }

    @Override
    public void pulling(String image, long doneBytes, long totalBytes) {
        activity.begins(
                image,
                "pulling " + image + ": " + doneBytes / KIB + " of " + totalBytes / KIB + " KiB");
    }
}
