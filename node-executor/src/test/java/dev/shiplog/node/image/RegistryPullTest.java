package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

@DisplayName("guide rows 15 and 61: images of real registries, without a Docker Engine")
final class RegistryPullTest {
    @TempDir Path folder;

    private ImageStore store(Registries registries) throws Exception {
        return new ImageStore(folder.resolve("images"), registries);
    }

    @Test
    void aPrivateImageIsPulledByThoseWhoMayOnly() throws Exception {
        try (TestRegistry registry = TestRegistry.closed()) {
            registry.push("team/app:1");
            String image = registry.host() + "/team/app:1";
            ImageStore store = store(Registries.NONE);
            RuntimeFailure nobody =
                    assertThrows(RuntimeFailure.class, () -> store.pull(image, List.of(), _ -> {}));
            assertEquals(Kind.IMAGE_NOT_FOUND, nobody.kind(), nobody::getMessage);
            assertTrue(
                    String.valueOf(nobody.getMessage())
                            .contains("kubectl create secret docker-registry"),
                    nobody::getMessage);
            RegistryLogin wrong =
                    new RegistryLogin(registry.host(), TestRegistry.USER, "wrong-word");
            RuntimeFailure refused =
                    assertThrows(
                            RuntimeFailure.class, () -> store.pull(image, List.of(wrong), _ -> {}));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("does not let alice"),
                    refused::getMessage);
            assertFalse(
                    String.valueOf(refused.getMessage()).contains("wrong-word"),
                    refused::getMessage);
            // The first login that fits does not do; the next does.
            Image pulled = store.pull(image, List.of(wrong, registry.login()), _ -> {});
            assertEquals(List.of("hello"), pulled.config().cmd());
            assertEquals(pulled.id(), store.find(image).orElseThrow().id());
        }
    }

    @Test
    void anImageIsFoundByItsDigest() throws Exception {
        try (TestRegistry registry = TestRegistry.open()) {
            String digest = registry.push("team/app:1");
            String image = registry.host() + "/team/app@" + digest;
            Image pulled = store(Registries.NONE).pull(image, List.of(), _ -> {});
            assertEquals(List.of("hello"), pulled.config().cmd());
            assertEquals(pulled.id(), store(Registries.NONE).find(image).orElseThrow().id());
        }
    }

    @Test
    void aMirrorStandsInForDockersOwn() throws Exception {
        try (TestRegistry registry = TestRegistry.open()) {
            registry.push("library/mirrored:1");
            Image pulled = store(registry.asMirror()).pull("mirrored:1", List.of(), _ -> {});
            assertEquals("docker.io/library/mirrored:1", pulled.name());
            assertTrue(store(Registries.NONE).find("mirrored:1").isPresent());
        }
    }

    @Test
    void anotherRepositoryIsAskedInstead() throws Exception {
        try (TestRegistry registry = TestRegistry.open()) {
            registry.push("china/app:1");
            Registries registries =
                    new Registries(List.of(), List.of(), Optional.of(registry.host() + "/china"));
            assertTrue(
                    store(registries).pull("app:1", List.of(), _ -> {}).name().endsWith("app:1"));
        }
    }

    @Test
    void whatIsNotThereIsToldOfEveryPlace() throws Exception {
        try (TestRegistry registry = TestRegistry.open()) {
            Registries registries =
                    new Registries(
                            List.of("http://127.0.0.1:1"),
                            List.of(),
                            Optional.of(registry.host() + "/none"));
            RuntimeFailure failure =
                    assertThrows(
                            RuntimeFailure.class,
                            () -> store(registries).pull("app:1", List.of(), _ -> {}));
            assertEquals(Kind.IMAGE_NOT_FOUND, failure.kind(), failure::getMessage);
            assertTrue(
                    String.valueOf(failure.getMessage()).contains(registry.host()),
                    failure::getMessage);
        }
    }
}
