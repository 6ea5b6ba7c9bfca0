package dev.shiplog.resource;

import java.util.regex.Pattern;

/**
 * Tells a note that a node sends from every other one of that node, so that one that is sent twice
 * is recorded once.
 *
 * @param life one life of the node's program: letters, digits and hyphens
 * @param report counts the reports of that life from 1; they are sent one after the other
 * @param index the note's place in its report, from 0
 */
public record NoteId(String life, long report, int index) {
    private static final int LONGEST_LIFE = 64;
    private static final Pattern LIFE = Pattern.compile("[A-Za-z0-9-]{1," + LONGEST_LIFE + "}");
    private static final Pattern TEXT = Pattern.compile("(.+)/([0-9]{1,18})/([0-9]{1,9})");

    public NoteId {
        if (!LIFE.matcher(life).matches() || report < 1 || index < 0) {
            throw new IllegalArgumentException(
                    "expected a note's id from report 1 and note 0 of a life of at most "
                            + LONGEST_LIFE
                            + " letters, digits and hyphens, found "
                            + life
                            + "/"
                            + report
                            + "/"
                            + index);
        }
    }

    /** Reads what {@link #toString} gave. */
    public static NoteId parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "expected a note's id such as 1x9f/3/0, found \"" + text + "\"");
        }
        return new NoteId(
                parts.group(1), Long.parseLong(parts.group(2)), Integer.parseInt(parts.group(3)));
    }

    @Override
    public String toString() {
        return life + "/" + report + "/" + index;
    }
}
