package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.AccountParts;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pod gets from the service account that it runs as: a token to say who it is, with what it
 * needs to trust the API server, in a volume that every container sees; and the account's pull
 * secrets. The first of these is refused by {@code automountServiceAccountToken: false}.
 *
 * <p>A cluster that has not published its certificate (ConfigMap kube-system/kube-root-ca.crt)
 * gives no tokens: nobody could be asked with them.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#serviceaccount-admission-controller">
 *     the admission controller of Kubernetes</a>
 */
public final class ServiceAccounts {
    /** Where containers look for their token. */
    public static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** What every namespace has of the cluster's certificate. */
    public static final String ROOT_CERTIFICATE = "kube-root-ca.crt";

    /** Where the cluster publishes it; copied from here. */
    public static final ResourceKey PUBLISHED =
            new ResourceKey(GroupKind.CONFIG_MAP, "kube-system", ROOT_CERTIFICATE);

    /** An hour, and a few seconds by which Kubernetes knows tokens that it gave by itself. */
    private static final int TOKEN_SECONDS = 3607;

    private static final int FILE_MODE = 0644;
    private static final int SUFFIX_LENGTH = 5;
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private ServiceAccounts() {}

    /**
     * Completes a pod that begins; anything else is as it was.
     *
     * @param uid the pod's identity, which makes the volume's name
     */
    public static Json complete(ClusterState state, ResourceKey key, Json body, Uid uid) {
        if (!key.kind().equals(GroupKind.POD) || state.resource(PUBLISHED).isEmpty()) {
            return body;
        }
        ObjectNode pod = body.toObject();
        ObjectNode spec = pod.withObjectProperty("spec");
        String name = spec.path("serviceAccountName").asText("default");
        Optional<Resource> account =
                state.resource(new ResourceKey(GroupKind.SERVICE_ACCOUNT, key.namespace(), name));
        boolean changed = pullSecrets(spec, account);
        if (wantsToken(spec, account)) {
            changed |= mount(spec, uid);
        }
        return changed ? Json.of(pod) : body;
    }

    /** The pod's word counts before the account's. */
    private static boolean wantsToken(ObjectNode spec, Optional<Resource> account) {
        JsonNode own = spec.path("automountServiceAccountToken");
        return own.isBoolean()
                ? own.booleanValue()
                : account.map(found ->
                                found.body()
                                        .toNode()
                                        .path("automountServiceAccountToken")
                                        .asBoolean(true))
                        .orElse(true);
    }

    private static boolean pullSecrets(ObjectNode spec, Optional<Resource> account) {
        JsonNode given =
                account.map(found -> found.body().toNode().path("imagePullSecrets"))
                        .orElse(spec.path("nothing"));
        if (given.isEmpty() || !spec.path("imagePullSecrets").isEmpty()) {
            return false;
        }
        spec.set("imagePullSecrets", given.deepCopy());
        return true;
    }

    private static boolean mount(ObjectNode spec, Uid uid) {
        List<ObjectNode> lacking = new ArrayList<>();
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                if (container instanceof ObjectNode object && !mountsThere(object)) {
                    lacking.add(object);
                }
            }
        }
        if (lacking.isEmpty()) {
            return false;
        }
        String volume = AccountParts.VOLUME_PREFIX + suffix(uid);
        volume(spec.withArrayProperty("volumes").addObject(), volume);
        for (ObjectNode container : lacking) {
            container
                    .withArrayProperty("volumeMounts")
                    .addObject()
                    .put("mountPath", MOUNT_PATH)
                    .put("name", volume)
                    .put("readOnly", true);
        }
        return true;
    }

    private static boolean mountsThere(JsonNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("mountPath").asText().equals(MOUNT_PATH)) {
                return true;
            }
        }
        return false;
    }

    private static void volume(ObjectNode volume, String name) {
        volume.put("name", name);
        ObjectNode projected = volume.putObject("projected").put("defaultMode", FILE_MODE);
        var sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode certificate = sources.addObject().putObject("configMap");
        certificate.put("name", ROOT_CERTIFICATE);
        certificate.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace =
                sources.addObject().putObject("downwardAPI").putArray("items").addObject();
        namespace
                .putObject("fieldRef")
                .put("apiVersion", "v1")
                .put("fieldPath", "metadata.namespace");
        namespace.put("path", "namespace");
    }

    /** Follows from the uid, so that the same decision gives the same pod. */
    private static String suffix(Uid uid) {
        long left = Integer.toUnsignedLong(uid.value().hashCode());
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            suffix.append(ALPHABET.charAt((int) (left % ALPHABET.length())));
            left /= ALPHABET.length();
        }
        return suffix.toString();
    }
}
