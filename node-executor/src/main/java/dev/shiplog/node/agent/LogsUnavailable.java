package dev.shiplog.node.agent;

/**
 * There are no logs of what was asked for: the pod is not here, or the container has not run. The
 * message says which, in the words of Kubernetes.
 */
public final class LogsUnavailable extends Exception {
    LogsUnavailable(String message) {
        super(message);
    }
}
