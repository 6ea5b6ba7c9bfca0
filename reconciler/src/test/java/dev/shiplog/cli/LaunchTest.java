package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What is shown of the log of a server that ended at once. */
class LaunchTest {
    @Test
    void whatIsSaidToPeopleIsShownWithoutWhatIsForItsMakers() {
        assertEquals(
                "shiplog: nothing here can run containers\nsay so",
                Launch.lastWords(
                        List.of(
                                "shiplog: of an earlier start",
                                "java.io.IOException: somewhere",
                                "\tat dev.shiplog.Somewhere",
                                "INFO closing",
                                "shiplog: nothing here can run containers",
                                "say so")));
    }

    @Test
    void whoSaidNothingIsShownAsItEnded() {
        assertEquals(
                "2\n3\n4\n5\n6\n7", Launch.lastWords(List.of("1", "2", "3", "4", "5", "6", "7")));
        assertEquals("Killed", Launch.lastWords(List.of("Killed")));
        assertEquals("", Launch.lastWords(List.of()));
    }
}
