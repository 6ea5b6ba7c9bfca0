package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/** Validates probes and lifecycle hooks. */
final class ProbeValidation {
    private static final List<String> HANDLERS =
            List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");

    private ProbeValidation() {}

    /**
     * @param succeedsAtOnce whether one success must be enough, as for liveness and startup
     */
    static void probe(JsonNode probe, FieldPath path, boolean succeedsAtOnce, Findings findings) {
        handler(probe, path, findings);
        for (String name :
                List.of(
                        "initialDelaySeconds",
                        "timeoutSeconds",
                        "periodSeconds",
                        "successThreshold",
                        "failureThreshold")) {
            Check.notNegative(probe, name, path, findings);
        }
        JsonNode successes = probe.path("successThreshold");
        if (succeedsAtOnce && successes.asInt(1) != 1) {
            findings.invalid(path.child("successThreshold"), successes.toString(), "must be 1");
        }
    }

    static void handler(JsonNode parent, FieldPath path, Findings findings) {
        List<String> given = HANDLERS.stream().filter(parent::has).toList();
        if (given.isEmpty()) {
            findings.required(path, "must specify a handler type");
        } else if (given.size() > 1) {
            findings.forbidden(
                    path.child(given.get(1)), "may not specify more than 1 handler type");
        }
        if (parent.has("exec") && parent.path("exec").path("command").isEmpty()) {
            findings.required(path.child("exec", "command"), "");
        }
        for (String network : List.of("httpGet", "tcpSocket")) {
            if (parent.has(network)) {
                port(parent.path(network).path("port"), path.child(network, "port"), findings);
            }
        }
    }

    private static void port(JsonNode port, FieldPath path, Findings findings) {
        if (port.isTextual()) {
            Check.text(port.textValue(), path, Names::portName, findings);
        } else if (port.isMissingNode()) {
            findings.required(path, "");
        } else {
            Check.port(port, path, findings);
        }
    }
}
