package dev.shiplog.source.edit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The order in which people write the fields of manifests: what it is before what it does, short
 * things before long ones. Fields that are not in the list come last, by name; so do the keys of
 * maps, which are no fields.
 */
final class KeyOrder {
    private static final String FIELDS =
            """
            apiVersion kind metadata generateName name namespace labels annotations finalizers \
            immutable type \
            minReplicas maxReplicas replicas parallelism completions schedule concurrencyPolicy \
            suspend paused minReadySeconds revisionHistoryLimit progressDeadlineSeconds \
            serviceName podManagementPolicy clusterIP externalName \
            apiGroup apiGroups resources resourceNames verbs roleRef subjects \
            matchLabels matchExpressions key operator \
            selector podSelector namespaceSelector strategy updateStrategy rollingUpdate \
            jobTemplate template volumeClaimTemplates \
            automountServiceAccountToken restartPolicy terminationGracePeriodSeconds \
            activeDeadlineSeconds dnsPolicy serviceAccountName serviceAccount nodeName \
            hostNetwork hostPID hostIPC hostname subdomain \
            image imagePullPolicy imagePullSecrets nodeSelector affinity tolerations \
            topologySpreadConstraints priorityClassName \
            initContainers containers \
            command args workingDir ports containerPort port targetPort nodePort hostPort \
            protocol hostIP envFrom env value values valueFrom \
            requests limits volumeMounts mountPath subPath readOnly \
            startupProbe livenessProbe readinessProbe \
            exec httpGet tcpSocket grpc path scheme host httpHeaders \
            initialDelaySeconds periodSeconds timeoutSeconds successThreshold failureThreshold \
            lifecycle postStart preStop securityContext volumes \
            spec rules data stringData binaryData items\
            """;

    /** Objects whose keys are the author's own words. */
    private static final Set<String> MAPS =
            Set.of(
                    "labels",
                    "annotations",
                    "matchLabels",
                    "nodeSelector",
                    "data",
                    "stringData",
                    "binaryData",
                    "requests",
                    "limits");

    private static final Map<String, Integer> RANKS = ranks();

    private static final Comparator<String> AS_FIELDS =
            Comparator.comparingInt(KeyOrder::rank).thenComparing(Comparator.naturalOrder());

    private KeyOrder() {}

    private static Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        for (String field : FIELDS.split(" ", -1)) {
            ranks.put(field, ranks.size());
        }
        // In a container, what it may use stands after its environment, before its mounts.
        ranks.put("resources", ranks.get("requests"));
        // In a rule, what may be done stands after what it may be done to.
        ranks.put("verbs", ranks.get("requests"));
        return ranks;
    }

    private static int rank(String field) {
        return RANKS.getOrDefault(field, Integer.MAX_VALUE);
    }

    /** The names of an object's members in the order to write them. */
    static List<String> sorted(String parent, Collection<String> names) {
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(MAPS.contains(parent) ? Comparator.naturalOrder() : AS_FIELDS);
        return sorted;
    }

    /**
     * After which of the members that are there a new one belongs; -1 for before all of them.
     *
     * @param present in the order of the text
     */
    static int predecessor(String parent, List<String> present, String added) {
        boolean alphabetic = present.size() > 1 && isSorted(present, Comparator.naturalOrder());
        if (MAPS.contains(parent)) {
            return alphabetic
                    ? last(present, added, Comparator.naturalOrder())
                    : present.size() - 1;
        }
        boolean byName = alphabetic && present.size() > 2 && !isSorted(present, AS_FIELDS);
        return last(present, added, byName ? Comparator.naturalOrder() : AS_FIELDS);
    }

    private static int last(List<String> present, String added, Comparator<String> order) {
        for (int i = present.size() - 1; i >= 0; i--) {
            if (order.compare(present.get(i), added) < 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isSorted(List<String> names, Comparator<String> order) {
        for (int i = 1; i < names.size(); i++) {
            if (order.compare(names.get(i - 1), names.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }
}
