package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.exception.NotFoundException;

import dev.shiplog.node.image.TestRegistry;
import dev.shiplog.node.runtime.RuntimeFailure;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

@DisplayName("guide rows 15 and 61: images of real registries, by way of a Docker Engine")
final class DockerRegistryTest {
    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
    }

    private static void forget(String image) {
        try (Engine engine = Engine.fromEnvironment()) {
            engine.client().removeImageCmd(image).withForce(true).exec();
        } catch (NotFoundException gone) {
            // As wished.
        }
    }

    @Test
    void aPrivateImageIsPulledByThoseWhoMayOnly() throws Exception {
        try (TestRegistry registry = TestRegistry.closed();
                DockerRuntime runtime = DockerRuntime.open(TestEngine.cluster(), "n1")) {
            registry.push("team/app:1");
            String image = registry.host() + "/team/app:1";
            try {
                RuntimeFailure nobody =
                        assertThrows(
                                RuntimeFailure.class,
                                () -> runtime.pull(image, List.of(), _ -> {}));
                assertTrue(
                        String.valueOf(nobody.getMessage())
                                .contains("kubectl create secret docker-registry"),
                        nobody::getMessage);
                assertFalse(runtime.imageId(image).isPresent());
                String id = runtime.pull(image, List.of(registry.login()), _ -> {});
                assertEquals(Optional.of(id), runtime.imageId(image));
            } finally {
                forget(image);
            }
        }
    }

    @Test
    void whatTheEngineDoesNotKnowOfIsFetchedForIt() throws Exception {
        String image = "shiplog-test-mirrored:1";
        try (TestRegistry registry = TestRegistry.open();
                DockerRuntime runtime =
                        DockerRuntime.open(TestEngine.cluster(), "n1", registry.asMirror())) {
            String digest = registry.push("library/" + image);
            try {
                String id = runtime.pull(image, List.of(), _ -> {});
                assertEquals(Optional.of(id), runtime.imageId(image));
                RuntimeFailure failure =
                        assertThrows(
                                RuntimeFailure.class,
                                () ->
                                        runtime.pull(
                                                "shiplog-test-mirrored@" + digest,
                                                List.of(),
                                                _ -> {}));
                assertTrue(
                        String.valueOf(failure.getMessage()).contains("daemon.json"),
                        failure::getMessage);
            } finally {
                forget(image);
            }
        }
    }
}
