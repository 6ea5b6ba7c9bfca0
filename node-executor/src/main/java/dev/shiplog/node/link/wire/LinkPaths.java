package dev.shiplog.node.link.wire;

/**
 * Where a node finds its control plane, below {@code <server>/shiplog/v1/nodes/<name>/}.
 *
 * <p>{@link #CONNECT} (POST) answers with a stream of orders, one a line, and empty lines while
 * there are none; {@link #REPORT}, {@link #INTRODUCE} and {@link #RENEW} (POST) answer once it is
 * recorded; {@link #TOKEN} (POST) answers with a token for a pod; {@link #VIEW} (GET, {@code kind=} for each kind) answers with a stream of updates.
 */
public final class LinkPaths {
    public static final String NODES = "/shiplog/v1/nodes";

    /** The authority's certificate, PEM; for whoever asks. */
    public static final String AUTHORITY = "/shiplog/v1/ca.crt";

    public static final String CONNECT = "connect";
    public static final String REPORT = "report";
    public static final String INTRODUCE = "introduce";
    public static final String RENEW = "renew";
    public static final String TOKEN = "token";
    public static final String VIEW = "view";

    /** Followed by a slash and the session's id: a WebSocket. */
    public static final String SESSIONS = "sessions";

    private LinkPaths() {}

    public static String of(String node, String what) {
        return NODES + "/" + node + "/" + what;
    }
}
