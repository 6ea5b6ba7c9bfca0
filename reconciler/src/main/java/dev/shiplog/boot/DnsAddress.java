package dev.shiplog.boot;

import dev.shiplog.controller.apiservice.ApiServiceController;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Where pods of a cluster elsewhere ask for names: the address of its Service for that. It stays
 * for the cluster's life, so it is kept in a file: a node may start while its control plane is
 * away.
 */
final class DnsAddress {
    private static final ResourceKey SERVICE = ApiServiceController.DNS;

    private DnsAddress() {}

    /** The address; empty if it is not kept and the cluster does not say it in time. */
    static Optional<String> of(ClusterView view, Path folder)
            throws IOException, InterruptedException {
        Path file = folder.resolve("dns-address");
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (NoSuchFileException _) {
            // The first start.
        }
        Optional<String> said = said(view);
        if (said.isPresent()) {
            Files.writeString(file, said.get() + "\n");
        }
        return said;
    }

    private static Optional<String> said(ClusterView view) throws InterruptedException {
        CompletableFuture<String> found = new CompletableFuture<>();
        try (ClusterView.Subscription _ =
                view.follow(
                        java.util.Set.of(GroupKind.SERVICE),
                        update ->
                                update.resources()
                                        .getOrDefault(SERVICE, Optional.empty())
                                        .map(DnsAddress::address)
                                        .filter(address -> !address.isEmpty())
                                        .ifPresent(found::complete))) {
            return Optional.of(found.get(GivenRange.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String address(Resource service) {
        return service.body().toNode().path("spec").path("clusterIP").asText();
    }
}
