package dev.shiplog.api.auth.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand.CreateResource;
import dev.shiplog.command.ResourceCommand.ReviseResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says what a cluster lacks of the roles and bindings that it should begin with. The cluster itself
 * remembers, in an annotation of {@code cluster-admin}, of which version of the list it has all; so
 * a later start costs one look.
 *
 * <p>An object that Git declares, or whose annotation {@code
 * rbac.authorization.kubernetes.io/autoupdate} is not {@code true}, is left as it is. One that
 * somebody deleted comes back with the next version of the list.
 */
public final class DefaultPolicy {
    /** Which version of the list the cluster has. */
    static final String VERSION = "shiplog.dev/default-policy";

    private static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";
    private static final String API_VERSION = "rbac.authorization.k8s.io/v1";
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE =
            List.of("create", "delete", "deletecollection", "patch", "update");
    private static final int VERSION_DIGITS = 16;

    private static final ResourceKey CLUSTER_ADMIN =
            new ResourceKey(GroupKind.CLUSTER_ROLE, "", "cluster-admin");

    private DefaultPolicy() {}

    /** What to do so that the cluster has all; nothing, if it has. */
    public static List<Command> missing(ClusterState state) {
        byte[] text = text();
        String version = version(text);
        boolean complete =
                state.resource(CLUSTER_ADMIN)
                        .filter(role -> version.equals(role.metadata().annotations().get(VERSION)))
                        .isPresent();
        return complete ? List.of() : missing(state, objects(text, version));
    }

    private static List<Command> missing(ClusterState state, List<CreateResource> objects) {
        List<Command> commands = new ArrayList<>();
        for (CreateResource wanted : objects) {
            Optional<Resource> live = state.resource(wanted.key());
            if (live.isEmpty()) {
                commands.add(wanted);
            } else if (state.declared(wanted.key()).isEmpty()
                    && "true".equals(live.get().metadata().annotations().get(AUTO_UPDATE))) {
                commands.add(update(live.get(), wanted));
            }
        }
        return commands;
    }

    private static Command update(Resource live, CreateResource wanted) {
        SortedMap<String, String> annotations = new TreeMap<>(live.metadata().annotations());
        annotations.putAll(wanted.annotations());
        // What a role collects is written by a controller, not by this list.
        boolean collects = wanted.body().toNode().has("aggregationRule");
        return new ReviseResource(
                live.key(),
                live.uid(),
                live.metadata().generation(),
                collects ? live.body() : wanted.body(),
                Optional.of(annotations),
                List.of());
    }

    /** All of the list. The role that remembers the version comes last. */
    static List<CreateResource> objects() {
        byte[] text = text();
        return objects(text, version(text));
    }

    private static List<CreateResource> objects(byte[] text, String version) {
        List<CreateResource> objects = new ArrayList<>();
        Draft draft = Draft.NOTHING;
        for (String line : new String(text, StandardCharsets.UTF_8).split("\n", -1)) {
            String[] words = line.strip().split(" +", -1);
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith(" ")) {
                draft.add(words);
            } else {
                draft.finish(objects);
                draft = Draft.begin(words);
            }
        }
        draft.finish(objects);
        List<CreateResource> ordered = new ArrayList<>();
        for (CreateResource object : objects) {
            if (!object.key().equals(CLUSTER_ADMIN)) {
                ordered.add(object);
            }
        }
        for (CreateResource object : objects) {
            if (object.key().equals(CLUSTER_ADMIN)) {
                SortedMap<String, String> annotations = new TreeMap<>(object.annotations());
                annotations.put(VERSION, version);
                ordered.add(
                        new CreateResource(
                                object.key(),
                                object.apiVersion(),
                                object.labels(),
                                annotations,
                                object.body()));
            }
        }
        return ordered;
    }

    private static byte[] text() {
        try (InputStream in = DefaultPolicy.class.getResourceAsStream("default-policy.txt")) {
            if (in == null) {
                throw new IllegalStateException("default-policy.txt is missing in this program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("default-policy.txt cannot be read", e);
        }
    }

    private static String version(byte[] text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            return HexFormat.of().formatHex(hash).substring(0, VERSION_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** One object while its lines are read. */
    private record Draft(
            Optional<ResourceKey> key, SortedMap<String, String> labels, ObjectNode body) {
        static final Draft NOTHING =
                new Draft(Optional.empty(), new TreeMap<>(), JsonNodeFactory.instance.objectNode());

        static Draft begin(String[] words) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            SortedMap<String, String> labels = new TreeMap<>();
            labels.put("kubernetes.io/bootstrapping", "rbac-defaults");
            boolean role = words[0].equals(GroupKind.CLUSTER_ROLE.kind());
            if (!role) {
                body.putObject("roleRef")
                        .put("apiGroup", GROUP)
                        .put("kind", GroupKind.CLUSTER_ROLE.kind())
                        .put("name", words[2]);
            }
            GroupKind kind = role ? GroupKind.CLUSTER_ROLE : GroupKind.CLUSTER_ROLE_BINDING;
            return new Draft(Optional.of(new ResourceKey(kind, "", words[1])), labels, body);
        }

        void add(String[] words) {
            switch (words[0]) {
                case "label" -> labels.put(label(words[1]), "true");
                case "collects" ->
                        body.putObject("aggregationRule")
                                .putArray("clusterRoleSelectors")
                                .addObject()
                                .putObject("matchLabels")
                                .put(label(words[1]), "true");
                case "User", "Group" ->
                        subjects()
                                .addObject()
                                .put("apiGroup", GROUP)
                                .put("kind", words[0])
                                .put("name", words[1]);
                case "ServiceAccount" ->
                        subjects()
                                .addObject()
                                .put("kind", words[0])
                                .put("namespace", words[1])
                                .put("name", words[2]);
                case "path" -> {
                    ObjectNode rule = rules().addObject();
                    list(rule, "nonResourceURLs", words[1]);
                    verbs(rule, words[2]);
                }
                default -> {
                    ObjectNode rule = rules().addObject();
                    list(rule, "apiGroups", words[0]);
                    list(rule, "resources", words[1]);
                    verbs(rule, words[2]);
                    if (words.length > 3) {
                        list(rule, "resourceNames", words[3]);
                    }
                }
            }
        }

        void finish(List<CreateResource> objects) {
            key.ifPresent(found -> {
                SortedMap<String, String> annotations = new TreeMap<>();
                annotations.put(AUTO_UPDATE, "true");
                objects.add(
                        new CreateResource(found, API_VERSION, labels, annotations, Json.of(body)));
            });
        }

        private ArrayNode rules() {
            return body.withArray("rules");
        }

        private ArrayNode subjects() {
            return body.withArray("subjects");
        }

        private static String label(String name) {
            return GROUP + "/" + name;
        }

        private static void verbs(ObjectNode rule, String words) {
            ArrayNode verbs = rule.putArray("verbs");
            for (String word : words.split(",", -1)) {
                switch (word) {
                    case "READ" -> READ.forEach(verbs::add);
                    case "WRITE" -> WRITE.forEach(verbs::add);
                    default -> verbs.add(word);
                }
            }
        }

        private static void list(ObjectNode rule, String name, String words) {
            ArrayNode list = rule.putArray(name);
            for (String word : words.split(",", -1)) {
                list.add(word.equals("core") ? "" : word);
            }
        }
    }
}
