package dev.shiplog.api.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

class TlsFilesTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @TempDir Path folder;

    private TlsFiles open(Instant now, String... names) throws Exception {
        return TlsFiles.open(folder, List.of(names), now);
    }

    @Test
    void whatIsThereIsKept() throws Exception {
        TlsFiles first = open(NOW);
        TlsFiles second = open(NOW.plus(Duration.ofDays(30)));
        assertEquals(first.authority().certificate(), second.authority().certificate());
        assertEquals(first.server().certificate(), second.server().certificate());
        assertEquals(first.admin().keyPem(), second.admin().keyPem());
    }

    @Test
    void filesAreTheirOwnersOnlyAndNothingIsLeftOver() throws Exception {
        open(NOW);
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            assertEquals(
                    List.of(
                            "admin.crt",
                            "admin.key",
                            "authority",
                            "ca.crt",
                            "ca.key",
                            "server.crt",
                            "server.key"),
                    all.stream().map(file -> file.getFileName().toString()).toList());
            for (Path file : all.stream().filter(Files::isRegularFile).toList()) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
    }

    @Test
    void certificatesSayWhatTheyAreFor() throws Exception {
        TlsFiles tls = open(NOW, "box.example.org", "192.0.2.7");
        assertEquals(
                "CN=admin,O=system:masters",
                tls.admin().certificate().getSubjectX500Principal().getName());
        List<String> names =
                tls.server().certificate().getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString())
                        .toList();
        assertTrue(
                names.containsAll(
                        List.of(
                                "localhost",
                                "127.0.0.1",
                                "0:0:0:0:0:0:0:1",
                                "kubernetes.default.svc",
                                "box.example.org",
                                "192.0.2.7")),
                names.toString());
        assertEquals(
                List.of("1.3.6.1.5.5.7.3.1"), tls.server().certificate().getExtendedKeyUsage());
        assertEquals(List.of("1.3.6.1.5.5.7.3.2"), tls.admin().certificate().getExtendedKeyUsage());
        assertEquals(0, tls.authority().certificate().getBasicConstraints());
        assertEquals(-1, tls.server().certificate().getBasicConstraints());
        tls.server().certificate().verify(tls.authority().certificate().getPublicKey());
    }

    @Test
    void whatIsAboutToExpireIsMadeAnewByTheSameAuthority() throws Exception {
        TlsFiles first = open(NOW);
        TlsFiles later = open(NOW.plus(Duration.ofDays(600)));
        assertEquals(first.authority().certificate(), later.authority().certificate());
        assertNotEquals(first.server().certificate(), later.server().certificate());
        assertNotEquals(first.admin().certificate(), later.admin().certificate());
        later.server()
                .certificate()
                .checkValidity(java.util.Date.from(NOW.plus(Duration.ofDays(1000))));
    }

    @Test
    void anotherNameMakesAnotherServerCertificateOnly() throws Exception {
        TlsFiles first = open(NOW);
        TlsFiles second = open(NOW, "new.example.org");
        assertNotEquals(first.server().certificate(), second.server().certificate());
        assertEquals(first.admin().certificate(), second.admin().certificate());
    }

    @Test
    void damageIsRepaired() throws Exception {
        TlsFiles first = open(NOW);
        Files.writeString(folder.resolve("server.key"), "damaged");
        Files.copy(
                folder.resolve("ca.key"),
                folder.resolve("admin.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        TlsFiles second = open(NOW);
        assertEquals(first.authority().certificate(), second.authority().certificate());
        assertNotEquals(first.server().certificate(), second.server().certificate());
        assertNotEquals(first.admin().certificate(), second.admin().certificate());
    }

    @Test
    void aNewAuthorityMakesEverythingAnew() throws Exception {
        TlsFiles first = open(NOW);
        Files.delete(folder.resolve("ca.crt"));
        TlsFiles second = open(NOW);
        assertNotEquals(first.authority().certificate(), second.authority().certificate());
        second.admin().certificate().verify(second.authority().certificate().getPublicKey());
        second.server().certificate().verify(second.authority().certificate().getPublicKey());
    }

    @Test
    void theTokenIsKept() throws Exception {
        Path file = folder.resolve("token");
        AdminToken.open(file);
        String secret = Files.readString(file).strip();
        assertTrue(secret.length() >= 43);
        AdminToken again = AdminToken.open(file);
        assertTrue(again.matches(secret));
        assertFalse(again.matches(secret + "x"));
        assertFalse(again.matches(""));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
}
