package dev.shiplog.node.plan;

/** What a probe asks, in the order in which they are asked. */
public enum ProbeKind {
    /** Has it started? Until it has, nothing else is asked; if it does not, it is restarted. */
    STARTUP("Startup", "startup"),
    /** Does it live? If not, it is restarted. */
    LIVENESS("Liveness", "liveness"),
    /** Can it serve? If not, nobody is sent to it. */
    READINESS("Readiness", "readiness");

    private final String title;
    private final String word;

    ProbeKind(String title, String word) {
        this.title = title;
        this.word = word;
    }

    /** At the beginning of a sentence. */
    String title() {
        return title;
    }

    /** Within one. */
    public String word() {
        return word;
    }
}
