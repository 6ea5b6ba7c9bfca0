package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.resource.schema.Schema;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The four patches on documents of several kinds: done or refused by name, and the document that
 * was patched is as it was. The first byte chooses the patch and the document.
 */
public final class PatchFuzz {
    private record Document(GroupKind kind, String apiVersion, ObjectNode live) {
        Schema schema() {
            return Schema.of(Kinds.of(kind).map(Kind::model).orElseThrow());
        }
    }

    private static final List<Document> DOCUMENTS =
            List.of(
                    document(
                            GroupKind.POD,
                            "v1",
                            """
                            {"metadata":{"name":"a","labels":{"x":"y"},"finalizers":["f/a"],
                              "ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n","uid":"1"}]},
                             "spec":{"containers":[{"name":"a","image":"b",
                               "ports":[{"containerPort":80,"protocol":"TCP"}],
                               "env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]},
                               {"name":"c","image":"d"}],
                              "tolerations":[{"key":"a","operator":"Exists"}],
                              "volumes":[{"name":"v","emptyDir":{}}]},
                             "status":{"conditions":[{"type":"Ready","status":"True"}]}}
                            """),
                    document(
                            GroupKind.DEPLOYMENT,
                            "apps/v1",
                            """
                            {"metadata":{"name":"web"},"spec":{"replicas":3,
                              "selector":{"matchLabels":{"app":"web"}},
                              "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
                              "template":{"metadata":{"labels":{"app":"web"}},
                               "spec":{"containers":[{"name":"web","image":"nginx"}]}}}}
                            """),
                    document(
                            GroupKind.SERVICE,
                            "v1",
                            """
                            {"metadata":{"name":"web"},"spec":{"type":"NodePort",
                              "ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}
                            """));

    private static Document document(GroupKind kind, String apiVersion, String json) {
        ObjectNode live = Json.parse(json).toObject();
        live.put("apiVersion", apiVersion).put("kind", kind.kind());
        return new Document(kind, apiVersion, live);
    }

    private PatchFuzz() {}

    private static final List<PatchType> TYPES = List.of(PatchType.values());

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int choice = data[0] & 0xff;
        byte[] patch = Arrays.copyOfRange(data, 1, data.length);
        PatchType type = TYPES.get(choice % TYPES.size());
        Document document = DOCUMENTS.get((choice / TYPES.size()) % DOCUMENTS.size());
        ObjectNode before = document.live().deepCopy();
        try {
            if (type == PatchType.APPLY) {
                apply(document, patch);
            } else {
                ObjectNode after = Patches.apply(type, document.live(), patch, document.schema());
                ManagedFields.afterUpdate(
                        document.schema(),
                        document.live(),
                        after,
                        FieldManager.updating("fuzz", document.apiVersion(), ""),
                        Instant.EPOCH);
            }
        } catch (ApiFailure expected) {
            if (expected.status().code() >= 500) {
                throw new AssertionError("expected the client's fault, found " + expected);
            }
        }
        if (!before.equals(document.live())) {
            throw new AssertionError("expected the document as it was, found " + document.live());
        }
    }

    /** Twice, by two managers: what one owns the other meets. */
    private static void apply(Document document, byte[] patch) {
        ObjectNode configuration = Bodies.decode("application/yaml", patch).document();
        ObjectNode first =
                ServerSideApply.apply(
                        document.schema(),
                        document.apiVersion(),
                        Optional.of(document.live()),
                        configuration,
                        new FieldManager("one", FieldManager.APPLY, document.apiVersion(), ""),
                        false,
                        Instant.EPOCH);
        ServerSideApply.apply(
                document.schema(),
                document.apiVersion(),
                Optional.of(first),
                configuration,
                new FieldManager("two", FieldManager.APPLY, document.apiVersion(), ""),
                true,
                Instant.EPOCH);
    }
}
