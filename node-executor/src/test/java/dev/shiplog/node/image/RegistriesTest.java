package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.RegistryLogin;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** Guide rows 15 and 55: mirrors, insecure registries, another repository. */
final class RegistriesTest {
    private static List<String> places(Registries registries, String image) {
        return registries.places(ImageName.parse(image)).stream()
                .map(place -> place.name() + (place.insecure() ? " insecure" : ""))
                .toList();
    }

    @Test
    void mirrorsAreAskedFirstForDockersOwnOnly() {
        Registries registries =
                new Registries(
                        List.of("https://m.example", "http://10.0.0.1:5000/"),
                        List.of(),
                        Optional.empty());
        assertEquals(
                List.of(
                        "m.example/library/busybox:1",
                        "10.0.0.1:5000/library/busybox:1 insecure",
                        "docker.io/library/busybox:1"),
                places(registries, "busybox:1"));
        assertEquals(List.of("r.example/a:1"), places(registries, "r.example/a:1"));
        assertTrue(registries.concern(ImageName.parse("busybox")));
        assertFalse(registries.concern(ImageName.parse("r.example/a:1")));
    }

    @Test
    void onlyNamedAndLocalRegistriesAreBelievedWithoutProof() {
        Registries registries =
                new Registries(List.of(), List.of("r.example:5000"), Optional.empty());
        assertEquals(List.of("r.example:5000/a:1 insecure"), places(registries, "r.example:5000/a:1"));
        assertEquals(List.of("r.example/a:1"), places(registries, "r.example/a:1"));
        assertEquals(List.of("localhost:5000/a:1 insecure"), places(Registries.NONE, "localhost:5000/a:1"));
        assertTrue(registries.concern(ImageName.parse("r.example:5000/a:1")));
    }

    @Test
    void anotherRepositoryStandsForDockersOwn() {
        Registries registries =
                new Registries(List.of(), List.of(), Optional.of("r.example/google_containers"));
        assertEquals(
                List.of("r.example/google_containers/busybox:1"), places(registries, "busybox:1"));
        assertEquals(
                List.of("r.example/google_containers/team/app:1"),
                places(registries, "team/app:1"));
        assertEquals(List.of("other.example/app:1"), places(registries, "other.example/app:1"));
    }

    @Test
    void whatIsNoRegistryIsRefused() {
        for (String wrong : List.of("", "https://", "https://a/b", "https://u:p@host")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Registries(List.of(wrong), List.of(), Optional.empty()),
                    wrong);
        }
    }

    @Test
    void theClosestLoginComesFirst() {
        List<RegistryLogin> all =
                List.of(
                        new RegistryLogin("r.example", "any", ""),
                        new RegistryLogin("r.example/team", "team", ""),
                        new RegistryLogin("*.example", "wild", ""),
                        new RegistryLogin("docker.io", "docker", ""));
        assertEquals(
                "[team at r.example/team, any at r.example, wild at *.example]",
                Logins.of(ImageName.parse("r.example/team/app:1"), all).toString());
        assertEquals(
                "[any at r.example, wild at *.example]",
                Logins.of(ImageName.parse("r.example/teams/app:1"), all).toString());
        assertEquals(
                "[docker at docker.io]", Logins.of(ImageName.parse("busybox"), all).toString());
    }
}
