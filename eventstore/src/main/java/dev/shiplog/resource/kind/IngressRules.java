package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;

/**
 * How an Ingress is converted, completed and validated.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122">how
 *     the versions differ</a>
 */
final class IngressRules implements Rules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final List<String> PATH_TYPES =
            List.of("Exact", "ImplementationSpecific", "Prefix");
    private static final List<String> NOT_IN_PATHS = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final List<String> NOT_AT_ENDS = List.of("/..", "/.");

    @Override
    public Class<?> model(String apiVersion, Class<?> own) {
        return apiVersion.endsWith("/v1beta1")
                ? io.fabric8.kubernetes.api.model.networking.v1beta1.Ingress.class
                : own;
    }

    @Override
    public String deprecation(String apiVersion) {
        return apiVersion.startsWith("extensions/")
                ? "deprecated in v1.14+, unavailable in v1.22+"
                : "deprecated in v1.19+, unavailable in v1.22+";
    }

    @Override
    public void convert(String from, ObjectNode document) {
        if (!(document.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode backend = spec.remove("backend");
        if (backend instanceof ObjectNode old) {
            spec.set("defaultBackend", converted(old));
        }
        for (ObjectNode path : paths(spec)) {
            if (path.path("backend") instanceof ObjectNode old) {
                path.set("backend", converted(old));
            }
            Defaults.put(path, "pathType", "ImplementationSpecific");
        }
    }

    private static ObjectNode converted(ObjectNode backend) {
        JsonNode name = backend.remove("serviceName");
        JsonNode port = backend.remove("servicePort");
        if (name != null || port != null) {
            ObjectNode service = backend.putObject("service");
            if (name != null) {
                service.set("name", name);
            }
            if (port != null) {
                service.putObject("port").set(port.isTextual() ? "name" : "number", port);
            }
        }
        return backend;
    }

    @Override
    public void serve(String to, ObjectNode document) {
        if (!(document.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode backend = spec.remove("defaultBackend");
        if (backend instanceof ObjectNode own) {
            spec.set("backend", served(own));
        }
        for (ObjectNode path : paths(spec)) {
            if (path.path("backend") instanceof ObjectNode own) {
                path.set("backend", served(own));
            }
        }
    }

    private static ObjectNode served(ObjectNode backend) {
        JsonNode service = backend.remove("service");
        if (service != null) {
            backend.set("serviceName", service.path("name"));
            JsonNode port = service.path("port");
            backend.set("servicePort", port.has("name") ? port.path("name") : port.path("number"));
        }
        return backend;
    }

    private static List<ObjectNode> paths(ObjectNode spec) {
        return Defaults.objects(spec, "rules").stream()
                .map(rule -> rule.path("http"))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .flatMap(http -> Defaults.objects(http, "paths").stream())
                .toList();
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        JsonNode spec = document.path("spec");
        JsonNode rules = spec.path("rules");
        if (rules.isEmpty() && !spec.has("defaultBackend")) {
            findings.invalid(
                    SPEC, spec.toString(), "either `defaultBackend` or `rules` must be specified");
        }
        if (spec.has("defaultBackend")) {
            backend(spec.path("defaultBackend"), SPEC.child("defaultBackend"), findings);
        }
        if (!spec.path("ingressClassName").asText().isEmpty()) {
            Check.text(
                    spec.path("ingressClassName").asText(),
                    SPEC.child("ingressClassName"),
                    Names::subdomain,
                    findings);
        }
        for (int i = 0; i < rules.size(); i++) {
            FieldPath at = SPEC.child("rules").item(i);
            host(rules.get(i).path("host").asText(), at.child("host"), findings);
            if (rules.get(i).has("http")) {
                paths(rules.get(i).path("http").path("paths"), at.child("http", "paths"), findings);
            }
        }
        JsonNode tls = spec.path("tls");
        for (int i = 0; i < tls.size(); i++) {
            FieldPath at = SPEC.child("tls").item(i);
            JsonNode hosts = tls.get(i).path("hosts");
            for (int j = 0; j < hosts.size(); j++) {
                host(hosts.get(j).asText(), at.child("hosts").item(j), findings);
            }
            String secret = tls.get(i).path("secretName").asText();
            if (!secret.isEmpty()) {
                Check.text(secret, at.child("secretName"), Names::subdomain, findings);
            }
        }
    }

    private static void host(String host, FieldPath path, Findings findings) {
        if (host.isEmpty()) {
            return;
        }
        if (Ipv4.is(host)) {
            findings.invalid(path, Check.quoted(host), "must be a DNS name, not an IP address");
        } else if (host.startsWith("*.")) {
            if (!Names.subdomain(host.substring(2)).isEmpty()) {
                findings.invalid(
                        path,
                        Check.quoted(host),
                        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid"
                                + " DNS subdomain, which must consist of lower case alphanumeric"
                                + " characters, '-' or '.' and end with an alphanumeric character"
                                + " (e.g. '*.example.com', regex used for validation is"
                                + " '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?"
                                + "(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
            }
        } else {
            Check.text(host, path, Names::subdomain, findings);
        }
    }

    private static void paths(JsonNode paths, FieldPath path, Findings findings) {
        if (paths.isEmpty()) {
            findings.required(path, "");
        }
        for (int i = 0; i < paths.size(); i++) {
            JsonNode one = paths.get(i);
            FieldPath at = path.item(i);
            String type = one.path("pathType").asText();
            if (type.isEmpty()) {
                findings.required(at.child("pathType"), "pathType must be specified");
            } else {
                Check.oneOf(one.path("pathType"), at.child("pathType"), PATH_TYPES, findings);
            }
            value(one.path("path").asText(), type, at.child("path"), findings);
            backend(one.path("backend"), at.child("backend"), findings);
        }
    }

    private static void value(String value, String type, FieldPath path, Findings findings) {
        if (type.equals("ImplementationSpecific")) {
            if (!value.isEmpty() && !value.startsWith("/")) {
                findings.invalid(path, Check.quoted(value), "must be an absolute path");
            }
            return;
        }
        if (!value.startsWith("/")) {
            findings.invalid(path, Check.quoted(value), "must be an absolute path");
        }
        for (String sequence : NOT_IN_PATHS) {
            if (value.contains(sequence)) {
                findings.invalid(path, Check.quoted(value), "must not contain '" + sequence + "'");
            }
        }
        for (String end : NOT_AT_ENDS) {
            if (value.endsWith(end)) {
                findings.invalid(path, Check.quoted(value), "cannot end with '" + end + "'");
            }
        }
    }

    private static void backend(JsonNode backend, FieldPath path, Findings findings) {
        boolean service = backend.has("service");
        boolean resource = backend.has("resource");
        if (service && resource) {
            findings.invalid(
                    path, backend.toString(), "cannot set both resource and service backends");
            return;
        }
        if (resource) {
            return;
        }
        if (!service) {
            findings.required(path, "cannot set neither service nor resource: name one of them");
            return;
        }
        JsonNode of = backend.path("service");
        FieldPath at = path.child("service");
        if (of.path("name").asText().isEmpty()) {
            findings.required(at.child("name"), "");
        }
        JsonNode port = of.path("port");
        boolean name = !port.path("name").asText().isEmpty();
        boolean number = port.path("number").asInt() != 0;
        if (name && number) {
            findings.invalid(
                    at.child("port"), port.toString(), "cannot set both port name & port number");
        } else if (!name && !number) {
            findings.required(at.child("port"), "port name or number is required");
        } else if (number) {
            Check.port(port.path("number"), at.child("port", "number"), findings);
        }
    }

    @Override
    public void warn(ObjectNode document, Findings findings) {
        FieldPath at = SPEC.child("defaultBackend", "resource");
        boolean resource = document.path("spec").path("defaultBackend").has("resource");
        for (ObjectNode path :
                document.path("spec") instanceof ObjectNode spec
                        ? paths(spec)
                        : List.<ObjectNode>of()) {
            resource |= path.path("backend").has("resource");
        }
        if (resource) {
            findings.warning(at, "backends that are no Service are not acted on in this version");
        }
    }
}
