package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class LastEndTest {
    private static final String AT = "2026-11-26T18:56:13.907+0000 ";
    private static final String BEGAN =
            AT + "INFO dev.shiplog.boot.Server: cluster default answers at https://127.0.0.1:6443";
    private static final String FULL =
            AT + "SEVERE dev.shiplog.boot.Server: expected to write position 115, found: disk full";

    @Test
    void theReasonIsWhatTheServerSaidLast() {
        List<String> log = new ArrayList<>(List.of(BEGAN, FULL, "java.io.IOException: full", ""));
        assertEquals(
                Optional.of("expected to write position 115, found: disk full"), LastEnd.said(log));
        log.add(BEGAN);
        assertEquals(Optional.empty(), LastEnd.said(log), "a reason of the time before");
        assertEquals(Optional.empty(), LastEnd.said(List.of()));
    }
}
