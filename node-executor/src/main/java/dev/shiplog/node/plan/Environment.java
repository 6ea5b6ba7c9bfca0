package dev.shiplog.node.plan;

import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.SecretKeySelector;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The variables of one container, with what they refer to looked up. */
final class Environment {
    private final PodTask task;
    private final Container container;
    private final String podIp;
    private final NodeFacts node;
    private final SortedMap<String, String> variables = new TreeMap<>();

    private Environment(PodTask task, Container container, String podIp, NodeFacts node) {
        this.task = task;
        this.container = container;
        this.podIp = podIp;
        this.node = node;
    }

    /**
     * @param podIp the pod's address
     * @throws ConfigError if a variable that is not optional refers to what is not there
     */
    static SortedMap<String, String> of(
            PodTask task, Container container, String podIp, String hostname, NodeFacts node)
            throws ConfigError {
        Environment environment = new Environment(task, container, podIp, node);
        environment.variables.putAll(task.inputs().services());
        environment.variables.put("HOSTNAME", hostname);
        for (EnvFromSource source : container.getEnvFrom()) {
            environment.add(source);
        }
        for (EnvVar variable : container.getEnv()) {
            environment.add(variable);
        }
        return environment.variables;
    }

    private void add(EnvVar variable) throws ConfigError {
        EnvVarSource from = variable.getValueFrom();
        if (from == null) {
            String value = variable.getValue() == null ? "" : variable.getValue();
            // Only what is defined above is known here, as in Kubernetes.
            variables.put(variable.getName(), Expansion.expand(value, variables));
        } else if (from.getFieldRef() != null) {
            variables.put(variable.getName(), field(from.getFieldRef().getFieldPath()));
        } else if (from.getResourceFieldRef() != null) {
            variables.put(
                    variable.getName(),
                    Resources.reference(task, container, from.getResourceFieldRef(), node));
        } else if (from.getConfigMapKeyRef() != null) {
            ConfigMapKeySelector reference = from.getConfigMapKeyRef();
            value(
                            task.inputs().configMap(reference.getName()),
                            new Reference(
                                    "ConfigMap", reference.getName(), reference.getOptional()),
                            reference.getKey())
                    .ifPresent(value -> variables.put(variable.getName(), value));
        } else if (from.getSecretKeyRef() != null) {
            SecretKeySelector reference = from.getSecretKeyRef();
            value(
                            task.inputs().secret(reference.getName()),
                            new Reference("Secret", reference.getName(), reference.getOptional()),
                            reference.getKey())
                    .ifPresent(value -> variables.put(variable.getName(), value));
        } else {
            throw new ConfigError(
                    "variable "
                            + variable.getName()
                            + ": expected valueFrom to be a fieldRef, resourceFieldRef,"
                            + " configMapKeyRef or secretKeyRef, found none of them");
        }
    }

    /** All keys of a ConfigMap or Secret; later ones win, and {@code env} wins over all. */
    private void add(EnvFromSource source) throws ConfigError {
        String prefix = source.getPrefix() == null ? "" : source.getPrefix();
        if (source.getConfigMapRef() != null) {
            String name = source.getConfigMapRef().getName();
            addAll(
                    task.inputs().configMap(name),
                    new Reference("ConfigMap", name, source.getConfigMapRef().getOptional()),
                    prefix);
        }
        if (source.getSecretRef() != null) {
            String name = source.getSecretRef().getName();
            addAll(
                    task.inputs().secret(name),
                    new Reference("Secret", name, source.getSecretRef().getOptional()),
                    prefix);
        }
    }

    private void addAll(
            Optional<SortedMap<String, byte[]>> found, Reference reference, String prefix)
            throws ConfigError {
        if (found.isEmpty()) {
            reference.missing();
            return;
        }
        found.get().forEach((key, value) -> variables.put(prefix + key, text(value)));
    }

    /** One value; empty if it may be missing and is. */
    private Optional<String> value(
            Optional<SortedMap<String, byte[]>> found, Reference reference, String key)
            throws ConfigError {
        if (found.isEmpty()) {
            reference.missing();
            return Optional.empty();
        }
        byte[] value = found.get().get(key);
        if (value != null) {
            return Optional.of(text(value));
        }
        if (reference.optional()) {
            return Optional.empty();
        }
        throw new ConfigError(
                "couldn't find key "
                        + key
                        + " in "
                        + reference.kind()
                        + " "
                        + task.document().key().namespace()
                        + "/"
                        + reference.name());
    }

    private static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** To a ConfigMap or a Secret. */
    private record Reference(String kind, String name, boolean optional) {
        Reference(String kind, String name, @Nullable Boolean optional) {
            this(kind, name, Boolean.TRUE.equals(optional));
        }

        void missing() throws ConfigError {
            if (!optional) {
                throw new ConfigError(
                        kind.toLowerCase(Locale.ROOT) + " \"" + name + "\" not found");
            }
        }
    }

    private String field(String path) throws ConfigError {
        Resource pod = task.document();
        return switch (path) {
            case "metadata.name" -> pod.key().name();
            case "metadata.namespace" -> pod.key().namespace();
            case "metadata.uid" -> pod.uid().value();
            case "spec.nodeName" -> node.node().value();
            case "spec.serviceAccountName" -> {
                String account = task.pod().getSpec().getServiceAccountName();
                yield account == null || account.isEmpty() ? "default" : account;
            }
            case "status.hostIP" -> node.addresses().getFirst();
            case "status.hostIPs" -> String.join(",", node.addresses());
            case "status.podIP", "status.podIPs" -> podIp;
            default -> subscripted(path, pod);
        };
    }

    private String subscripted(String path, Resource pod) throws ConfigError {
        if (path.startsWith("metadata.labels['") && path.endsWith("']")) {
            return entry(path, pod.metadata().labels());
        }
        if (path.startsWith("metadata.annotations['") && path.endsWith("']")) {
            return entry(path, pod.metadata().annotations());
        }
        throw new ConfigError(
                "container "
                        + container.getName()
                        + ": expected a field that containers may refer to, such as metadata.name"
                        + " or status.podIP, found fieldPath \""
                        + path
                        + "\"");
    }

    private static String entry(String path, Map<String, String> map) {
        String name = path.substring(path.indexOf('\'') + 1, path.length() - 2);
        return map.getOrDefault(name, "");
    }
}
