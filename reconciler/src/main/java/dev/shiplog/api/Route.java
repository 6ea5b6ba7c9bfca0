package dev.shiplog.api;

/**
 * A further handler of the server.
 *
 * @param method in upper case; {@code *} for any
 * @param prefix the path itself, or the part of it before a slash, such as {@code
 *     /shiplog/v1/status}
 * @param open whether it answers those who are not known too; the handler then checks by itself who
 *     asks, as a webhook does by its signature
 */
public record Route(String method, String prefix, Handler handler, boolean open) {
    /** A route for those who are known. */
    public Route(String method, String prefix, Handler handler) {
        this(method, prefix, handler, false);
    }

    public Route {
        if (!prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "expected a prefix that begins with a slash and ends without one, found \""
                            + prefix
                            + "\"");
        }
    }

    /** Whether this route's path is meant, whatever the method. */
    public boolean leadsTo(String path) {
        return path.startsWith(prefix)
                && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    public boolean accepts(String requestMethod) {
        return method.equals("*") || method.equals(requestMethod);
    }
}
