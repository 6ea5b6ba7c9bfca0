package dev.shiplog.source.jgit;

import dev.shiplog.event.Event;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.source.ManifestDecoder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A ledger, the repository that it takes its truth from, and a server that clients reach it by. */
final class Cluster implements AutoCloseable {
    static final SourceName SOURCE = new SourceName("cluster");
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    final Path root;
    final Ledger ledger;
    final ServedRepository repository;
    final GitServer server;

    Cluster(Path root, Ledger ledger, ManifestDecoder decoder, Optional<Path> firstFiles)
            throws Exception {
        this.root = root;
        this.ledger = ledger;
        repository =
                ServedRepository.open(
                        new ServedRepository.Config(
                                SOURCE,
                                root.resolve("git").resolve("cluster.git"),
                                "/git/cluster.git",
                                "main",
                                ""),
                        firstFiles,
                        Optional.empty(),
                        ledger,
                        decoder,
                        InstantSource.fixed(NOW));
        repository.sync();
        server =
                new GitServer(name ->
                        name.equals("cluster") ? Optional.of(repository) : Optional.empty());
    }

    static DirectLedger ledger() {
        return new DirectLedger(() -> NOW);
    }

    /** A fresh clone, by a user with a home of their own. */
    GitCommand clone(String name) throws Exception {
        Path home = Files.createDirectories(root.resolve(name + "-home"));
        new GitCommand(home, root).git("clone", "--quiet", server.url("cluster"), name);
        return new GitCommand(home, root.resolve(name));
    }

    boolean live(String key) {
        return ledger.state().resource(ResourceKey.parse(key)).isPresent();
    }

    <E extends Event> List<E> events(Class<E> type) {
        return recorded().stream()
                .map(Recorded::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<Recorded> recorded() {
        return ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE);
    }

    List<Origin> origins() {
        return recorded().stream().map(Recorded::origin).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
        repository.close();
    }
}
