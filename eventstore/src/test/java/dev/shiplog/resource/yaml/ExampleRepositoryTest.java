package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.GroupKind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The example repository is what new users begin with: it has no flaw. */
class ExampleRepositoryTest {
    private static final Path ROOT = Path.of("..", "manifests-example");

    @Test
    void everyManifestIsAcceptedWithoutAWord() {
        List<DeclaredResource> resources = resources();
        Set<Object> keys = new HashSet<>();
        resources.forEach(resource -> assertTrue(keys.add(resource.key()), resource.toString()));
        assertEquals(13, resources.size());
    }

    @Test
    void everyNamespaceThatIsUsedIsDeclared() {
        Set<String> declared = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (DeclaredResource resource : resources()) {
            if (resource.key().kind().equals(GroupKind.NAMESPACE)) {
                declared.add(resource.key().name());
            } else {
                used.add(resource.key().namespace());
            }
        }
        assertEquals(declared, used);
    }

    @Test
    void itAsksForTenPodsBesideThoseOfEachNode() {
        int pods =
                resources().stream()
                        .mapToInt(resource ->
                                resource.body().toNode().path("spec").path("replicas").asInt())
                        .sum();
        assertEquals(10, pods);
    }

    /** The slip that its README tells people to try. */
    @Test
    void theReadmesSlipIsRefusedAsTheReadmeSays() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String path = "shop/frontend.yaml";
        String slip = Files.readString(ROOT.resolve(path)).replace("replicas:", "replcias:");
        Manifests.Decoded decoded =
                Manifests.decode(path, slip.getBytes(StandardCharsets.UTF_8), "default");
        assertEquals(1, decoded.problems().size());
        String problem = decoded.problems().getFirst().toString();
        assertTrue(readme.contains("`" + problem + "`"), problem);
    }

    private static List<DeclaredResource> resources() {
        List<DeclaredResource> resources = new ArrayList<>();
        for (Path file : Fixtures.filesBelow(ROOT)) {
            if (file.toString().endsWith(".yaml")) {
                Manifests.Decoded decoded = Fixtures.decode(file);
                assertEquals(List.of(), decoded.problems());
                assertEquals(List.of(), decoded.warnings());
                resources.addAll(decoded.resources());
            }
        }
        return resources;
    }
}
