package dev.shiplog.resource.yaml;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints how long decoding takes, cold and warm; run by hand, asserts nothing. */
final class DecodingSpeed {
    private static final int MANIFESTS = 1000;

    private DecodingSpeed() {}

    public static void main(String[] arguments) throws Exception {
        byte[] manifest =
                Files.readAllBytes(Path.of("..", "manifests-example", "shop", "frontend.yaml"));
        long begin = System.nanoTime();
        Manifests.decode("a.yaml", manifest, "default");
        System.out.printf("first: %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        for (int round = 0; round < 5; round++) {
            begin = System.nanoTime();
            for (int i = 0; i < MANIFESTS; i++) {
                Manifests.decode("a.yaml", manifest, "default");
            }
            System.out.printf(
                    "%d manifests: %d ms%n", MANIFESTS, (System.nanoTime() - begin) / 1_000_000);
        }
        String one = new String(manifest, StandardCharsets.UTF_8);
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < MANIFESTS; i++) {
            many.append(one.replace("name: frontend", "name: frontend-" + i)).append("---\n");
        }
        byte[] file = many.toString().getBytes(StandardCharsets.UTF_8);
        begin = System.nanoTime();
        int found = Manifests.decode("a.yaml", file, "default").resources().size();
        System.out.printf(
                "%d in one file of %d bytes: %d ms%n",
                found, file.length, (System.nanoTime() - begin) / 1_000_000);
    }
}
