package dev.shiplog.status;

/**
 * What a controller found of one aspect of a resource.
 *
 * @param type the aspect, such as {@code Available}
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word in upper camel case
 * @param message for people
 * @param updates when {@code lastUpdateTime} moves
 */
public record Condition(
        String type, String status, String reason, String message, Updates updates) {
    /** When a condition's {@code lastUpdateTime} moves. */
    public enum Updates {
        /** This kind has no such member. */
        NEVER,
        /** When status or reason change. */
        ON_CHANGE,
        /** Now: it was found again, and that is news. */
        NOW
    }
}
