package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Resource;

import java.time.Instant;

/**
 * One printed column, as in the Table of the Kubernetes API (meta.k8s.io/v1).
 *
 * @param name the heading, such as {@code Ready}; kubectl prints it in upper case
 * @param type an OpenAPI type: {@code string}, {@code integer}, …
 * @param format an OpenAPI format, such as {@code name}; empty for none
 * @param priority 0 is always printed, 1 only with {@code -o wide}
 */
public record Column(
        String name, String type, String format, String description, int priority, Cell cell) {

    /** Gives one cell. Must not fail on any resource that was accepted. */
    public interface Cell {
        /**
         * @param now what ages are counted to
         */
        JsonNode of(Resource resource, Instant now);
    }
}
