package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Input that nobody sends by accident. */
class ManifestLimitsTest {
    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: a
            spec:
              containers:
                - name: a
                  image: busybox:1.37
            """;

    @Test
    void aFileOf100MegabytesIsRefusedWithoutReadingIt() {
        Manifests.Decoded decoded = Manifests.decode("big.yaml", new byte[100_000_000], "default");
        assertEquals(
                "big.yaml:1:1: expected a file of at most 3,145,728 bytes, found 100,000,000: is"
                        + " it a manifest?",
                only(decoded).toString());
    }

    @Test
    void aFileOfTheLargestSizeIsRead() {
        String filler = ("#" + "x".repeat(98) + "\n").repeat(31_400);
        assertEquals(1, Fixtures.decode(filler + POD).resources().size());
    }

    @Test
    void anEndlessLineIsRefused() {
        String line = "#" + "x".repeat(SourceText.MAX_LINE_CHARACTERS) + "\n";
        assertEquals(
                "test.yaml:9:1: expected a line of at most 1,048,576 characters, found a longer one",
                only(Fixtures.decode(POD + line)).toString());
    }

    @Test
    void aBillionLaughsAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        String message = only(Fixtures.decode(bomb.toString())).message();
        assertTrue(message.startsWith("expected at most 50 aliases"), message);
    }

    @Test
    void doublingWithinTheLimitOfAliasesIsRefusedByItsSize() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol]\n");
        for (int i = 1; i <= 25; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertTrue(
                only(Fixtures.decode(bomb.toString())).message().startsWith("the aliases of this"));
    }

    @Test
    void aLongWordRepeatedByAliasesIsRefusedByItsSize() {
        String bomb = "a: &a " + "x".repeat(1_000_000) + "\nb: [" + "*a, ".repeat(1000) + "]\n";
        assertTrue(only(Fixtures.decode(bomb)).message().startsWith("the aliases of this"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a: ", "- "})
    void deepNestingIsRefused(String opening) {
        String message = only(Fixtures.decode(opening.repeat(100_000))).message();
        assertTrue(message.contains("nest at most 64 deep"), message);
    }

    @Test
    void aSelfContainingAliasIsRefused() {
        assertTrue(
                Fixtures.decode("a: &a\n  b: *a\n")
                        .problems()
                        .getFirst()
                        .message()
                        .contains("alias"));
    }

    @Test
    void manyProblemsAreCounted() {
        StringBuilder pod = new StringBuilder(POD);
        for (int i = 0; i < 40; i++) {
            pod.append("nonsense%d: 1\n".formatted(i));
        }
        Manifests.Decoded decoded = Fixtures.decode(pod + "---\n" + pod);
        assertEquals(Manifests.MAX_REPORTED, decoded.problems().size());
        assertEquals("and 31 more from here on", decoded.problems().getLast().message());
        assertEquals(List.of(), decoded.resources());
    }

    @Test
    void binaryFilesAreRefused() {
        byte[] bytes = {'k', 'i', 'n', 'd', '\n', 'a', 0, 'b'};
        assertEquals(
                "x.yaml:2:2: expected text, found a zero byte: this is a binary file",
                only(Manifests.decode("x.yaml", bytes, "default")).toString());
    }

    @Test
    void otherEncodingsAreRefused() {
        byte[] latin = "a: 1\nname: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals(
                "x.yaml:2:10: expected UTF-8, found the byte 0xE9: is it a text file?",
                only(Manifests.decode("x.yaml", latin, "default")).toString());
    }

    @Test
    void controlCharactersAreRefused() {
        assertEquals(
                "test.yaml:1:4: expected text, found the control character U+001B",
                only(Fixtures.decode("a: \u001b[31m\n")).toString());
    }

    @Test
    void aByteOrderMarkAndWindowsLinesAreRead() {
        assertEquals(1, Fixtures.decode("\uFEFF" + POD.replace("\n", "\r\n")).resources().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n---\n", "---\nnull\n"})
    void emptyDocumentsSayNothing(String text) {
        Manifests.Decoded decoded = Fixtures.decode(text);
        assertEquals(List.of(), decoded.problems());
        assertEquals(List.of(), decoded.resources());
    }

    /** Whatever is damaged, there is an answer: resources or problems, never an exception. */
    @Test
    void damagedBytesNeverBreakTheDecoder() {
        for (long seed = 1; seed <= 3000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = POD.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i <= random.nextInt(4); i++) {
                String interesting = "\n\t :-[]{}&*!|>'\"%@`#,?0~<\u0000";
                bytes[random.nextInt(bytes.length)] =
                        (byte) interesting.charAt(random.nextInt(interesting.length()));
            }
            try {
                Manifests.Decoded decoded = Manifests.decode("x.yaml", bytes, "default");
                assertTrue(decoded.resources().size() <= 2);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static Manifests.Problem only(Manifests.Decoded decoded) {
        assertEquals(1, decoded.problems().size(), decoded.problems().toString());
        assertEquals(List.of(), decoded.resources());
        return decoded.problems().getFirst();
    }
}
