package dev.shiplog.resource.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Whatever the value: it opens where it was sealed for, and nowhere else. */
class SealingTest {
    private static final int ROUNDS = 300;

    @Test
    void aSealedValueOpensInItsPlaceOnly() {
        Keyring keys = new Keyring(SealingKey.generate(), List.of());
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Random random = new Random(seed);
            byte[] value = new byte[random.nextInt(4_000)];
            random.nextBytes(value);
            ValuePlace place = place(random);
            ValuePlace other = place(random);
            String sealed = keys.seal(value, place);
            assertNotEquals(sealed, keys.seal(value, place), "sealed twice alike, seed " + seed);
            assertArrayEquals(value, plain(keys.open(sealed, place)), "seed " + seed);
            if (!other.equals(place)) {
                assertClosed(keys.open(sealed, other), "moved, seed " + seed);
            }
        }
    }

    @Test
    void aTamperedValueDoesNotOpen() {
        Keyring keys = new Keyring(SealingKey.generate(), List.of());
        ValuePlace place = new ValuePlace("shop", "db", "password");
        for (long seed = 1; seed <= ROUNDS; seed++) {
            Random random = new Random(seed);
            String sealed = keys.seal("correct horse".getBytes(StandardCharsets.UTF_8), place);
            byte[] bytes =
                    Base64.getUrlDecoder().decode(sealed.substring(SealedText.PREFIX.length()));
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            String changed =
                    SealedText.PREFIX
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            assertClosed(keys.open(changed, place), "seed " + seed);
            String cut = sealed.substring(0, random.nextInt(sealed.length()));
            assertClosed(keys.open(cut, place), "cut, seed " + seed);
        }
    }

    @Test
    void anOldKeyStillOpensAndAStrangersDoesNot() {
        SealingKey old = SealingKey.generate();
        SealingKey fresh = SealingKey.generate();
        ValuePlace place = new ValuePlace("shop", "db", "password");
        byte[] value = {7};
        String before = new Keyring(old, List.of()).seal(value, place);
        Keyring rotated = new Keyring(fresh, List.of(old));
        assertArrayEquals(value, plain(rotated.open(before, place)));
        assertEquals(
                fresh.publicKey().id(),
                SealedText.parse(rotated.seal(value, place)).orElseThrow().key());
        Keyring.Opened.Closed erased =
                assertInstanceOf(
                        Keyring.Opened.Closed.class,
                        new Keyring(fresh, List.of()).open(before, place));
        assertTrue(erased.why().contains(old.publicKey().id().hex()), erased.why());
    }

    @Test
    void keysAreReadAsTheyAreWritten() {
        SealingKey key = SealingKey.generate();
        assertEquals(key.publicKey(), PublicSealingKey.parse(key.publicKey().toString() + "\n"));
        ValuePlace place = new ValuePlace("", "a", "b");
        String sealed = new Keyring(key, List.of()).seal(new byte[] {1, 2}, place);
        SealingKey read = SealingKey.parse(key.privateText());
        assertArrayEquals(
                new byte[] {1, 2}, plain(new Keyring(read, List.of()).open(sealed, place)));
        assertThrows(IllegalArgumentException.class, () -> PublicSealingKey.parse("ssh-rsa AAAA"));
        String mixed =
                SealingKey.generate().publicKey()
                        + key.privateText().substring(key.publicKey().toString().length());
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> SealingKey.parse(mixed));
        assertFalse(String.valueOf(refused.getMessage()).contains("PRIVATE KEY"));
    }

    private static ValuePlace place(Random random) {
        return new ValuePlace(word(random), word(random), word(random));
    }

    /** Short, so that places collide in parts. */
    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }

    private static byte[] plain(Keyring.Opened opened) {
        return assertInstanceOf(Keyring.Opened.Plain.class, opened).value();
    }

    private static void assertClosed(Keyring.Opened opened, String message) {
        assertInstanceOf(Keyring.Opened.Closed.class, opened, message);
    }
}
