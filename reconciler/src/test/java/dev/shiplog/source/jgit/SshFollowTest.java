package dev.shiplog.source.jgit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.source.Author;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.Declarations.Change;
import dev.shiplog.source.Declarations.Edit;
import dev.shiplog.source.Declarations.Result;
import dev.shiplog.source.FollowedSource.Look;
import dev.shiplog.source.Pusher;

import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.shell.ProcessShellFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Following, and writing to, a repository over SSH: a real server, keys, and hosts that are known.
 */
class SshFollowTest {
    private static final SourceName TEAM = new SourceName("team");
    private static final ResourceKey WEB = ResourceKey.parse("Deployment.apps/shop/web");

    @TempDir Path root;
    private final DirectLedger ledger = Cluster.ledger();
    private SshServer server;
    private KeyPair user;
    private KeyPair host;
    private Path remote;

    @BeforeEach
    void start() throws Exception {
        Path home = Files.createDirectories(root.resolve("home"));
        remote = root.resolve("remote.git");
        GitCommand outside = new GitCommand(home, root);
        outside.git("init", "--quiet", "--bare", "--initial-branch=main", remote.toString());
        outside.git("clone", "--quiet", remote.toString(), "work");
        GitCommand git = outside.in(root.resolve("work"));
        git.git("checkout", "--quiet", "-B", "main");
        git.write("shop.yaml", Yaml.namespace("shop"));
        git.write("web.yaml", Yaml.deployment("shop", "web", 3, "web:1"));
        git.commit("Begin");
        git.git("push", "--quiet", "origin", "HEAD:main");
        user = keys();
        host = keys();
        server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(0);
        server.setKeyPairProvider(KeyPairProvider.wrap(host));
        server.setPublickeyAuthenticator((name, key, _) ->
                name.equals("git") && KeyUtils.compareKeys(key, user.getPublic()));
        server.setCommandFactory((channel, command) ->
                new ProcessShellFactory(command, "/bin/sh", "-c", command).createShell(channel));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop(true);
    }

    @Test
    void aRepositoryIsFollowedAndWrittenTo() throws Exception {
        try (Follower follower = follower(user, host)) {
            assertInstanceOf(Look.Seen.class, follower.look("poll"));
            assertEquals(3, replicas());
            Result result = scale(follower);

            assertInstanceOf(Result.Written.class, result);
            assertEquals(7, replicas());
        }
    }

    @Test
    void aRefusalByTheServerGivesThePatch() throws Exception {
        Path hook = remote.resolve("hooks/pre-receive");
        Files.createDirectories(remote.resolve("hooks"));
        Files.writeString(hook, "#!/bin/sh\necho protected by policy\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Follower follower = follower(user, host)) {
            assertInstanceOf(Look.Seen.class, follower.look("poll"));

            Result.Refused refused = assertInstanceOf(Result.Refused.class, scale(follower));

            assertEquals(3, replicas());
            assertTrue(refused.message().contains("protected by policy"), refused.message());
            Path patch = root.resolve("change.patch");
            Files.writeString(
                    patch, refused.message().substring(refused.message().indexOf("diff --git")));
            GitCommand git = new GitCommand(root.resolve("home"), root.resolve("work"));
            git.git("apply", patch.toString());
            assertTrue(git.git("diff").contains("+  replicas: 7"));
        }
    }

    private Result scale(Follower follower) throws Exception {
        ObjectNode after = live().toObject();
        ((ObjectNode) after.path("spec")).put("replicas", 7);
        return follower.write(
                        new Edit(
                                new Author("ann", "ann@shiplog.local"),
                                new Pusher("ann"),
                                "Scale web\n",
                                List.of(new Change.Put(WEB, Optional.of(live()), Json.of(after))),
                                false))
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void anUnknownHostIsNotTalkedTo() throws Exception {
        try (Follower follower = follower(user, keys())) {
            Look.Failed failed = assertInstanceOf(Look.Failed.class, follower.look("poll"));
            assertTrue(ledger.state().resource(WEB).isEmpty(), failed::toString);
        }
    }

    @Test
    void aWrongKeyIsAFailureToSignIn() throws Exception {
        try (Follower follower = follower(keys(), host)) {
            Look.Failed failed = assertInstanceOf(Look.Failed.class, follower.look("poll"));
            assertEquals("AuthenticationFailed", failed.reason(), failed::toString);
        }
    }

    private Follower follower(KeyPair mine, KeyPair trusted) throws Exception {
        Path key = root.resolve("id");
        try (OutputStream out = Files.newOutputStream(key)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(
                    mine, "test", (OpenSSHKeyEncryptionContext) null, out);
        }
        Path hosts = root.resolve("known_hosts");
        Files.writeString(
                hosts,
                "[127.0.0.1]:"
                        + server.getPort()
                        + " "
                        + PublicKeyEntry.toString(trusted.getPublic())
                        + "\n");
        return new Follower(
                new Follower.Config(
                        TEAM,
                        root.resolve("mirror"),
                        "ssh://git@127.0.0.1:" + server.getPort() + remote,
                        "main",
                        "",
                        new Credentials.SshKey(key, Optional.empty(), hosts)),
                ledger,
                Manifests::decode,
                InstantSource.fixed(Cluster.NOW));
    }

    private int replicas() {
        return live().toNode().path("spec").path("replicas").asInt();
    }

    private Json live() {
        return ledger.state().resource(WEB).orElseThrow().document();
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }
}
