package dev.shiplog.node.plan;

import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;

import java.util.Map;
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
        environment.variables.put("HOSTNAME", hostname);
        for (EnvFromSource source : container.getEnvFrom()) {
            checkOptional(source);
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
            absent(
                    "configmap",
                    from.getConfigMapKeyRef().getName(),
                    from.getConfigMapKeyRef().getOptional());
        } else if (from.getSecretKeyRef() != null) {
            absent(
                    "secret",
                    from.getSecretKeyRef().getName(),
                    from.getSecretKeyRef().getOptional());
        } else {
            throw new ConfigError(
                    "variable "
                            + variable.getName()
                            + ": expected valueFrom to be a fieldRef, resourceFieldRef,"
                            + " configMapKeyRef or secretKeyRef, found none of them");
        }
    }

    private static void checkOptional(EnvFromSource source) throws ConfigError {
        if (source.getConfigMapRef() != null) {
            absent(
                    "configmap",
                    source.getConfigMapRef().getName(),
                    source.getConfigMapRef().getOptional());
        }
        if (source.getSecretRef() != null) {
            absent("secret", source.getSecretRef().getName(), source.getSecretRef().getOptional());
        }
    }

    /** No cluster holds these kinds yet, so none of that name is found. */
    @SuppressWarnings("NullAway") // the model's Boolean may be null
    private static void absent(String kind, String name, Boolean optional) throws ConfigError {
        if (!Boolean.TRUE.equals(optional)) {
            throw new ConfigError(kind + " \"" + name + "\" not found");
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
