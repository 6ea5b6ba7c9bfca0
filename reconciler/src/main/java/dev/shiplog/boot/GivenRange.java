package dev.shiplog.boot;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ServiceAddresses;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * The range of addresses that a cluster elsewhere gave to this node's pods. What was given is kept
 * in a file: a node may start while its control plane is away, on a machine that was started anew.
 */
final class GivenRange {
    /** How long a control plane is waited for that may be away. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClusterView view;
    private final ResourceKey node;
    private final Path file;

    GivenRange(ClusterView view, NodeName node, Path folder) {
        this.view = view;
        this.node = ResourceKey.node(node);
        this.file = folder.resolve("pod-range");
    }

    /** The range as far as it is known: to the cluster, else to the file; empty if to neither. */
    String known() throws IOException, InterruptedException {
        Optional<Optional<Resource>> seen = look(_ -> true);
        String given = seen.map(GivenRange::range).orElseGet(() -> "");
        return given.isEmpty() ? kept() : given;
    }

    /** Waits until the cluster has given one; empty if it does not in time. */
    String given() throws IOException, InterruptedException {
        String given = look(found -> !range(found).isEmpty()).map(GivenRange::range).orElse("");
        if (!given.isEmpty()) {
            Files.writeString(file, given + "\n");
        }
        return given;
    }

    private String kept() throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException _) {
            return "";
        }
    }

    private static String range(Optional<Resource> node) {
        return node.map(found -> ServiceAddresses.podRange(found.body())).orElse("");
    }

    /** The Node as it is when it is good; empty if nothing comes in time. */
    private Optional<Optional<Resource>> look(Predicate<Optional<Resource>> good)
            throws InterruptedException {
        CompletableFuture<Optional<Resource>> found = new CompletableFuture<>();
        try (ClusterView.Subscription _ =
                view.follow(
                        Set.of(GroupKind.NODE),
                        update -> {
                            Optional<Resource> own =
                                    update.resources().getOrDefault(node, Optional.empty());
                            if ((update.whole() || own.isPresent()) && good.test(own)) {
                                found.complete(own);
                            }
                        })) {
            return Optional.of(found.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
