package dev.shiplog.cli;

import java.io.PrintWriter;
import java.time.Duration;

/**
 * Shows progress: one line that is drawn over on a terminal; elsewhere a line only when what it
 * says has changed. Nothing scrolls past unread.
 */
final class Display {
    private static final int WIDTH = 110;

    private final PrintWriter out;
    private final boolean terminal;
    private final long started = System.nanoTime();
    private String shown = "";

    Display(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Whether people see what is printed as it is printed. The launcher knows; asking the JDK loads
     * a line editor.
     */
    static boolean onTerminal() {
        return "1".equals(System.getenv("SHIPLOG_TERMINAL"));
    }

    /** What is going on now. */
    void show(String activity) {
        if (terminal) {
            String line = activity + " (" + elapsed() + ")";
            out.print(
                    "\r\033[K"
                            + (line.length() > WIDTH ? line.substring(0, WIDTH - 1) + "…" : line));
            out.flush();
        } else if (!activity.equals(shown)) {
            out.println(activity);
            out.flush();
        }
        shown = activity;
    }

    /** Something that is done and stays on the screen. */
    void done(String what) {
        if (terminal) {
            out.print("\r\033[K");
        }
        out.println(what);
        out.flush();
    }

    /** Since the display began, such as {@code 3.4 s}. */
    String elapsed() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        return String.format("%d.%d s", elapsed.toSeconds(), elapsed.toMillisPart() / 100);
    }
}
