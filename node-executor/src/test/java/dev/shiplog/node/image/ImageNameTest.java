package dev.shiplog.node.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ImageNameTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @Test
    void namesAreCompletedAsDockerDoes() {
        Map<String, String> names =
                Map.of(
                        "busybox",
                        "docker.io/library/busybox:latest",
                        "busybox:1.37",
                        "docker.io/library/busybox:1.37",
                        "luksa/kubia",
                        "docker.io/luksa/kubia:latest",
                        "index.docker.io/busybox",
                        "docker.io/library/busybox:latest",
                        "docker.io/busybox",
                        "docker.io/library/busybox:latest",
                        "registry.example/app:2",
                        "registry.example/app:2",
                        "localhost/app",
                        "localhost/app:latest",
                        "127.0.0.1:5000/team/app:2",
                        "127.0.0.1:5000/team/app:2",
                        "busybox:1@" + DIGEST,
                        "docker.io/library/busybox@" + DIGEST);
        names.forEach((text, full) -> assertEquals(full, ImageName.parse(text).toString(), text));
    }

    @Test
    void whatIsNoNameIsRefused() {
        for (String text :
                List.of(
                        "",
                        "Not An:Image",
                        "UPPER",
                        "a//b",
                        "a:",
                        "a@sha256:1",
                        "../etc",
                        "a:b:c",
                        "-a")) {
            assertThrows(IllegalArgumentException.class, () -> ImageName.parse(text), text);
        }
    }
}
