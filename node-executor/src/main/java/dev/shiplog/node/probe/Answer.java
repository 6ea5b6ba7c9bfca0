package dev.shiplog.node.probe;

/**
 * What came of asking once.
 *
 * @param message for people; of an answer that is well, empty or a warning
 */
public record Answer(Kind kind, String message) {
    /** Well, and nothing to say. */
    public static final Answer WELL = new Answer(Kind.WELL, "");

    /** Messages are cut off after so many characters. */
    static final int LONGEST_MESSAGE = 1024;

    /** How an answer counts. */
    public enum Kind {
        WELL,
        /** It answered that it is not well, or did not answer. */
        UNWELL,
        /** It could not be asked; that says nothing of it. */
        NOT_ASKED
    }

    public Answer {
        if (message.length() > LONGEST_MESSAGE) {
            message = message.substring(0, LONGEST_MESSAGE);
        }
    }

    public static Answer unwell(String message) {
        return new Answer(Kind.UNWELL, message);
    }

    public static Answer notAsked(String message) {
        return new Answer(Kind.NOT_ASKED, message);
    }

    public boolean well() {
        return kind == Kind.WELL;
    }
}
