package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class ProfileTest {
    @Test
    void profilesLieWhereTheShellThinksThatHomeIs() {
        assertEquals(Path.of("/home/ann/.shiplog"), Profile.home(Map.of("HOME", "/home/ann")));
        assertEquals(
                Path.of("/srv/shiplog"),
                Profile.home(Map.of("HOME", "/home/ann", "SHIPLOG_HOME", "/srv/shiplog")));
        assertEquals(
                Path.of(System.getProperty("user.home"), ".shiplog"),
                Profile.home(Map.of("HOME", "", "SHIPLOG_HOME", "")));
    }
}
