package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.secret.SecretDocuments;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

final class LedgerClusterViewTest {
    private static final ResourceKey CERTIFICATE =
            new ResourceKey(GroupKind.SECRET, "default", "certificate");
    private static final ResourceKey PASSWORD =
            new ResourceKey(GroupKind.SECRET, "default", "password");

    @Test
    void tellsEverythingAndThenWhatChanges() {
        try (TestCluster cluster = new TestCluster()) {
            List<ClusterView.Update> updates = new CopyOnWriteArrayList<>();
            ClusterView view =
                    new LedgerClusterView(cluster.ledger, new SecretDocuments(() -> cluster.keys));
            cluster.create(ResourceKey.namespace("before"), "{}");
            try (var _ = view.follow(Set.of(GroupKind.NAMESPACE), updates::add)) {
                assertTrue(updates.getFirst().whole());
                assertTrue(
                        updates.getFirst()
                                .resources()
                                .containsKey(ResourceKey.namespace("before")));
                cluster.create(new ResourceKey(GroupKind.CONFIG_MAP, "before", "c"), "{}");
                cluster.create(ResourceKey.namespace("after"), "{}");
                cluster.delete(ResourceKey.namespace("after"), OptionalLong.empty());
                cluster.await(
                        "its end is told",
                        () ->
                                updates.stream()
                                        .anyMatch(update ->
                                                Optional.empty()
                                                        .equals(
                                                                update.resources()
                                                                        .get(
                                                                                ResourceKey
                                                                                        .namespace(
                                                                                                "after")))));
                for (ClusterView.Update update : updates.subList(1, updates.size())) {
                    assertFalse(update.whole());
                    update.resources()
                            .keySet()
                            .forEach(key -> assertEquals(GroupKind.NAMESPACE, key.kind()));
                }
            }
        }
    }

    @Test
    void opensCertificatesAndHidesOtherSecrets() {
        try (TestCluster cluster = new TestCluster()) {
            SecretDocuments secrets = new SecretDocuments(() -> cluster.keys);
            seal(cluster, secrets, CERTIFICATE, "kubernetes.io/tls");
            seal(cluster, secrets, PASSWORD, "Opaque");
            List<ClusterView.Update> updates = new CopyOnWriteArrayList<>();
            ClusterView view = new LedgerClusterView(cluster.ledger, secrets);
            try (var _ = view.follow(Set.of(GroupKind.SECRET), updates::add)) {
                var seen = updates.getFirst().resources();
                assertEquals(Set.of(CERTIFICATE), seen.keySet());
                assertEquals(
                        Base64.getEncoder()
                                .encodeToString("plain".getBytes(StandardCharsets.UTF_8)),
                        seen.getOrDefault(CERTIFICATE, Optional.empty())
                                .orElseThrow()
                                .body()
                                .toNode()
                                .path("data")
                                .path("tls.key")
                                .asText());
            }
        }
    }

    private static void seal(
            TestCluster cluster, SecretDocuments secrets, ResourceKey key, String type) {
        Json plain = Json.parse("{\"data\":{\"tls.key\":\"cGxhaW4=\"},\"type\":\"" + type + "\"}");
        cluster.create(key, secrets.sealBody(key, Optional.empty(), plain).toString());
    }
}
