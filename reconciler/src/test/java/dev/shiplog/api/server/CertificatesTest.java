package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.auth.bootstrap.BootstrapTokens;
import dev.shiplog.api.auth.node.NodeRules;
import dev.shiplog.api.auth.policy.DefaultPolicy;
import dev.shiplog.api.auth.rbac.Rbac;
import dev.shiplog.api.certificates.CertificateSigners;
import dev.shiplog.api.certificates.SignerRights;
import dev.shiplog.api.journal.LedgerJournal;
import dev.shiplog.api.tls.CertificateAuthority;
import dev.shiplog.api.tls.CertificateRequest;
import dev.shiplog.api.tls.Credential;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Certificates by way of CertificateSigningRequests, with real openssl and kubectl. */
class CertificatesTest {
    private static final String COLLECTION =
            "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    @TempDir private Path folder;
    private TestCluster cluster;
    private LedgerJournal journal;
    private ApiServer server;
    private CertificateSigners signers;
    private BootstrapTokens bootstrap;
    private Client admin;
    private String url;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {});
        DefaultPolicy.missing(cluster.ledger.state()).forEach(cluster::submit);
        journal = new LedgerJournal(cluster.ledger, () -> cluster.now);
        Rbac rbac = new Rbac(cluster.ledger::state);
        NodeRules nodes = new NodeRules(cluster.ledger::state);
        Authorizer authorizer = Authorizer.anyOf(rbac, nodes);
        bootstrap = new BootstrapTokens(cluster.ledger, () -> cluster.now);
        ApiConfig plain = cluster.config();
        server =
                ApiServer.start(
                        new ApiConfig(
                                cluster.ledger,
                                plain.bind(),
                                0,
                                plain.tls(),
                                plain.token(),
                                authorizer,
                                plain.logs(),
                                plain.streams(),
                                plain.declarations(),
                                plain.git(),
                                plain.routes(),
                                plain.clock(),
                                plain.secrets(),
                                plain.beside(),
                                plain.writeStall(),
                                new AccessConfig(
                                        WriteGuard.allOf(nodes, rbac, new SignerRights(authorizer)),
                                        journal,
                                        Optional.of(rbac),
                                        Optional.empty(),
                                        List.of(bootstrap))));
        signers =
                new CertificateSigners(
                        cluster.ledger,
                        authorizer,
                        new CertificateAuthority(cluster.tls.authority()),
                        CertificateSigners.LONGEST_LIFE,
                        Instant::now);
        signers.start();
        url = "https://127.0.0.1:" + server.address().getPort();
        admin = Client.to(cluster, server.address().getPort());
    }

    @AfterEach
    void stop() {
        admin.close();
        signers.close();
        server.close();
        journal.close();
        cluster.close();
    }

    private Kubectl kubectl(String user) throws Exception {
        Path home = Files.createTempDirectory(folder, "kubectl");
        Files.writeString(
                home.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                """
                        .formatted(url, cluster.tls.authorityFile(), user));
        return new Kubectl(home);
    }

    private Kubectl adminKubectl() throws Exception {
        return kubectl("token: \"" + Files.readString(folder.resolve("token")).strip() + "\"");
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("openssl.out").toFile())
                        .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("openssl.out")));
    }

    private void asks(Kubectl who, String name, String request, String signer, String more)
            throws Exception {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(
                file,
                """
                apiVersion: certificates.k8s.io/v1
                kind: CertificateSigningRequest
                metadata: {name: %s}
                spec:
                  request: %s
                  signerName: %s
                  %s
                """
                        .formatted(
                                name,
                                Base64.getEncoder()
                                        .encodeToString(request.getBytes(StandardCharsets.UTF_8)),
                                signer,
                                more));
        String created = who.ok("create", "-f", file.toString());
        assertEquals(
                "certificatesigningrequest.certificates.k8s.io/" + name + " created",
                created.strip());
    }

    private JsonNode status(String name) {
        return cluster.resource(new ResourceKey(GroupKind.SIGNING_REQUEST, "", name))
                .status()
                .toNode();
    }

    private X509Certificate issued(String name) throws Exception {
        Await.until(
                () -> !status(name).path("certificate").asText().isEmpty(),
                () -> name + " was not issued: " + status(name));
        byte[] pem = Base64.getDecoder().decode(status(name).path("certificate").asText());
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem));
    }

    @Test
    void aUserGetsACertificateAndUsesIt() throws Exception {
        Path key = folder.resolve("ann.key");
        Path request = folder.resolve("ann.csr");
        openssl("genrsa", "-out", key.toString(), "2048");
        openssl(
                "req",
                "-new",
                "-key",
                key.toString(),
                "-out",
                request.toString(),
                "-subj",
                "/CN=ann/O=devs");
        Kubectl kubectl = adminKubectl();
        asks(
                kubectl,
                "ann",
                Files.readString(request),
                "kubernetes.io/kube-apiserver-client",
                "expirationSeconds: 86400\n  usages: [client auth]");
        String line = kubectl.ok("get", "csr", "--no-headers").strip();
        assertTrue(
                line.matches("ann +\\S+ +kubernetes.io/kube-apiserver-client +admin +24h +Pending"),
                line);
        assertEquals(
                "certificatesigningrequest.certificates.k8s.io/ann approved",
                kubectl.ok("certificate", "approve", "ann").strip());
        X509Certificate certificate = issued("ann");
        assertEquals(
                Duration.ofDays(1).plusMinutes(5),
                Duration.between(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant()));
        assertTrue(kubectl.ok("get", "csr").contains("Approved,Issued"));

        Path file = folder.resolve("ann.crt");
        Files.writeString(
                file,
                kubectl.ok(
                        "get",
                        "csr",
                        "ann",
                        "-o",
                        "go-template={{.status.certificate | base64decode}}"));
        Kubectl ann =
                kubectl("client-certificate: \"%s\", client-key: \"%s\"".formatted(file, key));
        String whoami = ann.ok("auth", "whoami", "-o", "json");
        JsonNode who = Json.parse(whoami).toNode().path("status").path("userInfo");
        assertEquals("ann", who.path("username").asText());
        assertEquals("[\"devs\",\"system:authenticated\"]", who.path("groups").toString());
        String refused = ann.fails("get", "pods", "-n", "shop");
        assertTrue(refused.contains("User \"ann\" cannot list resource \"pods\""), refused);
        cluster.submit(
                new ResourceCommand.CreateResource(
                        new ResourceKey(GroupKind.ROLE_BINDING, "shop", "devs"),
                        "rbac.authorization.k8s.io/v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(
                                "{\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":"
                                        + "\"ClusterRole\",\"name\":\"cluster-admin\"},\"subjects\":"
                                        + "[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":"
                                        + "\"Group\",\"name\":\"devs\"}]}")));
        assertTrue(ann.ok("get", "pods", "-n", "shop").contains("web-5d4f8-a"));
    }

    @Test
    void whatIsDeniedIsNotIssued() throws Exception {
        Kubectl kubectl = adminKubectl();
        String request = CertificateRequest.make("eve", "devs").requestPem();
        asks(
                kubectl,
                "eve",
                request,
                "kubernetes.io/kube-apiserver-client",
                "usages: [client auth]");
        kubectl.ok("certificate", "deny", "eve");
        String after = kubectl.fails("certificate", "approve", "eve");
        assertEquals("error: certificate signing request \"eve\" is already Denied", after);
        String both =
                kubectl.fails(
                        "patch",
                        "csr",
                        "eve",
                        "--subresource=approval",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"add\",\"path\":\"/status/conditions/-\",\"value\":"
                                + "{\"type\":\"Approved\",\"status\":\"True\"}}]");
        assertTrue(both.contains("mutually exclusive"), both);
        String gone =
                kubectl.fails(
                        "patch",
                        "csr",
                        "eve",
                        "--subresource=approval",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"conditions\":[]}}");
        assertTrue(gone.contains("may not remove a condition of type \"Denied\""), gone);
        assertEquals("Denied", status("eve").path("conditions").path(0).path("type").asText());
        assertFalse(status("eve").has("certificate"));
    }

    @Test
    void whoAsksForMastersOrNonsenseIsRefused() throws Exception {
        HttpResponse<byte[]> masters =
                post(
                        "m",
                        CertificateRequest.make("eve", "system:masters").requestPem(),
                        "kubernetes.io/kube-apiserver-client");
        assertEquals(403, masters.statusCode());
        HttpResponse<byte[]> nonsense =
                post(
                        "n",
                        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE"
                                + " REQUEST-----\n",
                        "example.com/own");
        assertEquals(422, nonsense.statusCode());
        String told = new String(nonsense.body(), StandardCharsets.UTF_8);
        assertTrue(told.contains("spec.request: Invalid value"), told);
        assertEquals(422, post("p", "hello", "example.com/own").statusCode());
    }

    private HttpResponse<byte[]> post(String name, String request, String signer) throws Exception {
        String encoded =
                Base64.getEncoder().encodeToString(request.getBytes(StandardCharsets.UTF_8));
        return admin.send(
                "POST",
                COLLECTION,
                """
                {"metadata":{"name":"%s"},"spec":{"request":"%s","signerName":"%s",
                 "username":"somebody-else","usages":["client auth"]}}
                """
                        .formatted(name, encoded, signer)
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/json");
    }

    @Test
    void whoMayApproveIsAskedForEachSigner() throws Exception {
        Kubectl admins = adminKubectl();
        String ann = CertificateRequest.make("ann", "devs").requestPem();
        asks(admins, "one", ann, "kubernetes.io/kube-apiserver-client", "usages: [client auth]");
        asks(admins, "two", ann, "example.com/own", "usages: [client auth]");
        admins.ok(
                "create",
                "clusterrole",
                "approver",
                "--verb=update,get",
                "--resource=certificatesigningrequests,certificatesigningrequests/approval");
        admins.ok("create", "clusterrolebinding", "a", "--clusterrole=approver", "--user=bob");
        cluster.submit(
                new ResourceCommand.CreateResource(
                        new ResourceKey(GroupKind.CLUSTER_ROLE, "", "own-approver"),
                        "rbac.authorization.k8s.io/v1",
                        new TreeMap<>(),
                        new TreeMap<>(),
                        Json.parse(
                                "{\"rules\":[{\"apiGroups\":[\"certificates.k8s.io\"],\"resources\":"
                                        + "[\"signers\"],\"verbs\":[\"approve\"],\"resourceNames\":"
                                        + "[\"example.com/*\"]}]}")));
        admins.ok("create", "clusterrolebinding", "b", "--clusterrole=own-approver", "--user=bob");
        String refused = admins.fails("certificate", "approve", "one", "--as=bob");
        assertEquals(
                "error: certificatesigningrequests.certificates.k8s.io \"one\" is forbidden: user"
                        + " not permitted to approve requests with signerName"
                        + " \"kubernetes.io/kube-apiserver-client\"",
                refused.replace("Error from server (Forbidden): ", "error: "));
        admins.ok("certificate", "approve", "two", "--as=bob");
        assertEquals("Approved", status("two").path("conditions").path(0).path("type").asText());
    }

    @Test
    void whoHasAJoinTokenGetsTheCertificateOfANewNodeAndOfNoOther() throws Exception {
        String token =
                bootstrap.create(
                        Duration.ofHours(1),
                        "",
                        dev.shiplog.api.Identity.authenticated("admin", List.of("system:masters")),
                        "r1");
        Kubectl joining = kubectl("token: \"" + token + "\"");
        CertificateRequest.Asked fresh = CertificateRequest.make("system:node:n7", "system:nodes");
        asksAsNode(joining, "new", fresh.requestPem());
        X509Certificate certificate = issued("new");
        assertEquals(
                "CN=system:node:n7,O=system:nodes",
                certificate.getSubjectX500Principal().getName());
        assertEquals(
                "AutoApproved", status("new").path("conditions").path(0).path("reason").asText());
        // n1 is there already: somebody must look whether it is really n1 that asks.
        asksAsNode(
                joining,
                "again",
                CertificateRequest.make("system:node:n1", "system:nodes").requestPem());
        // The node itself renews without anybody.
        Client node =
                Client.with(
                        server.address().getPort(),
                        cluster.tls.authority().certificate(),
                        new Credential(certificate, fresh.key()));
        String renewal = CertificateRequest.make("system:node:n7", "system:nodes").requestPem();
        assertEquals(
                201,
                node.send(
                                "POST",
                                COLLECTION,
                                """
                                {"metadata":{"name":"renewal"},"spec":{"request":"%s",
                                 "signerName":"kubernetes.io/kube-apiserver-client-kubelet",
                                 "usages":["client auth","digital signature"]}}
                                """
                                        .formatted(
                                                Base64.getEncoder()
                                                        .encodeToString(
                                                                renewal.getBytes(
                                                                        StandardCharsets.UTF_8)))
                                        .getBytes(StandardCharsets.UTF_8),
                                "Content-Type",
                                "application/json")
                        .statusCode());
        issued("renewal");
        assertEquals("{}", status("again").toString());
        node.close();
    }

    private void asksAsNode(Kubectl who, String name, String request) throws Exception {
        asks(
                who,
                name,
                request,
                "kubernetes.io/kube-apiserver-client-kubelet",
                "expirationSeconds: 3600\n  usages: [client auth, digital signature]");
    }
}
