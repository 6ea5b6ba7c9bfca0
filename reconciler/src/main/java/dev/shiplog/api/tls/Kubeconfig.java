package dev.shiplog.api.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** The file that tells kubectl where the cluster is and who asks. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /**
     * Writes it, with everything inside, readable by its owner only.
     *
     * @param profile the context is {@code shiplog-<profile>}
     * @param server such as {@code https://127.0.0.1:6443}
     * @param authorityPem the CA certificate
     * @param certificatePem the user's certificate
     * @param keyPem the user's key
     */
    public static void write(
            Path file,
            String profile,
            String server,
            String authorityPem,
            String certificatePem,
            String keyPem)
            throws IOException {
        String name = "shiplog-" + profile;
        PrivateFiles.write(
                file,
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                users:
                - name: %1$s-admin
                  user:
                    client-certificate-data: %4$s
                    client-key-data: %5$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %1$s-admin
                current-context: %1$s
                preferences: {}
                """
                        .formatted(
                                name,
                                server,
                                base64(authorityPem),
                                base64(certificatePem),
                                base64(keyPem)));
    }

    /** As above, for the admin of a folder of certificates. */
    public static void write(Path file, String profile, String server, TlsFiles tls)
            throws IOException {
        write(
                file,
                profile,
                server,
                tls.authority().certificatePem(),
                tls.admin().certificatePem(),
                tls.admin().keyPem());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
