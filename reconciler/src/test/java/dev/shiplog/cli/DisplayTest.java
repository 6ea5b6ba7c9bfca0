package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;

class DisplayTest {
    private final StringWriter text = new StringWriter();
    private long nanos;
    private final Display display = new Display(new PrintWriter(text), false, () -> nanos);

    @Test
    void withoutATerminalLinesComeRarer() {
        for (int second = 0; second < 300; second++) {
            nanos = Duration.ofSeconds(second).toNanos();
            display.show(second + " of 300 pods Ready");
        }
        List<String> lines = text.toString().lines().toList();
        assertEquals(
                List.of(
                        "0 of 300 pods Ready",
                        "1 of 300 pods Ready",
                        "3 of 300 pods Ready",
                        "7 of 300 pods Ready",
                        "15 of 300 pods Ready",
                        "31 of 300 pods Ready",
                        "61 of 300 pods Ready"),
                lines.subList(0, 7));
        assertEquals(14, lines.size());
    }

    @Test
    void whatDoesNotChangeIsSaidOnce() {
        for (int second = 0; second < 10; second++) {
            nanos = Duration.ofSeconds(second).toNanos();
            display.show("starting the control plane");
        }
        assertEquals("starting the control plane\n", text.toString());
    }
}
