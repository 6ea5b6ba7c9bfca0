package dev.shiplog.resource.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Optional;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.DecapsulateException;
import javax.crypto.KDF;
import javax.crypto.KEM;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Hybrid public key encryption, RFC 9180, in its base mode, for one message at a time:
 * DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-GCM. Every message has a key pair, and so a data
 * key, of its own.
 */
final class Hpke {
    /** The bytes of an encapsulated key. */
    static final int ENCAPSULATED_BYTES = 32;

    /** The bytes that a sealed message is longer by than the message. */
    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;
    private static final byte[] VERSION = ascii("HPKE-v1");
    private static final byte[] EMPTY = {};
    private static final byte MODE_BASE = 0;
    private static final byte KEM_X25519 = 0x20;
    private static final byte KDF_SHA256 = 1;

    /** AES-256-GCM with the identifiers of RFC 9180, section 7. */
    static final Hpke AES_256 = new Hpke(32, 2);

    private final int keyBytes;
    private final byte[] suite;

    /**
     * @param keyBytes of the AES key
     * @param aead the number of the cipher in RFC 9180, section 7.3
     */
    Hpke(int keyBytes, int aead) {
        this.keyBytes = keyBytes;
        this.suite =
                joined(ascii("HPKE"), new byte[] {0, KEM_X25519, 0, KDF_SHA256, 0, (byte) aead});
    }

    /** What a message becomes. */
    static final class Message {
        final byte[] encapsulated;
        final byte[] ciphertext;

        Message(byte[] encapsulated, byte[] ciphertext) {
            this.encapsulated = encapsulated;
            this.ciphertext = ciphertext;
        }
    }

    Message seal(PublicKey recipient, byte[] info, byte[] associated, byte[] plain) {
        try {
            KEM.Encapsulated fresh =
                    KEM.getInstance("DHKEM").newEncapsulator(recipient).encapsulate();
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, fresh.key(), info, associated);
            return new Message(fresh.encapsulation(), cipher.doFinal(plain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot seal: " + e.getMessage(), e);
        }
    }

    /** The message; empty if it was not sealed to this key, with this info and these data. */
    Optional<byte[]> open(PrivateKey recipient, byte[] info, byte[] associated, Message message) {
        try {
            SecretKey shared =
                    KEM.getInstance("DHKEM")
                            .newDecapsulator(recipient)
                            .decapsulate(message.encapsulated);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, shared, info, associated);
            return Optional.of(cipher.doFinal(message.ciphertext));
        } catch (AEADBadTagException | DecapsulateException _) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot open: " + e.getMessage(), e);
        }
    }

    /** The key schedule of section 5.1, and the one message's nonce. */
    private Cipher cipher(int mode, SecretKey shared, byte[] info, byte[] associated)
            throws GeneralSecurityException {
        byte[] context =
                joined(
                        new byte[] {MODE_BASE},
                        extract(EMPTY, "psk_id_hash", EMPTY),
                        extract(EMPTY, "info_hash", info));
        byte[] secret = extract(shared.getEncoded(), "secret", EMPTY);
        byte[] key = expand(secret, "key", context, keyBytes);
        byte[] nonce = expand(secret, "base_nonce", context, NONCE_BYTES);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
        cipher.updateAAD(associated);
        Arrays.fill(key, (byte) 0);
        return cipher;
    }

    /** LabeledExtract of section 4. */
    private byte[] extract(byte[] salt, String label, byte[] material)
            throws GeneralSecurityException {
        HKDFParameterSpec.Builder builder =
                HKDFParameterSpec.ofExtract()
                        .addIKM(joined(VERSION, suite, ascii(label), material));
        if (salt.length > 0) {
            builder.addSalt(salt);
        }
        return KDF.getInstance("HKDF-SHA256").deriveData(builder.extractOnly());
    }

    /** LabeledExpand of section 4. */
    private byte[] expand(byte[] secret, String label, byte[] info, int length)
            throws GeneralSecurityException {
        byte[] labeled =
                joined(
                        new byte[] {(byte) (length >> 8), (byte) length},
                        VERSION,
                        suite,
                        ascii(label),
                        info);
        return KDF.getInstance("HKDF-SHA256")
                .deriveData(
                        HKDFParameterSpec.expandOnly(
                                new SecretKeySpec(secret, "Generic"), labeled, length));
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            joined.put(part);
        }
        return joined.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
