package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** guide row 19: swap that is on. */
class HostTest {
    private static final String HEADING = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority";

    @Test
    void swapIsToldWithItsSizeTheReasonAndWhatToDo() {
        String said =
                Host.swapWarning(
                                List.of(
                                        HEADING,
                                        "/dev/sda2  partition\t1048576\t0\t-2",
                                        "/swapfile  file\t524288\t0\t-3"))
                        .orElseThrow();
        assertTrue(said.contains("1.5 GiB"), said);
        assertTrue(said.contains("swapoff -a"), said);
    }

    @Test
    void withoutSwapNothingIsSaid() {
        assertEquals(Optional.empty(), Host.swapWarning(List.of(HEADING)));
        assertEquals(Optional.empty(), Host.swapWarning(List.of()));
    }
}
