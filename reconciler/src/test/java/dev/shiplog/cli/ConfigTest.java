package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.boot.Settings;
import dev.shiplog.source.WriteMode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** guide row 57: what new clusters begin with. */
class ConfigTest {
    private static final Config NONE = new Config(new TreeMap<>());

    @TempDir Path home;

    @Test
    void theKeysAreTheOptionsOfStartAndTheProfile() {
        assertEquals(
                List.of(
                        "allow-plain-secrets",
                        "image-repository",
                        "insecure-registry",
                        "listen",
                        "load-balancer-pool",
                        "memory",
                        "port",
                        "profile",
                        "registry-mirror",
                        "runtime",
                        "service-cidr",
                        "writes"),
                Config.keys());
    }

    @Test
    void everyValueIsKeptAndBecomesASetting() throws IOException {
        Config config =
                NONE.with("memory", "512")
                        .with("runtime", "PROCESS")
                        .with("registry-mirror", "https://a.example,https://b.example")
                        .with("insecure-registry", "127.0.0.1:5000")
                        .with("image-repository", "registry.example/copies")
                        .with("port", "7443")
                        .with("listen", "0.0.0.0")
                        .with("writes", "branch")
                        .with("allow-plain-secrets", "true")
                        .with("profile", "mine");
        Map<String, String> environment = Map.of("SHIPLOG_HOME", home.toString());
        config.write(environment);
        assertEquals(config, Config.read(environment));
        Settings settings = Config.read(environment).over(Settings.DEFAULT);
        assertEquals(OptionalLong.of(512L << 20), settings.memoryBytes());
        assertEquals("process", settings.runtime());
        assertEquals(
                List.of("https://a.example", "https://b.example"), settings.registries().mirrors());
        assertEquals(List.of("127.0.0.1:5000"), settings.registries().insecure());
        assertEquals("registry.example/copies", settings.registries().repository().orElseThrow());
        assertEquals(7443, settings.port());
        assertEquals("0.0.0.0", settings.listen());
        assertEquals(WriteMode.BRANCH, settings.writes());
        assertTrue(settings.allowPlainSecrets());
        assertEquals(Settings.DEFAULT, NONE.over(Settings.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({
        "memry, 4g, 'found \"memry\"; did you mean \"memory\"?'",
        "source, x, found \"source\"",
        "vm-driver, docker, is \"runtime\" here",
        "memory, lots, expected an amount of memory such as 4g",
        "runtime, vbox, found",
        "registry-mirror, https://a/b, expected a registry such as",
        "profile, No_Name, expected a profile name",
        "port, many, many",
    })
    void whatCannotBeIsRefused(String key, String value, String message) {
        String said =
                String.valueOf(
                        assertThrows(IllegalArgumentException.class, () -> NONE.with(key, value))
                                .getMessage());
        assertTrue(said.contains(message) || message.equals("found") && said.contains(value), said);
    }

    @Test
    void nothingIsThereBeforeSomethingIsSet() throws IOException {
        assertEquals(NONE, Config.read(Map.of("SHIPLOG_HOME", home.toString())));
        assertEquals(NONE, NONE.with("memory", "4g").without("memory"));
    }

    @Test
    void aFileThatIsNoJsonIsNamed() throws IOException {
        Files.writeString(home.resolve("config.json"), "memory=4g");
        String said =
                String.valueOf(
                        assertThrows(
                                        CommandFailure.class,
                                        () -> Config.read(Map.of("SHIPLOG_HOME", home.toString())))
                                .getMessage());
        assertTrue(said.contains("config.json cannot be read"), said);
    }
}
