package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;

import java.util.ArrayList;
import java.util.List;

/** Ingress: which Service answers which host and path from outside; and who makes it so. */
final class IngressTables {
    /** Hosts that are printed; of more, how many. */
    private static final int SHOWN_HOSTS = 3;

    static final Kind INGRESS =
            new Kind(
                    GroupKind.INGRESS,
                    "ingresses",
                    "ingress",
                    List.of("ing"),
                    List.of(),
                    true,
                    "networking.k8s.io/v1",
                    List.of(
                            "networking.k8s.io/v1",
                            "networking.k8s.io/v1beta1",
                            "extensions/v1beta1"),
                    true,
                    Ingress.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Class",
                                    "The name of the IngressClass resource that should be used for"
                                            + " additional configuration",
                                    ingress ->
                                            orNone(
                                                    ingress.body()
                                                            .toNode()
                                                            .path("spec")
                                                            .path("ingressClassName")
                                                            .asText())),
                            Cells.text(
                                    "Hosts",
                                    "Hosts that incoming requests are matched against before the"
                                            + " ingress rule",
                                    ingress -> hosts(ingress.body().toNode().path("spec"))),
                            Cells.text(
                                    "Address",
                                    "Address is a list containing ingress points for the"
                                            + " load-balancer",
                                    ingress -> addresses(ingress.status().toNode())),
                            Cells.text(
                                    "Ports",
                                    "Ports of TLS configurations that open",
                                    ingress ->
                                            ingress.body()
                                                            .toNode()
                                                            .path("spec")
                                                            .path("tls")
                                                            .isEmpty()
                                                    ? "80"
                                                    : "80, 443"),
                            Cells.age()),
                    new IngressRules());

    static final Kind INGRESS_CLASS =
            new Kind(
                    GroupKind.INGRESS_CLASS,
                    "ingressclasses",
                    "ingressclass",
                    List.of(),
                    List.of(),
                    false,
                    "networking.k8s.io/v1",
                    List.of("networking.k8s.io/v1"),
                    true,
                    IngressClass.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Controller",
                                    "Controller that is responsible for handling this class",
                                    found ->
                                            found.body()
                                                    .toNode()
                                                    .path("spec")
                                                    .path("controller")
                                                    .asText()),
                            Cells.text(
                                    "Parameters",
                                    "A reference to a resource with additional parameters",
                                    found ->
                                            parameters(
                                                    found.body()
                                                            .toNode()
                                                            .path("spec")
                                                            .path("parameters"))),
                            Cells.age()),
                    new IngressClassRules());

    private IngressTables() {}

    private static String orNone(String text) {
        return text.isEmpty() ? Cells.NONE : text;
    }

    private static String hosts(JsonNode spec) {
        List<String> hosts = new ArrayList<>();
        for (JsonNode rule : spec.path("rules")) {
            if (!rule.path("host").asText().isEmpty()) {
                hosts.add(rule.path("host").asText());
            }
        }
        if (hosts.isEmpty()) {
            return "*";
        }
        return hosts.size() <= SHOWN_HOSTS
                ? String.join(",", hosts)
                : String.join(",", hosts.subList(0, SHOWN_HOSTS))
                        + " + "
                        + (hosts.size() - SHOWN_HOSTS)
                        + " more...";
    }

    private static String addresses(JsonNode status) {
        List<String> addresses = new ArrayList<>();
        for (JsonNode point : status.path("loadBalancer").path("ingress")) {
            String ip = point.path("ip").asText();
            addresses.add(ip.isEmpty() ? point.path("hostname").asText() : ip);
        }
        return String.join(",", addresses);
    }

    private static String parameters(JsonNode parameters) {
        if (!parameters.isObject()) {
            return Cells.NONE;
        }
        String group = parameters.path("apiGroup").asText();
        String kind = parameters.path("kind").asText();
        return (group.isEmpty() ? kind : kind + "." + group)
                + "/"
                + parameters.path("name").asText();
    }

    /** How an IngressClass is validated. */
    private static final class IngressClassRules implements Rules {
        private static final FieldPath CONTROLLER =
                FieldPath.of("spec").child("controller");

        @Override
        public void validate(
                ObjectNode document,
                Findings findings) {
            String controller = document.path("spec").path("controller").asText();
            if (controller.isEmpty()) {
                findings.required(CONTROLLER, "");
            } else if (!controller.contains("/")) {
                findings.invalid(
                        CONTROLLER,
                        Check.quoted(controller),
                        "must be a domain-prefixed path (such as \"acme.io/foo\")");
            }
        }

        @Override
        public void validateUpdate(
                ObjectNode before,
                ObjectNode after,
                Findings findings) {
            JsonNode old = before.path("spec").path("controller");
            if (!old.equals(after.path("spec").path("controller"))) {
                findings.invalid(
                        CONTROLLER,
                        after.path("spec").path("controller").toString(),
                        "field is immutable");
            }
        }
    }
}
