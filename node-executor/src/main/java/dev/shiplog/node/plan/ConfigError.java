package dev.shiplog.node.plan;

/**
 * A container that cannot be configured as its pod says; the message is fit for {@code kubectl
 * describe}.
 */
final class ConfigError extends Exception {
    ConfigError(String message) {
        super(message);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
