package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Finding;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.Map;

/** What labels may say, for who makes objects without documents. */
public final class LabelSyntax {
    private LabelSyntax() {}

    /** What is wrong with labels, in Kubernetes' words; empty if nothing. */
    public static List<String> objections(Map<String, String> labels) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        labels.forEach(object::put);
        Findings findings = new Findings();
        Check.labels(object, FieldPath.of("metadata", "labels"), findings);
        return findings.errors().stream().map(Finding::message).toList();
    }
}
