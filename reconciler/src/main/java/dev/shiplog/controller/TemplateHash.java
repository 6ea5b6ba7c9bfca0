package dev.shiplog.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;

/**
 * The value of the label {@code pod-template-hash}: the same for the same template, whenever and
 * wherever it is computed. FNV-1a of 64 bits over the canonical JSON, in the letters that
 * Kubernetes uses for generated names.
 */
public final class TemplateHash {
    public static final String LABEL = "pod-template-hash";

    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int LENGTH = 10;

    private TemplateHash() {}

    /**
     * @param collisions how often the name made of the hash was found taken by something else
     */
    public static String of(JsonNode template, int collisions) {
        long hash = fnv(OFFSET_BASIS, canonical(template).bytes());
        if (collisions > 0) {
            byte[] salt = Integer.toString(collisions).getBytes(StandardCharsets.US_ASCII);
            hash = fnv(hash, salt);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt((int) Long.remainderUnsigned(hash, ALPHABET.length())));
            hash = Long.divideUnsigned(hash, ALPHABET.length());
        }
        return text.toString();
    }

    /** A template without the label that this class adds: equal for equal wishes. */
    public static Json canonical(JsonNode template) {
        ObjectNode copy = template.deepCopy();
        if (copy.path("metadata").path("labels") instanceof ObjectNode labels) {
            labels.remove(LABEL);
        }
        return Json.of(copy);
    }

    private static long fnv(long hash, byte[] bytes) {
        long result = hash;
        for (byte value : bytes) {
            result = (result ^ (value & 0xff)) * PRIME;
        }
        return result;
    }
}
