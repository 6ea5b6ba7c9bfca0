package dev.shiplog.source.edit;

/** Where lines of a text begin and end, and what comments are around. */
record Lines(String text) {
    /** Where the line of a place begins. */
    int start(int at) {
        return text.lastIndexOf('\n', at - 1) + 1;
    }

    /** Where the line of a place ends, before its line break. */
    int end(int at) {
        int end = text.indexOf('\n', at);
        if (end < 0) {
            return text.length();
        }
        return end > at && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    /** Where the next line begins. */
    int next(int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    int column(int at) {
        return at - start(at);
    }

    /** Whether only blanks stand before a place in its line. */
    boolean begins(int at) {
        return text.substring(start(at), at).isBlank();
    }

    /** Whether a line that begins there is blank. */
    boolean blank(int line) {
        return text.substring(line, end(line)).isBlank();
    }

    /** The column of the comment that makes up a line; -1 if it is none. */
    private int comment(int line) {
        int at = line;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() && text.charAt(at) == '#' ? at - line : -1;
    }

    /** Where the comments begin that stand directly above a line and at its column. */
    int withCommentsAbove(int line, int column) {
        int at = line;
        while (at > 0) {
            int above = start(at - 1);
            if (comment(above) != column) {
                break;
            }
            at = above;
        }
        return at;
    }

    /** Where comments end that stand directly below a line and further right than a column. */
    int behindInnerComments(int line, int column) {
        int at = line;
        while (at < text.length() && comment(at) > column) {
            at = next(at);
        }
        return at;
    }

    /** The comment at the end of a line, behind a place where no quotes are open; "" if none. */
    String trailingComment(int from) {
        String rest = text.substring(from, end(from));
        int hash = rest.indexOf(" #");
        return hash < 0 ? "" : rest.substring(hash);
    }
}
