package dev.shiplog.source.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.edit.ManifestEdit.Outcome;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Files before and after a change that a user makes to a live object. */
class ManifestEditTest {
    private static final String WEB =
            """
            # The web server of the shop.
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              namespace: shop
              labels:
                app: web   # selects nothing
            spec:
              # Enough for the night.
              replicas: 3 # see the runbook
              selector:
                matchLabels: {app: web}
              template:
                metadata:
                  labels: {app: web}
                spec:
                  containers:
                  # The server itself.
                  - name: main
                    image: "nginx:1.27"
                    env:
                    - name: MODE
                      value: 'prod'
                    - name: COUNT
                      value: "5"
                    args:
                    - --listen
                    - ":8080"
                  # Ships the logs.
                  - name: logs
                    image: busybox
            """;

    private static final ResourceKey KEY = ResourceKey.parse("Deployment.apps/shop/web");

    @Test
    void scalingIsOneLine() {
        assertEquals(
                WEB.replace("replicas: 3 #", "replicas: 10 #"),
                changed(WEB, o -> spec(o).put("replicas", 10)));
    }

    @Test
    void aFieldThatTheFileLeavesToDefaultsIsInsertedWherePeopleWriteIt() {
        String text =
                WEB.replace("  # Enough for the night.\n  replicas: 3 # see the runbook\n", "");
        assertEquals(
                text.replace("spec:\n  selector", "spec:\n  replicas: 10\n  selector"),
                changed(text, o -> spec(o).put("replicas", 10)));
    }

