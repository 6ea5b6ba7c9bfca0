package dev.shiplog.resource.secret;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;

class HpkeTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 9180, appendix A.1.1, the first encryption; with the 128-bit cipher of that vector. */
    @Test
    void opensTheTestVectorOfTheRfc() throws Exception {
        PrivateKey recipient =
                KeyFactory.getInstance("X25519")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(
                                        HEX.parseHex(
                                                "302e020100300506032b656e04220420"
                                                        + "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")));
        Hpke.Message message =
                new Hpke.Message(
                        HEX.parseHex(
                                "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
                        HEX.parseHex(
                                "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                                        + "6d8770ac83d07bea87e13c512a"));
        byte[] info = HEX.parseHex("4f6465206f6e2061204772656369616e2055726e");
        byte[] associated = "Count-0".getBytes(StandardCharsets.US_ASCII);
        Hpke hpke = new Hpke(16, 1);
        assertEquals(
                "Beauty is truth, truth beauty",
                new String(
                        hpke.open(recipient, info, associated, message).orElseThrow(),
                        StandardCharsets.US_ASCII));
        assertEquals(
                Optional.empty(),
                hpke.open(recipient, info, new byte[] {1}, message),
                "other associated data");
        assertEquals(
                Optional.empty(),
                hpke.open(recipient, new byte[] {1}, associated, message),
                "other info");
    }

    @Test
    void opensWhatItSeals() {
        SealingKey key = SealingKey.generate();
        ValuePlace place = new ValuePlace("shop", "db", "password");
        byte[] value = {0, 1, 2, -1};
        SealedText sealed = SealedText.parse(key.publicKey().seal(value, place)).orElseThrow();
        assertArrayEquals(value, key.open(sealed, place).orElseThrow());
        assertEquals(4, sealed.plainBytes());
    }
}
