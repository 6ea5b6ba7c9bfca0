package dev.shiplog.api.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;

import dev.shiplog.api.tls.PrivateFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

/**
 * The P-256 key that signs the tokens of service accounts, in a file of its owner as a JSON Web
 * Key. Read, and made first if it is not there, when it is needed for the first time.
 */
public final class SigningKey {
    private final Path file;
    private volatile @Nullable ECKey key;

    public SigningKey(Path file) {
        this.file = file;
    }

    /**
     * @throws UncheckedIOException if the file cannot be read or written, or holds no key
     */
    ECKey get() {
        ECKey known = key;
        if (known != null) {
            return known;
        }
        synchronized (this) {
            known = key;
            if (known == null) {
                known = open();
                key = known;
            }
            return known;
        }
    }

    private ECKey open() {
        try {
            if (Files.exists(file)) {
                return ECKey.parse(Files.readString(file));
            }
            ECKey made =
                    new ECKeyGenerator(Curve.P_256)
                            .keyUse(KeyUse.SIGNATURE)
                            .keyIDFromThumbprint(true)
                            .generate();
            PrivateFiles.write(file, made.toJSONString() + "\n");
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the key of service account tokens in " + file + " cannot be used", e);
        } catch (ParseException | JOSEException e) {
            throw new UncheckedIOException(
                    new IOException(
                            "expected an EC key as JSON Web Key in "
                                    + file
                                    + ", found something else; move it away to have a new one made",
                            e));
        }
    }
}
