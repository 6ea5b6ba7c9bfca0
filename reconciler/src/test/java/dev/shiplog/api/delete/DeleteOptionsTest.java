package dev.shiplog.api.delete;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

class DeleteOptionsTest {
    private static DeleteOptions json(String body) {
        return of(body.getBytes(StandardCharsets.UTF_8));
    }

    private static DeleteOptions of(byte[] body) {
        return DeleteOptions.of(Bodies.options("application/json", body), Query.EMPTY);
    }

    /**
     * {@code k8s\0}, Unknown{typeMeta{"v1","DeleteOptions"}, raw{grace 7, uid, Foreground,
     * dryRun}}.
     */
    private static byte[] protobuf() {
        String raw =
                hex(1, 7) + "12" + "04" + text(1, "u1") + text(4, "Foreground") + text(5, "All");
        String type = text(1, "v1") + text(2, "DeleteOptions");
        String unknown = "0a" + length(type) + type + "12" + length(raw) + raw;
        return HexFormat.of().parseHex("6b387300" + unknown);
    }

    private static String hex(int field, int value) {
        return "%02x%02x".formatted(field << 3, value);
    }

    private static String text(int field, String value) {
        String bytes = HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
        return "%02x".formatted(field << 3 | 2) + length(bytes) + bytes;
    }

    private static String length(String hex) {
        return "%02x".formatted(hex.length() / 2);
    }

    @Test
    void nothingMeansTheDefaults() {
        DeleteOptions options = json("");
        assertTrue(options.graceSeconds().isEmpty());
        assertEquals(Optional.empty(), options.propagation());
        assertEquals(options, json("{}"));
    }

    @Test
    void jsonIsRead() {
        DeleteOptions options =
                json(
                        """
                        {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":3,
                         "propagationPolicy":"Orphan","dryRun":["All"],
                         "preconditions":{"uid":"u1","resourceVersion":"9"}}
                        """);
        assertEquals(OptionalLong.of(3), options.graceSeconds());
        assertEquals(Optional.of(Propagation.ORPHAN), options.propagation());
        assertEquals(Optional.of(new Uid("u1")), options.uid());
        assertEquals(Optional.of("9"), options.version());
        assertTrue(options.dryRun());
    }

    @Test
    void protobufIsRead() {
        DeleteOptions options = of(protobuf());
        assertEquals(OptionalLong.of(7), options.graceSeconds());
        assertEquals(Optional.of(Propagation.FOREGROUND), options.propagation());
        assertEquals(Optional.of(new Uid("u1")), options.uid());
        assertTrue(options.dryRun());
    }

    @Test
    void parametersAreReadToo() {
        DeleteOptions options =
                DeleteOptions.of(
                        Bodies.options("", new byte[0]),
                        Query.parse("gracePeriodSeconds=0&propagationPolicy=Foreground"));
        assertEquals(OptionalLong.of(0), options.graceSeconds());
        assertEquals(Optional.of(Propagation.FOREGROUND), options.propagation());
    }

    @Test
    void damageIsTheCallersFault() {
        byte[] whole = protobuf();
        int typeEnd = 4 + 2 + whole[5];
        for (int length = 5; length < whole.length; length++) {
            if (length == typeEnd) {
                // A whole envelope that holds nothing: the defaults.
                continue;
            }
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(ApiFailure.class, () -> of(cut), "cut at " + length);
        }
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] body = whole.clone();
            body[4 + random.nextInt(body.length - 4)] = (byte) random.nextInt();
            try {
                of(body);
            } catch (ApiFailure e) {
                assertTrue(e.status().code() < 500);
            }
        }
        assertEquals(400, assertThrows(ApiFailure.class, () -> json("[1")).status().code());
        assertEquals(
                422,
                assertThrows(ApiFailure.class, () -> json("{\"propagationPolicy\":\"Up\"}"))
                        .status()
                        .code());
    }
}
