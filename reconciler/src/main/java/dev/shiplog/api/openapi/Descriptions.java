package dev.shiplog.api.openapi;

import dev.shiplog.resource.schema.Schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * What the sources of the Kubernetes model say of its classes and fields. The build reads them (see
 * {@code eventstore/src/main/generator}) and leaves a text beside {@link Schema}.
 */
final class Descriptions {
    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    private final Map<String, String> texts;

    private Descriptions(Map<String, String> texts) {
        this.texts = texts;
    }

    /** Reads all of them; meant to be kept only while documents are written. */
    static Descriptions read() {
        Map<String, String> texts = new HashMap<>();
        try (InputStream in = Schema.class.getResourceAsStream("descriptions.gz")) {
            if (in == null) {
                throw new IllegalStateException("descriptions.gz is missing from the program");
            }
            BufferedReader reader =
                    new BufferedReader(
                            new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
            String type = "";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] parts = line.split("\t", 3);
                if (parts[0].isEmpty()) {
                    texts.put(type + "#" + parts[1], parts[2]);
                } else {
                    type = parts[0];
                    texts.put(type, parts[1]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("descriptions.gz could not be read", e);
        }
        return new Descriptions(texts);
    }

    /** Of a class of the model; empty for none. */
    String of(Class<?> model) {
        return texts.getOrDefault(name(model), "");
    }

    /** Of a field of a class of the model; empty for none. */
    String of(Class<?> model, String field) {
        return texts.getOrDefault(name(model) + "#" + field, "");
    }

    private static String name(Class<?> model) {
        String name = model.getName();
        return name.startsWith(MODEL) ? name.substring(MODEL.length()) : name;
    }
}
