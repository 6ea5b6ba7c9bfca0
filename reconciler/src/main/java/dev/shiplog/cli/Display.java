package dev.shiplog.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows progress: one line that is drawn over on a terminal. Elsewhere a line only when what it
 * says has changed, the first at once and each next one after a pause that doubles, so that a log
 * stays short however much there is to wait for. Nothing scrolls past unread.
 */
final class Display {
    private static final int WIDTH = 110;

    /** The pauses between lines that are not drawn over: first and longest. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long started;
    private String shown = "";
    private Duration nextLineAt = Duration.ZERO;
    private Duration pause = FIRST_PAUSE;

    Display(PrintWriter out, boolean terminal) {
        this(out, terminal, System::nanoTime);
    }

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Display(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
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
            shown = activity;
        } else if (!activity.equals(shown) && since().compareTo(nextLineAt) >= 0) {
            out.println(activity);
            out.flush();
            shown = activity;
            nextLineAt = since().plus(pause);
            pause = pause.multipliedBy(2);
            if (pause.compareTo(LONGEST_PAUSE) > 0) {
                pause = LONGEST_PAUSE;
            }
        }
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
        Duration elapsed = since();
        return String.format("%d.%d s", elapsed.toSeconds(), elapsed.toMillisPart() / 100);
    }

    private Duration since() {
        return Duration.ofNanos(nanoTime.getAsLong() - started);
    }
}
