package dev.shiplog.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/** The only spelling of an address. */
final class Ipv4Test {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.96.0.1", "255.255.255.255", "192.0.2.10", "1.2.3.4"})
    void anAddressIsReadAndWrittenTheSame(String text) {
        assertEquals(Optional.of(text), Ipv4.number(text).map(Ipv4::text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1",
                "1.2.3",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.4.",
                "1.2.3.4.5",
                "1..2.3",
                "256.0.0.1",
                "1.2.3.999",
                "99999999999.1.1.1",
                "01.2.3.4",
                "1.2.3.00",
                " 1.2.3.4",
                "1.2.3.4 ",
                "1.2.3.4/8",
                "-1.2.3.4",
                "+1.2.3.4",
                "1.2.3.x",
                "١.2.3.4",
                "::1"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertEquals(Optional.empty(), Ipv4.number(text));
    }

    @Test
    void addressesAreNumbersOf32Bits() {
        assertEquals(Optional.of(0x0a60_0001), Ipv4.number("10.96.0.1"));
        assertEquals(Optional.of(-1), Ipv4.number("255.255.255.255"));
    }
}
