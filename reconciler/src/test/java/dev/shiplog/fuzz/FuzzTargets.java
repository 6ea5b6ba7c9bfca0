package dev.shiplog.fuzz;

import dev.shiplog.api.body.BodyFuzz;
import dev.shiplog.api.patch.PatchFuzz;
import dev.shiplog.api.server.HttpFuzz;
import dev.shiplog.api.stream.WireFuzz;
import dev.shiplog.source.edit.ManifestFuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What is fuzzed, and inputs to begin with. */
enum FuzzTargets {
    HTTP(HttpFuzz::fuzzerTestOneInput) {
        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            for (String path :
                    List.of(
                            "/",
                            "/api",
                            "/apis/apps/v1",
                            "/openapi/v2",
                            "/openapi/v3/api/v1",
                            "/version",
                            "/api/v1/pods?limit=1&continue=x&resourceVersion=1",
                            "/api/v1/pods?watch=1&sendInitialEvents=true&allowWatchBookmarks=1",
                            "/api/v1/namespaces/shop/pods?labelSelector=a%20in%20(b,c),!d",
                            "/api/v1/namespaces/shop/pods?fieldSelector=spec.nodeName%3Dn1",
                            "/api/v1/namespaces/default/pods/lone/log?tailLines=1&sinceSeconds=3",
                            "/api/v1/namespaces/default/pods/lone/exec?command=a&stdin=1",
                            "/api/v1/namespaces/shop/pods/http:web-5d4f8-a:80/proxy/x?y=1",
                            "/api/v1/nodes/n1/proxy/healthz",
                            "/apis/metrics.k8s.io/v1beta1/nodes",
                            "/apis/apps/v1/namespaces/shop/deployments/web/scale",
                            "/apis/coordination.k8s.io/v1/namespaces/default/leases",
                            "/git/cluster.git/info/refs?service=git-upload-pack")) {
                seeds.add(text("GET " + path + "\nAccept: " + TABLE + "\n\n"));
            }
            seeds.add(request("POST /api/v1/namespaces/default/configmaps?dryRun=All", CONFIG_MAP));
            seeds.add(request("POST /api/v1/namespaces/default/configmaps", CONFIG_MAP));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/secrets?fieldValidation=Strict",
                            "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"a\":\"b\"},\"data\":{\"c\":\"ZA==\"}}"));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/pods",
                            "{\"metadata\":{\"generateName\":\"p-\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\"}]}}"));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/events",
                            "{\"metadata\":{\"name\":\"e\"},\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"lone\"},\"reason\":\"R\",\"message\":\"m\"}"));
            seeds.add(
                    request(
                            "POST /apis/coordination.k8s.io/v1/namespaces/default/leases",
                            "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"a\"}}"));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/pods/lone/eviction",
                            "{\"metadata\":{\"name\":\"lone\"},\"deleteOptions\":{\"gracePeriodSeconds\":1}}"));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/pods/lone/binding",
                            "{\"target\":{\"kind\":\"Node\",\"name\":\"n1\"}}"));
            seeds.add(
                    request(
                            "POST /api/v1/namespaces/default/bindings",
                            "{\"metadata\":{\"name\":\"lone\"},\"target\":{\"name\":\"n1\"}}"));
            seeds.add(
                    request(
                            "POST /apis/authorization.k8s.io/v1/subjectaccessreviews",
                            "{\"spec\":{\"user\":\"u\",\"groups\":[\"g\"],\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}"));
            seeds.add(
                    request(
                            "POST /apis/authentication.k8s.io/v1/tokenreviews",
                            "{\"spec\":{\"token\":\"x\",\"audiences\":[\"a\"]}}"));
            seeds.add(
                    request(
                            "PUT /api/v1/namespaces/shop/finalize",
                            "{\"spec\":{\"finalizers\":[\"kubernetes\"]}}"));
            seeds.add(
                    request(
                            "PUT /apis/apps/v1/namespaces/shop/deployments/web/scale",
                            "{\"spec\":{\"replicas\":3}}"));
            for (String type :
                    List.of(
                            "application/json-patch+json\n\n[{\"op\":\"add\",\"path\":\"/metadata/labels/x\",\"value\":\"y\"}]",
                            "application/merge-patch+json\n\n{\"metadata\":{\"labels\":{\"x\":null}},\"spec\":{\"replicas\":4}}",
                            "application/strategic-merge-patch+json\n\n{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"c\"}]}}}}",
                            "application/apply-patch+yaml\n\n{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"replicas\":5}}")) {
                seeds.add(
                        text(
                                "PATCH /apis/apps/v1/namespaces/shop/deployments/web?fieldManager=f&force=true\nContent-Type: "
                                        + type));
                seeds.add(
                        text(
                                "PATCH /api/v1/namespaces/default/pods/lone/status\nContent-Type: "
                                        + type));
                seeds.add(
                        text(
                                "PATCH /api/v1/namespaces/default/pods/lone/ephemeralcontainers\nContent-Type: "
                                        + type));
            }
            seeds.add(
                    request(
                            "DELETE /api/v1/namespaces/default/pods/lone",
                            "{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Foreground\",\"preconditions\":{\"uid\":\"1\"}}"));
            seeds.add(
                    request("DELETE /api/v1/namespaces/default/configmaps?labelSelector=a", "{}"));
            seeds.add(text("GET /api\nImpersonate-User: bob\nImpersonate-Group: g\n\n"));
            return seeds;
        }
    },
    BODY(BodyFuzz::fuzzerTestOneInput) {
        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            seeds.add(chosen(0, CONFIG_MAP));
            seeds.add(chosen(0, "{\"a\":[1,2.5e3,true,null,{\"a\":1,\"a\":2}]}"));
            seeds.add(chosen(1, "a: &x {b: [1, 0x2, ~]}\nc: *x\n<<: *x\nd: |\n  e\n"));
            seeds.add(chosen(2, "k8s\0\n\020\n\002v1\022\tConfigMap\022\n\n\005\n\003cfg\022\001"));
            seeds.add(
                    chosen(
                            2,
                            "k8s\0\n\023\n\002v1\022\rDeleteOptions\022\004\b\000\020\001\032\000"));
            return seeds;
        }
    },
    PATCH(PatchFuzz::fuzzerTestOneInput) {
        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            for (int document = 0; document < 3; document++) {
                int at = document * 4;
                seeds.add(
                        chosen(
                                at,
                                "[{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"/spec/x\"},{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"move\",\"from\":\"/spec/x\",\"path\":\"/y\"},{\"op\":\"remove\",\"path\":\"/y\"}]"));
                seeds.add(chosen(at + 1, "{\"spec\":{\"replicas\":null,\"x\":{\"y\":[1]}}}"));
                seeds.add(
                        chosen(
                                at + 2,
                                "{\"spec\":{\"containers\":[{\"name\":\"a\",\"$patch\":\"delete\"},{\"$patch\":\"replace\"}],\"$setElementOrder/containers\":[{\"name\":\"c\"}],\"ports\":[{\"port\":80,\"name\":\"x\"}]},\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"f/a\"],\"$retainKeys\":[\"name\"]}}"));
                seeds.add(
                        chosen(
                                at + 3,
                                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"z\"}},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"c\"}],\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}]}}"));
            }
            return seeds;
        }
    },
    MANIFEST(ManifestFuzz::fuzzerTestOneInput) {
        @Override
        List<byte[]> seeds() {
            return List.of(
                    text(
                            """
                            # a
                            apiVersion: v1
                            kind: ConfigMap
                            metadata: {name: a, labels: {b: c}} # d
                            data:
                              e: |
                                f
                              g: 'h'
                            ---
                            apiVersion: v1
                            kind: Secret
                            metadata:
                              name: s
                            stringData:
                              a: b # c
                            """),
                    text(
                            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3 # x\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n      - name: a\n        image: \"b\"\n"),
                    text(
                            "apiVersion: v1\nkind: List\nitems:\n- &a {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- <<: *a\n  metadata: {name: b}\n"),
                    text(
                            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  k: sealed:v1:AAAA\n"));
        }
    },
    WIRE(WireFuzz::fuzzerTestOneInput) {
        @Override
        List<byte[]> seeds() {
            return List.of(
                    chosen(0, "\377\200\3\0\6\0\0\0\4\0\0\0\1\200\3\0\7\0\0\0\10\0\0\0\0\0\0\0\0"),
                    chosen(0, "\377\200\3\0\1\0\0\0\16\0\0\0\1\0\0\0\0\0\0\170\273\343\306"),
                    chosen(1, "\3\0\120\0\1abc\2\273\1\2xyz"),
                    chosen(2, "\5" + "0UAA=" + "0YWJj"),
                    chosen(3, "\4\0abc\4{\"Width\":80,\"Height\":24}\377\0"),
                    chosen(4, "\2\0a\4{"),
                    chosen(5, "\5" + "0YWJj" + "4eyJ9"));
        }
    };

    private static final String TABLE =
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private static final String CONFIG_MAP =
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\",\"labels\":{\"a\":\"b\"}},\"data\":{\"x\":\"y\"}}";

    @SuppressWarnings("ImmutableEnumChecker") // Method references, which hold nothing.
    private final Target target;

    /** What is called with each input. */
    interface Target {
        void run(byte[] input) throws Exception;
    }

    FuzzTargets(Target target) {
        this.target = target;
    }

    abstract List<byte[]> seeds();

    Target target() {
        return target;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] request(String line, String body) {
        return text(line + "\nContent-Type: application/json\n\n" + body);
    }

    private static byte[] chosen(int choice, String rest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(choice);
        bytes.writeBytes(text(rest));
        return bytes.toByteArray();
    }
}
