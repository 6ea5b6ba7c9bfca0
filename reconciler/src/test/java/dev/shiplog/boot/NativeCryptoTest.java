package dev.shiplog.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Security;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

class NativeCryptoTest {
    private static final String NAME = "AmazonCorrettoCryptoProvider";
    private static final byte[] TEXT =
            "what is written to the log".repeat(1_000).getBytes(StandardCharsets.UTF_8);

    @BeforeEach
    void thereIsALibraryForThisMachine() {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        assumeTrue(System.getProperty("os.arch").equals("amd64"));
        System.setProperty(NativeCrypto.PROPERTY, "native");
    }

    @AfterEach
    void asItWas() {
        Security.removeProvider(NAME);
        System.clearProperty(NativeCrypto.PROPERTY);
    }

    @Test
    void isTheFirstChoiceForWhatAClusterEncryptsAndHashesWith() throws Exception {
        assertTrue(NativeCrypto.prefer());
        for (String digest : new String[] {"SHA-1", "SHA-256", "SHA-384"}) {
            assertEquals(NAME, MessageDigest.getInstance(digest).getProvider().getName());
        }
        assertEquals(NAME, Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName());
        assertEquals(NAME, Signature.getInstance("SHA256withECDSA").getProvider().getName());
    }

    @Test
    void isLeftAloneUnlessTheLauncherSaysThatItIsThere() throws Exception {
        System.clearProperty(NativeCrypto.PROPERTY);
        assertFalse(NativeCrypto.prefer());
        assertEquals("SUN", MessageDigest.getInstance("SHA-256").getProvider().getName());
    }

    @Test
    void hashesAsTheJdkDoes() throws Exception {
        assertTrue(NativeCrypto.prefer());
        for (String digest : new String[] {"SHA-1", "SHA-256", "SHA-384"}) {
            assertArrayEquals(
                    MessageDigest.getInstance(digest, "SUN").digest(TEXT),
                    MessageDigest.getInstance(digest).digest(TEXT));
        }
    }

    @Test
    void readsWhatTheJdkEncryptedAndIsReadByIt() throws Exception {
        assertTrue(NativeCrypto.prefer());
        assertArrayEquals(TEXT, decrypted("SunJCE", encrypted(NAME)));
        assertArrayEquals(TEXT, decrypted(NAME, encrypted("SunJCE")));
    }

    @Test
    void signsForTheJdkAndTrustsItsSignatures() throws Exception {
        assertTrue(NativeCrypto.prefer());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        assertTrue(verified("SunEC", pair, signed(NAME, pair)));
        assertTrue(verified(NAME, pair, signed("SunEC", pair)));
        byte[] changed = signed(NAME, pair);
        assertFalse(verified(NAME, generator.generateKeyPair(), changed));
    }

    @Test
    void isUnpackedUnderTheNameThatTheJvmLooksFor(@TempDir Path folder) throws Exception {
        NativeCrypto.unpack(folder);
        Path library = folder.resolve("libamazonCorrettoCryptoProvider.so");
        assertTrue(Files.size(library) > 1_000_000);
        byte[] elf = {0x7f, 'E', 'L', 'F'};
        try (InputStream in = Files.newInputStream(library)) {
            assertArrayEquals(elf, in.readNBytes(elf.length));
        }
    }

    private static byte[] encrypted(String provider) throws GeneralSecurityException {
        return cipher(provider, Cipher.ENCRYPT_MODE).doFinal(TEXT);
    }

    private static byte[] decrypted(String provider, byte[] bytes) throws GeneralSecurityException {
        return cipher(provider, Cipher.DECRYPT_MODE).doFinal(bytes);
    }

    private static Cipher cipher(String provider, int mode) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        cipher.init(
                mode,
                new SecretKeySpec(new byte[32], "AES"),
                new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(NAME.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] signed(String provider, KeyPair pair) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA", provider);
        signature.initSign(pair.getPrivate());
        signature.update(TEXT);
        return signature.sign();
    }

    private static boolean verified(String provider, KeyPair pair, byte[] bytes)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA", provider);
        signature.initVerify(pair.getPublic());
        signature.update(TEXT);
        return signature.verify(bytes);
    }
}
