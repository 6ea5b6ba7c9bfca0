package dev.shiplog.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class HeadroomTest {
    @Test
    void whatIsNewIsRefusedOnceWhatIsThereFillsTheMemory() {
        assertDoesNotThrow(() -> of(85, 100).require());
        ApiFailure refused = assertThrows(ApiFailure.class, () -> of(145, 170).require());
        assertEquals(503, refused.status().code());
        assertEquals("ServiceUnavailable", refused.status().reason());
        String message = refused.status().message();
        assertTrue(message.startsWith("this cluster's memory is full: 145 of 170 MiB"), message);
        assertTrue(message.contains("SHIPLOG_MAX_HEAP="), message);
        assertEquals(Optional.empty(), of(85, 100).lacking());
        assertEquals(of(145, 170).lacking(), of(146, 170).lacking());
    }

    @Test
    void nobodyIsRefusedWhereNothingIsKnown() {
        assertDoesNotThrow(() -> new Headroom(Optional::empty).require());
        assertDoesNotThrow(() -> Headroom.ofThisProcess().require());
    }

    private static Headroom of(long used, long most) {
        return new Headroom(() -> Optional.of(new Headroom.Use(used << 20, most << 20)));
    }
}