    @Test
    void aNewFileSaysNothingThatKubernetesFillsIn() {
        assertEquals(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  namespace: shop
                spec:
                  type: NodePort
                  selector:
                    app: web
                  ports:
                  - port: 80
                """,
                created(
                        "Service/shop/web",
                        """
                        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},
                        "spec":{"type":"NodePort","selector":{"app":"web"},"ports":[{"port":80}]}}\
                        """));
        assertEquals(
                """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                """,
                created(
                        "Namespace/shop",
                        """
                        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}\
                        """));
        String controller =
                created(
                        "ReplicationController/shop/web",
                        """
                        {"apiVersion":"v1","kind":"ReplicationController",
                        "metadata":{"name":"web","namespace":"shop"},
                        "spec":{"replicas":3,"selector":{"app":"web"},"template":{"metadata":{"labels":{"app":"web"}},
                        "spec":{"containers":[{"name":"main","image":"nginx:1.27"}]}}}}\
                        """);
        assertTrue(
                controller.startsWith(
                        """
                        apiVersion: v1
                        kind: ReplicationController
                        metadata:
                          name: web
                          namespace: shop
                        spec:
                          replicas: 3
                          selector:
                            app: web
                          template:
                        """),
                controller);
    }

    @Test
    void howManyThereShallBeIsWrittenEvenIfItIsTheDefault() {
        String deployment =
                """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"shop"},
                "spec":{%s"selector":{"matchLabels":{"app":"web"}},"template":{
                "metadata":{"labels":{"app":"web"}},
                "spec":{"containers":[{"name":"main","image":"nginx:1.27"}]}}}}
                """;
        assertTrue(
                created("Deployment.apps/shop/web", deployment.formatted("\"replicas\":1,"))
                        .contains("spec:\n  replicas: 1\n  selector:"));
        assertFalse(
                created("Deployment.apps/shop/web", deployment.formatted("")).contains("replicas"));
    }

    private static String created(String key, String document) {
        return switch (ManifestEdit.create(
                "new.yaml", ResourceKey.parse(key), Json.parse(document))) {
            case Outcome.Changed changed ->
                    new String(changed.content().orElseThrow(), StandardCharsets.UTF_8);
            case Outcome other -> throw new AssertionError(other.toString());
        };
    }

    @Test
    void anImageKeepsItsQuotes() {
        assertEquals(
                WEB.replace("\"nginx:1.27\"", "\"nginx:1.28\""),
                changed(WEB, o -> container(o, 0).put("image", "nginx:1.28")));
    }

    @Test
    void aLabelIsAddedAndAnotherTakenAway() {
        assertEquals(
                WEB.replace(
                        "    app: web   # selects nothing\n",
                        "    app: web   # selects nothing\n    tier: front\n"),
                changed(WEB, o -> labels(o).put("tier", "front")));
        assertEquals(
                WEB.replace("  labels:\n    app: web   # selects nothing\n", ""),
                changed(WEB, o -> labels(o).remove("app")));
    }

    @Test
    void aContainerGoesWithItsComment() {
        assertEquals(
                WEB.replace(
                        "      # Ships the logs.\n      - name: logs\n        image: busybox\n",
                        ""),
                changed(WEB, o -> o.withArray("/spec/template/spec/containers").remove(1)));
    }

    @Test
    void aNewContainerIsWrittenWithoutDefaults() {
        String after =
                changed(
                        WEB,
                        o -> {
                            ObjectNode added =
                                    o.withArray("/spec/template/spec/containers").addObject();
                            added.put("name", "side").put("image", "redis:8");
                            added.put("imagePullPolicy", "IfNotPresent");
                            added.put("terminationMessagePath", "/dev/termination-log");
                            added.put("terminationMessagePolicy", "File");
                            added.putObject("resources");
                            added.putArray("ports")
                                    .addObject()
                                    .put("containerPort", 6379)
                                    .put("protocol", "TCP");
                        });
        assertEquals(
                WEB
                        + "      - name: side\n"
                        + "        image: redis:8\n"
                        + "        ports:\n"
                        + "        - containerPort: 6379\n",
                after);
    }

    @Test
    void aVariableIsChangedInItsStyle() {
        assertEquals(
                WEB.replace("'prod'", "'it''s'"),
                changed(
                        WEB,
                        o ->
                                ((ObjectNode) container(o, 0).path("env").get(0))
                                        .put("value", "it's")));
        assertEquals(
                WEB.replace("\"5\"", "\"7\""),
                changed(
                        WEB,
                        o -> ((ObjectNode) container(o, 0).path("env").get(1)).put("value", "7")));
    }

    @Test
    void argumentsAreInsertedInPlace() {
        assertEquals(
                WEB.replace("        - --listen\n", "        - --verbose\n        - --listen\n"),
                changed(
                        WEB,
                        o -> container(o, 0).withArrayProperty("args").insert(0, "--verbose")));
    }

    @Test
    void bookkeepingIsNeverWritten() {
        DeclaredResource declared = declared(WEB);
        ObjectNode before = document(declared);
        ObjectNode after = before.deepCopy();
        ((ObjectNode) after.path("metadata"))
                .putObject("annotations")
                .put("kubectl.kubernetes.io/last-applied-configuration", "{}")
                .put("deployment.kubernetes.io/revision", "2");
        assertInstanceOf(
                Outcome.Same.class,
                ManifestEdit.put(
                        "web.yaml",
                        bytes(WEB),
                        KEY,
                        Optional.empty(),
                        Json.of(before),
                        Json.of(after)));
    }

    @Test
    void anOldVersionOfTheSameShapeStays() {
        String old = WEB.replace("apps/v1", "apps/v1beta2");
        assertEquals(
                old.replace("replicas: 3", "replicas: 4"),
                changed(old, o -> spec(o).put("replicas", 4)));
    }

    @Test
    void windowsLinesAndAMissingLastLineBreakStay() {
        String text = WEB.strip().replace("\n", "\r\n");
        assertEquals(
                text.replace("replicas: 3", "replicas: 4"),
                changed(text, o -> spec(o).put("replicas", 4)));
        assertEquals(
                text + "\r\n        command:\r\n        - sleep",
                changed(text, o -> container(o, 1).putArray("command").add("sleep")));
    }

    @Test
    void onlyItsDocumentOfAFileChanges() {
        String other = "---\n# another\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
        String text = other + "---\n" + WEB + other.replace("shop", "shop2");
        assertEquals(
                text.replace("replicas: 3", "replicas: 4"),
                changed(text, o -> spec(o).put("replicas", 4)));
    }

    @Test
    void jsonStaysJson() {
        String json = document(declared(WEB)).toPrettyString().replace(" : ", ": ") + "\n";
        String after = changed(json, o -> spec(o).put("replicas", 4));
        assertEquals(json.replaceFirst("\"replicas\": 3", "\"replicas\": 4"), after);
        String labelled = changed(json, o -> labels(o).put("tier", "front"));
        assertTrue(labelled.contains("\"app\": \"web\",\n      \"tier\": \"front\"\n"), labelled);
    }

    @Test
    void anItemThatMovesTakesItsCommentsAlong() {
        String main =
                WEB.substring(WEB.indexOf("      # The server"), WEB.indexOf("      # Ships"))
                        .replace("image: \"nginx:1.27\"", "image: \"nginx:1.27\" # pinned");
        String text = WEB.replace("image: \"nginx:1.27\"", "image: \"nginx:1.27\" # pinned");
        String logs = text.substring(text.indexOf("      # Ships"));
        assertTrue(text.endsWith(main + logs));
        assertEquals(
                text.replace(main + logs, logs + main),
                changed(
                        text,
                        o -> {
                            ArrayNode containers =
                                    (ArrayNode) o.at("/spec/template/spec/containers");
                            containers.add(containers.remove(0));
                        }));
    }

    @Test
    void anItemOfAListIsChangedAndTakenOut() {
        String list =
                """
                apiVersion: v1
                kind: List
                items:
                # First.
                - apiVersion: v1
                  kind: Namespace
                  metadata:
                    name: one
                # Second.
                - apiVersion: v1
                  kind: Namespace
                  metadata:
                    name: two
                """;
        ResourceKey two = ResourceKey.namespace("two");
        assertEquals(
                list + "    labels:\n      team: a\n",
                changed(list, two, o -> labels(o).put("team", "a")));
        assertEquals(list.substring(0, list.indexOf("# Second")), removed(list, two));
    }

    @Test
    void anAnchorThatOthersRepeatIsChangedOnlyForItself() {
        String text =
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  labels: &l
                    app: web
                  annotations: *l
                spec:
                  containers:
                  - name: main
                    image: busybox
                """;
        ResourceKey pod = ResourceKey.pod("default", "p");
        assertEquals(
                text.replace("app: web\n", "app: api\n")
                        .replace("annotations: *l", "annotations:\n    app: web"),
                changed(text, pod, o -> labels(o).put("app", "api")));
        assertEquals(
                text.replace("annotations: *l", "annotations:\n    app: web\n    why: me"),
                changed(
                        text,
                        pod,
                        o ->
                                o.withObjectProperty("metadata")
                                        .withObjectProperty("annotations")
                                        .put("why", "me")));
    }

    @Test
    void documentsAreTakenOutWithTheirSeparators() {
        String a = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n";
        String b = a.replace("name: a", "name: b");
        String c = a.replace("name: a", "name: c");
        String text = a + "---\n" + b + "---\n" + c;
        assertEquals(b + "---\n" + c, removed(text, ResourceKey.namespace("a")));
        assertEquals(a + "---\n" + c, removed(text, ResourceKey.namespace("b")));
        assertEquals(a + "---\n" + b, removed(text, ResourceKey.namespace("c")));
        assertEquals(
                Optional.empty(),
                ((Outcome.Changed)
                                ManifestEdit.remove("f.yaml", bytes(a), ResourceKey.namespace("a")))
                        .content());
    }

    @Test
    void aNewFileSaysWhatPeopleWouldSay() {
        Outcome outcome = ManifestEdit.create("x.yaml", KEY, Json.of(document(declared(WEB))));
        assertEquals(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: web
                  namespace: shop
                  labels:
                    app: web
                spec:
                  replicas: 3
                  selector:
                    matchLabels:
                      app: web
                  template:
                    metadata:
                      labels:
                        app: web
                    spec:
                      containers:
                      - name: main
                        image: nginx:1.27
                        args:
                        - --listen
                        - ":8080"
                        env:
                        - name: MODE
                          value: prod
                        - name: COUNT
                          value: "5"
                      - name: logs
                        image: busybox
                """,
                text(outcome));
    }

    @Test
    void aChangeOfSomethingElseIsStale() {
        ObjectNode before = document(declared(WEB));
        ObjectNode after = before.deepCopy();
        spec(after).put("replicas", 10);
        assertInstanceOf(
                Outcome.Stale.class,
                ManifestEdit.put(
                        "web.yaml",
                        bytes(WEB.replace("replicas: 3", "replicas: 5")),
                        KEY,
                        Optional.empty(),
                        Json.of(before),
                        Json.of(after)));
    }

    private static ObjectNode spec(ObjectNode object) {
        return (ObjectNode) object.path("spec");
    }

    private static ObjectNode labels(ObjectNode object) {
        return object.withObjectProperty("metadata").withObjectProperty("labels");
    }

    private static ObjectNode container(ObjectNode object, int index) {
        return (ObjectNode)
                object.path("spec").path("template").path("spec").path("containers").get(index);
    }

    @Test
    void aRuleIsWrittenAsPeopleReadIt() {
        assertEquals(
                """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata:
                  name: reader
                  namespace: shop
                rules:
                - apiGroups:
                  - ""
                  resources:
                  - pods
                  verbs:
                  - get
                """,
                created(
                        "Role.rbac.authorization.k8s.io/shop/reader",
                        """
                        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",
                        "metadata":{"name":"reader","namespace":"shop"},
                        "rules":[{"verbs":["get"],"resources":["pods"],"apiGroups":[""]}]}\
                        """));
    }

    /** Whoever has to let go of an object first, and what it belongs to, is declared with it. */
    @Test
    void finalizersAndOwnersAreSaidToo() {
        String held =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: held
                  namespace: shop
                  finalizers:
                  - example.com/hold
                data:
                  a: b
                """;
        ResourceKey key = ResourceKey.parse("ConfigMap/shop/held");
        assertEquals(
                held,
                created(
                        "ConfigMap/shop/held",
                        """
                        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"held","namespace":"shop",
                        "finalizers":["example.com/hold"]},"data":{"a":"b"}}\
                        """));
        String more =
                held.replace(
                        "  - example.com/hold\n", "  - example.com/hold\n  - example.com/too\n");
        assertEquals(
                more,
                changed(
                        held,
                        key,
                        o -> o.withArray("/metadata/finalizers").add("example.com/too")));
        assertEquals(held, changed(more, key, o -> o.withArray("/metadata/finalizers").remove(1)));
        assertEquals(
                held.replace("  finalizers:\n  - example.com/hold\n", ""),
                changed(held, key, o -> o.withObject("/metadata").remove("finalizers")));
        String owned =
                changed(
                        held,
                        key,
                        o ->
                                o.withArray("/metadata/ownerReferences")
                                        .addObject()
                                        .put("apiVersion", "v1")
                                        .put("kind", "ConfigMap")
                                        .put("name", "boss")
                                        .put("uid", "u-1"));
        assertEquals(
                Set.of("boss"),
                declared(owned).owners().stream()
                        .map(OwnerReference::name)
                        .collect(Collectors.toSet()));
    }

    /** A copy of what a controller made is no such thing; any other owner may be the controller. */
    @Test
    void whoeverIsTheControllerIsSaidUnlessACopyIsMeant() {
        String config =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: held
                  namespace: shop
                """;
        String owned =
                changed(
                        config,
                        ResourceKey.parse("ConfigMap/shop/held"),
                        o -> own(o, "Deployment"));
        assertTrue(owned.contains("controller: true"), owned);
        assertTrue(declared(owned).owners().getFirst().controller());

        String pod =
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: copy
                  namespace: shop
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: ReplicaSet, name: boss, uid: u-1, controller: true}
                spec:
                  containers:
                  - {name: c, image: i}
                """;
        assertEquals(List.of(), declared(pod).owners());
    }

    private static void own(ObjectNode document, String kind) {
        document.withArray("/metadata/ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", kind)
                .put("name", "boss")
                .put("uid", "u-1")
                .put("controller", true);
    }

    private static String changed(String text, Consumer<ObjectNode> change) {
        return changed(text, KEY, change);
    }

    private static String changed(String text, ResourceKey key, Consumer<ObjectNode> change) {
        DeclaredResource declared =
                Manifests.decode("f", bytes(text), "default").resources().stream()
                        .filter(d -> d.key().equals(key))
                        .findFirst()
                        .orElseThrow();
        ObjectNode before = document(declared);
        ObjectNode after = before.deepCopy();
        change.accept(after);
        return text(
                ManifestEdit.put(
                        "f.yaml",
                        bytes(text),
                        key,
                        Optional.empty(),
                        Json.of(before),
                        Json.of(after)));
    }

    private static String removed(String text, ResourceKey key) {
        return text(ManifestEdit.remove("f.yaml", bytes(text), key));
    }

    private static String text(Outcome outcome) {
        if (outcome instanceof Outcome.Changed(Optional<byte[]> content, var _)) {
            return new String(content.orElseThrow(), StandardCharsets.UTF_8);
        }
        throw new AssertionError("expected a change, found " + outcome);
    }

    private static DeclaredResource declared(String text) {
        return Manifests.decode("f", bytes(text), "default").resources().getFirst();
    }

    /** As the API serves it. */
    private static ObjectNode document(DeclaredResource declared) {
        ObjectNode document = Meaning.of(declared).document();
        document.put("apiVersion", declared.apiVersion());
        document.put("kind", declared.key().kind().kind());
        ObjectNode metadata = document.withObjectProperty("metadata");
        metadata.put("name", declared.key().name());
        metadata.put("uid", "u").put("resourceVersion", "7").put("generation", 3);
        if (!declared.key().namespace().isEmpty()) {
            metadata.put("namespace", declared.key().namespace());
        }
        document.putObject("status").put("replicas", 3);
        return document;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
