package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.auth.bootstrap.BootstrapTokens;
import dev.shiplog.api.auth.jwt.ServiceAccountTokens;
import dev.shiplog.api.auth.jwt.SigningKey;
import dev.shiplog.api.auth.node.NodeRules;
import dev.shiplog.api.auth.policy.DefaultPolicy;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.api.journal.LedgerJournal;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.clusterrole.ClusterRoleController;
import dev.shiplog.event.AccessEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Who gets in and who does not, over the wire and with the real kubectl. */
class AccessTest {
    @TempDir Path folder;
    private TestCluster cluster;
    private LedgerJournal journal;
    private ApiServer server;
    private Client admin;
    private Client nobody;
    private String url = "";

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {});
        DefaultPolicy.missing(cluster.ledger.state())
                .forEach(command ->
                        cluster.ledger
                                .submit(
                                        command,
                                        dev.shiplog.journal.Origin.request("system:t", "t"))
                                .join());
        aggregate();
        for (String namespace : List.of("default", "shop")) {
            create(GroupKind.SERVICE_ACCOUNT, namespace, "default", "v1", "{}");
        }
        create(GroupKind.SERVICE_ACCOUNT, "shop", "viewer", "v1", "{}");
        create(
                GroupKind.ROLE_BINDING,
                "shop",
                "viewers",
                "rbac.authorization.k8s.io/v1",
                "{\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\","
                        + "\"name\":\"view\"},\"subjects\":[{\"kind\":\"ServiceAccount\","
                        + "\"namespace\":\"shop\",\"name\":\"viewer\"}]}");
        journal = new LedgerJournal(cluster.ledger, () -> cluster.now);
        Rbac rbac = new Rbac(cluster.ledger::state);
        NodeRules nodes = new NodeRules(cluster.ledger::state);
        ApiConfig plain = cluster.config();
        server =
                ApiServer.start(
                        new ApiConfig(
                                cluster.ledger,
                                plain.bind(),
                                0,
                                plain.tls(),
                                plain.token(),
                                Authorizer.anyOf(rbac, nodes),
                                plain.logs(),
                                plain.streams(),
                                plain.declarations(),
                                Optional.of(_ -> Optional.empty()),
                                plain.routes(),
                                plain.clock(),
                                plain.secrets(),
                                plain.beside(),
                                plain.writeStall(),
                                new AccessConfig(
                                        WriteGuard.allOf(nodes, rbac),
                                        journal,
                                        Optional.of(rbac),
                                        Optional.of(
                                                new ServiceAccountTokens(
                                                        new SigningKey(folder.resolve("sa.jwk")),
                                                        cluster.ledger::state,
                                                        () -> cluster.now)),
                                        List.of(
                                                new BootstrapTokens(
                                                        cluster.ledger, () -> cluster.now)))));
        url = "https://127.0.0.1:" + server.address().getPort();
        admin = Client.to(cluster, server.address().getPort());
        nobody = Client.stranger(cluster, server.address().getPort());
    }

    private void aggregate() {
        ClusterRoleController controller = new ClusterRoleController();
        for (int round = 0; round < 4; round++) {
            for (ResourceKey key : controller.all(cluster.ledger.state())) {
                controller
                        .reconcile(cluster.ledger.state(), key, Instant.EPOCH)
                        .commands()
                        .forEach(cluster::submit);
            }
        }
    }

    private void create(
            GroupKind kind, String namespace, String name, String apiVersion, String body) {
        cluster.submit(
                new ResourceCommand.CreateResource(
                        new ResourceKey(kind, namespace, name),
                        apiVersion,
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(body)));
    }

    @AfterEach
    void stop() {
        nobody.close();
        admin.close();
        server.close();
        journal.close();
        cluster.close();
    }

    /** A kubectl whose user is a bearer of a token. */
    private Kubectl kubectl(String token) throws Exception {
        Path home = Files.createTempDirectory(folder, "kubectl");
        Files.writeString(
                home.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """
                        .formatted(url, cluster.tls.authorityFile(), token));
        return new Kubectl(home);
    }

    private Kubectl adminKubectl() throws Exception {
        return kubectl(Files.readString(folder.resolve("token")).strip());
    }

    private String token(String namespace, String account) throws Exception {
        return adminKubectl().ok("create", "token", account, "-n", namespace).strip();
    }

    private int status(String path, String token) throws Exception {
        return nobody.get(path, "Authorization", "Bearer " + token).statusCode();
    }

    @Test
    void kubectlAsksWhatItMay() throws Exception {
        Kubectl viewer = kubectl(token("shop", "viewer"));
        assertEquals("yes", viewer.ok("auth", "can-i", "list", "pods", "-n", "shop").strip());
        assertEquals(
                "no", viewer.run("auth", "can-i", "create", "pods", "-n", "shop").out().strip());
        assertEquals(
                "no", viewer.run("auth", "can-i", "list", "pods", "-n", "default").out().strip());
        assertEquals(
                "no", viewer.run("auth", "can-i", "get", "secrets", "-n", "shop").out().strip());
        assertEquals("yes", adminKubectl().ok("auth", "can-i", "create", "pods").strip());
        assertEquals("yes", adminKubectl().ok("auth", "can-i", "get", "/git/cluster.git").strip());
        String list = viewer.ok("auth", "can-i", "--list", "-n", "shop");
        assertTrue(list.contains("pods/log") && list.contains("selfsubjectaccessreviews"), list);
        String whoami = viewer.ok("auth", "whoami", "-o", "json");
        JsonNode info = Json.parse(whoami).toNode().path("status").path("userInfo");
        assertEquals("system:serviceaccount:shop:viewer", info.path("username").asText());
        assertTrue(info.path("groups").toString().contains("system:serviceaccounts:shop"), whoami);
    }

    @Test
    void anotherNamespacesRoleGetsNothingHere() throws Exception {
        Kubectl viewer = kubectl(token("shop", "viewer"));
        assertTrue(viewer.ok("get", "pods", "-n", "shop").contains("web-5d4f8-a"));
        assertEquals(
                "Error from server (Forbidden): pods is forbidden: User"
                        + " \"system:serviceaccount:shop:viewer\" cannot list resource \"pods\" in"
                        + " API group \"\" in the namespace \"default\"",
                viewer.fails("get", "pods", "-n", "default"));
        String token = token("shop", "viewer");
        assertEquals(200, status("/api/v1/namespaces/shop/pods", token));
        for (String path :
                List.of(
                        "/api/v1/pods",
                        "/api/v1/namespaces/default/pods",
                        "/api/v1/namespaces/default/pods?watch=true",
                        "/api/v1/namespaces/default/pods/lone",
                        "/api/v1/namespaces/default/pods/lone/log",
                        "/api/v1/namespaces/shop/pods/web-5d4f8-a/exec?command=id",
                        "/api/v1/namespaces/shop/pods/web-5d4f8-a/attach",
                        "/api/v1/namespaces/shop/pods/web-5d4f8-a/portforward",
                        "/api/v1/nodes",
                        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                        "/git/cluster.git/info/refs?service=git-upload-pack",
                        "/git/cluster.git/info/refs?service=git-receive-pack",
                        "/shiplog/v1/status",
                        "/openid/v1/nothing",
                        "/")) {
            assertEquals(403, status(path, token), path);
        }
        assertEquals(
                403,
                nobody.send(
                                "DELETE",
                                "/api/v1/namespaces/shop/pods/web-5d4f8-a",
                                new byte[0],
                                "Authorization",
                                "Bearer " + token)
                        .statusCode());
        assertEquals(200, status("/openid/v1/jwks", token));
        assertEquals(200, status("/.well-known/openid-configuration", token));
        assertEquals(200, status("/apis/apps/v1", token));
    }

    @Test
    void aStrangerAndABrokenCredentialGetNothing() throws Exception {
        for (String path :
                List.of(
                        "/api",
                        "/apis",
                        "/api/v1/namespaces/shop/pods",
                        "/api/v1/pods?watch=true",
                        "/openapi/v3",
                        "/openid/v1/jwks",
                        "/git/cluster.git/info/refs?service=git-upload-pack",
                        "/api/v1/namespaces/shop/pods/web-5d4f8-a/exec")) {
            assertEquals(401, nobody.get(path).statusCode(), path);
        }
        assertEquals(200, nobody.get("/healthz").statusCode());
        assertEquals(200, nobody.get("/version").statusCode());
        for (String token :
                List.of("nonsense", "abcdef.0123456789abcdef", "eyJhbGciOiJub25lIn0.e30.")) {
            assertEquals(401, status("/api", token), token);
            assertEquals(401, status("/version", token), token);
            assertEquals(
                    "error: You must be logged in to the server (Unauthorized)",
                    last(kubectl(token).fails("get", "--raw", "/api/v1/namespaces/shop/pods")));
        }
        HttpResponse<byte[]> reply = nobody.get("/api/v1/pods", "Authorization", "Bearer x");
        assertEquals("Unauthorized", Client.parse(Client.text(reply)).path("message").asText());

        String token = token("shop", "viewer");
        assertEquals(200, status("/api/v1/namespaces/shop/pods", token));
        cluster.now = cluster.now.plusSeconds(3_601);
        assertEquals(401, status("/api/v1/namespaces/shop/pods", token), "expired");
    }

    private static String last(String lines) {
        return lines.lines().reduce("", (_, line) -> line);
    }

    @Test
    void tokensAreReviewed() throws Exception {
        String token = token("shop", "viewer");
        JsonNode review =
                created(
                        "/apis/authentication.k8s.io/v1/tokenreviews",
                        "{\"spec\":{\"token\":\"" + token + "\"}}");
        assertTrue(review.path("status").path("authenticated").asBoolean());
        assertEquals(
                "system:serviceaccount:shop:viewer",
                review.path("status").path("user").path("username").asText());
        JsonNode other =
                created(
                        "/apis/authentication.k8s.io/v1/tokenreviews",
                        "{\"spec\":{\"token\":\"" + token + "\",\"audiences\":[\"vault\"]}}");
        assertEquals(false, other.path("status").path("authenticated").asBoolean());
        JsonNode allowed =
                created(
                        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                        "{\"spec\":{\"user\":\"system:serviceaccount:shop:viewer\","
                                + "\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\","
                                + "\"namespace\":\"shop\"}}}");
        assertTrue(allowed.path("status").path("allowed").asBoolean());
        assertEquals(
                "RBAC: allowed by RoleBinding \"viewers/shop\" of ClusterRole \"view\" to"
                        + " ServiceAccount \"viewer/shop\"",
                allowed.path("status").path("reason").asText());
        HttpResponse<byte[]> wrong =
                admin.send(
                        "POST",
                        "/apis/authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews",
                        "{\"spec\":{\"user\":\"x\",\"resourceAttributes\":{\"namespace\":\"shop\"}}}"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(422, wrong.statusCode());
    }

    private JsonNode created(String path, String body) throws Exception {
        HttpResponse<byte[]> reply =
                admin.send("POST", path, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(201, reply.statusCode(), () -> Client.text(reply));
        return Client.parse(Client.text(reply));
    }

    @Test
    void tokensHaveBoundsAndBindings() throws Exception {
        Kubectl kubectl = adminKubectl();
        assertTrue(
                kubectl.fails("create", "token", "viewer", "-n", "shop", "--duration=5m")
                        .contains("may not specify a duration less than 10 minutes"));
        assertTrue(
                kubectl.fails("create", "token", "nobody", "-n", "shop")
                        .contains("serviceaccounts \"nobody\" not found"));
        String bound =
                kubectl.ok(
                                "create",
                                "token",
                                "default",
                                "--bound-object-kind=Pod",
                                "--bound-object-name=lone")
                        .strip();
        assertEquals(200, status("/api", bound));
        cluster.removePod(ResourceKey.pod("default", "lone"));
        assertEquals(401, status("/api", bound));
    }

    @Test
    void whoMayAsksAsSomebodyElse() throws Exception {
        Kubectl kubectl = adminKubectl();
        assertEquals("no", kubectl.run("auth", "can-i", "list", "pods", "--as=bob").out().strip());
        assertEquals(
                "yes",
                kubectl.ok("auth", "can-i", "list", "pods", "--as=bob", "--as-group=system:masters")
                        .strip());
        assertTrue(
                kubectl.ok("get", "pods", "-n", "shop", "--as=system:serviceaccount:shop:viewer")
                        .contains("web-5d4f8-a"));
        HttpResponse<byte[]> refused =
                nobody.get(
                        "/api/v1/namespaces/shop/pods",
                        "Authorization",
                        "Bearer " + token("shop", "viewer"),
                        "Impersonate-User",
                        "admin");
        assertEquals(403, refused.statusCode());
        assertEquals(
                "users \"admin\" is forbidden: User \"system:serviceaccount:shop:viewer\" cannot"
                        + " impersonate resource \"users\" in API group \"\" at the cluster scope",
                Client.parse(Client.text(refused)).path("message").asText());
    }

    @Test
    void refusalsAreWrittenDown() throws Exception {
        String token = token("shop", "viewer");
        for (int i = 0; i < 5; i++) {
            status("/api/v1/namespaces/default/pods", token);
        }
        status("/api", "nonsense");
        server.close();
        journal.close();
        List<AccessEvent.AccessRefused> refused =
                cluster.ledger.read(Position.ORIGIN, Optional.empty(), 10_000).stream()
                        .map(event -> event.event())
                        .filter(AccessEvent.AccessRefused.class::isInstance)
                        .map(AccessEvent.AccessRefused.class::cast)
                        .toList();
        assertEquals(
                List.of(
                        new AccessEvent.AccessRefused(
                                "system:serviceaccount:shop:viewer",
                                "127.0.0.1",
                                "list",
                                "pods",
                                "nothing allows it in namespace default",
                                5),
                        new AccessEvent.AccessRefused(
                                "system:anonymous",
                                "127.0.0.1",
                                "get",
                                "/api",
                                "nobody has this token",
                                1)),
                refused);
    }

    @Test
    void oneClientCannotAskForEverything() throws Exception {
        String token = token("shop", "viewer");
        int tooMany = 0;
        for (int i = 0; i < 3_000 && tooMany == 0; i++) {
            HttpResponse<byte[]> reply = nobody.get("/version", "X", "y");
            if (reply.statusCode() == 429) {
                tooMany++;
                assertEquals("1", reply.headers().firstValue("Retry-After").orElse(""));
            }
        }
        assertEquals(1, tooMany, "strangers have had their share");
        assertEquals(200, status("/api", token), "others have theirs");
    }

    private static final String AS = "Impersonate-User";

    private HttpResponse<byte[]> asNode(String node, String method, String path, String body)
            throws Exception {
        return admin.send(
                method,
                path,
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                AS,
                "system:node:" + node,
                "Impersonate-Group",
                "system:nodes",
                "Content-Type",
                "application/json");
    }

    @Test
    void aNodeHoldsItsOwnLeaseAndNoOther() throws Exception {
        cluster.createNamespace("kube-node-lease");
        String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
        String lease =
                "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":"
                        + "\"%s\"},\"spec\":{\"holderIdentity\":\"n1\"}}";
        HttpResponse<byte[]> other = asNode("n1", "POST", leases, lease.formatted("n2"));
        assertEquals(403, other.statusCode());
        assertTrue(
                Client.text(other).contains("can only access its own lease"), Client.text(other));
        assertEquals(201, asNode("n1", "POST", leases, lease.formatted("n1")).statusCode());
        assertEquals(403, asNode("n2", "GET", leases + "/n1", "").statusCode());
    }

    @Test
    void aRefusalNamesWhoItReallyIs() throws Exception {
        assertEquals(
                403, admin.get("/api/v1/namespaces/shop/pods", AS, "bob").statusCode());
        server.close();
        journal.close();
        assertEquals(
                List.of("admin as bob"),
                cluster.ledger.read(Position.ORIGIN, Optional.empty(), 10_000).stream()
                        .map(event -> event.event())
                        .filter(AccessEvent.AccessRefused.class::isInstance)
                        .map(event -> ((AccessEvent.AccessRefused) event).who())
                        .toList());
    }

    @Test
    void whatIsImpersonatedIsToldAndNothingMore() throws Exception {
        HttpResponse<byte[]> reply =
                admin.send(
                        "POST",
                        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                        "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        AS,
                        "bob",
                        "Impersonate-Extra-Example.org%2fteam",
                        "red");
        assertEquals(201, reply.statusCode());
        assertEquals(
                Json.parse("{\"example.org/team\":[\"red\"]}").toNode(),
                Client.parse(Client.text(reply)).path("status").path("userInfo").path("extra"));
        for (String[] headers :
                List.of(
                        new String[] {"Impersonate-Extra-team", "red"},
                        new String[] {AS, "bob", "Impersonate-Extra-shiplog.dev%2frefused", "x"},
                        new String[] {AS, "bob", "Impersonate-Extra-a%zz", "x"})) {
            assertEquals(400, admin.get("/api", headers).statusCode(), String.join(" ", headers));
        }
    }

    @Test
    void whoTriesOutTokensHasAShareToo() throws Exception {
        int code = 401;
        for (int i = 0; i < 3_000 && code == 401; i++) {
            code = status("/api", "guess-" + i);
        }
        assertEquals(429, code);
        assertEquals(200, status("/api", token("shop", "viewer")));
    }
}
