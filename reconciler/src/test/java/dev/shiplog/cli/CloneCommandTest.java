package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.boot.Endpoint;
import dev.shiplog.boot.Profile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class CloneCommandTest {
    @TempDir private Path folder;

    @Test
    void onlyTheClustersOwnServerIsShownItsCredentials() {
        String own = line("https://127.0.0.1:6443/git/cluster.git");
        assertTrue(own.contains("http.sslKey=" + folder.resolve("tls/admin.key")), own);
        assertTrue(own.endsWith(" https://127.0.0.1:6443/git/cluster.git"), own);
        assertEquals(
                "git clone https://git.example.com/ops/cluster.git",
                line("https://git.example.com/ops/cluster.git"));
    }

    private String line(String git) {
        return CloneCommand.gitClone(
                new Profile("shop", folder),
                new Endpoint(1, 1, "https://127.0.0.1:6443", git, "process"));
    }
}
