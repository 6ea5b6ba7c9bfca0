package dev.shiplog.node.plan;

/**
 * Something about a pod for people to read; {@code kubectl describe} shows it as an event. The
 * texts are those of Kubernetes, because people and their tools search for them.
 *
 * @param reason one word in upper camel case
 */
public record PodNote(boolean warning, String reason, String message) {
    static PodNote normal(String reason, String message) {
        return new PodNote(false, reason, message);
    }

    public static PodNote warning(String reason, String message) {
        return new PodNote(true, reason, message);
    }
}
