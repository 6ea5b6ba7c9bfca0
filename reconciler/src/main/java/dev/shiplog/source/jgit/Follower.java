package dev.shiplog.source.jgit;

import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.SourceName;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Drafting;
import dev.shiplog.source.FollowedSource;
import dev.shiplog.source.Intake;
import dev.shiplog.source.ManifestDecoder;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.WriteMode;

import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Follows a branch of a repository that is elsewhere, through a bare mirror on disk.
 *
 * <p>Invariants: objects are fetched only when the branch has moved; a repository that cannot be
 * read, is empty or has lost the branch deletes nothing; each look takes the newest commit, so one
 * that cannot become the truth never stands in the way of the one that mends it.
 */
public final class Follower implements FollowedSource, Declarations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** Edits that wait for the remote repository; more are refused. */
    private static final int MAX_WAITING = 256;

    private final Config config;
    private final RemoteAccess remote;
    private final SourceLedger sourceLedger;
    private final Ledger ledger;
    private final ManifestDecoder decoder;
    private final InstantSource clock;
    private final UpstreamWrites writes;
    private final Semaphore places = new Semaphore(MAX_WAITING);
    private Optional<Mirror> mirror = Optional.empty();

    /**
     * What to follow.
     *
     * @param directory where the mirror lies; made if it is not there
     * @param url a path, or a URL with the scheme file, http, https or ssh
     * @param branch without {@code refs/heads/}
     * @param path the folder that is the truth; {@code ""} for all of it
     * @param authorities a file of PEM certificates that a server over https is verified by; empty
     *     for those that the JDK trusts
     * @param writes what becomes of changes that come through the API
     */
    public record Config(
            SourceName source,
            Path directory,
            String url,
            String branch,
            String path,
            Credentials credentials,
            Optional<Path> authorities,
            WriteMode writes) {
        /** One to which changes that come through the API are pushed. */
        public Config(
                SourceName source,
                Path directory,
                String url,
                String branch,
                String path,
                Credentials credentials) {
            this(
                    source,
                    directory,
                    url,
                    branch,
                    path,
                    credentials,
                    Optional.empty(),
                    WriteMode.COMMIT);
        }
    }

    /** The mirror, and what looks into it. */
    private record Mirror(Repository repository, Intake intake) {}

    /**
     * @throws IOException if the URL cannot be read
     */
    public Follower(Config config, Ledger ledger, ManifestDecoder decoder, InstantSource clock)
            throws IOException {
        this.config = config;
        this.remote =
                new RemoteAccess(
                        config.url(),
                        config.credentials(),
                        config.authorities(),
                        config.directory());
        this.sourceLedger = new SourceLedger(config.source(), ledger);
        this.ledger = ledger;
        this.decoder = decoder;
        this.clock = clock;
        this.writes =
                new UpstreamWrites(
                        remote,
                        config.credentials(),
                        config.branch(),
                        new Drafting(config.source(), decoder),
                        ledger::state,
                        this::registered);
    }

    /**
     * Makes changes upstream and waits until they are the truth here. They take turns, with each
     * other and with looks.
     */
    @Override
    public CompletableFuture<Result> write(Edit edit) {
        CompletableFuture<Result> result = new CompletableFuture<>();
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new IOException(
                            "expected fewer than "
                                    + MAX_WAITING
                                    + " edits on their way to "
                                    + remote.url()
                                    + "; try again later"));
        }
        Thread.ofVirtual()
                .name("upstream-write")
                .start(() -> {
                    try {
                        result.complete(written(edit));
                    } catch (IOException | SourceLedger.NotRecorded | RuntimeException e) {
                        result.completeExceptionally(e);
                    } finally {
                        places.release();
                    }
                });
        return result;
    }

    private synchronized Result written(Edit edit) throws IOException, SourceLedger.NotRecorded {
        return writes.write(edit, config.writes(), () -> mirrored().repository(), clock.instant());
    }

    private Mirror mirrored() {
        try {
            return mirror();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Adoption registered(String because) throws IOException, SourceLedger.NotRecorded {
        sourceLedger.register(remote.url(), config.branch(), config.path(), false);
        return adopt(because);
    }

    @Override
    public SourceName name() {
        return config.source();
    }

    @Override
    public synchronized Look look(String because) {
        try {
            sourceLedger.register(remote.url(), config.branch(), config.path(), false);
            try {
                return new Look.Seen(adopt(because));
            } catch (IOException e) {
                return failed(RemoteFailure.of(e));
            }
        } catch (SourceLedger.NotRecorded e) {
            LOG.error("source {}: {}", config.source(), e.getMessage());
            return new Look.Failed("NotRecorded", String.valueOf(e.getMessage()));
        }
    }

    private Adoption adopt(String because) throws IOException, SourceLedger.NotRecorded {
        Mirror local = mirror();
        CommitId head = head(local);
        try {
            if (!local.intake().holds(head)) {
                fetch(local, head);
            }
            point(local, head);
            Adoption adoption = Adoption.adopt(head, because, local.intake(), sourceLedger);
            sourceLedger.recovered();
            return adoption;
        } catch (TransportException e) {
            throw e;
        } catch (IOException e) {
            discard(local);
            throw new RemoteFailure(
                    "MirrorUnreadable",
                    "the local copy of " + remote.url() + " is fetched again: " + e.getMessage(),
                    e);
        }
    }

    /** Asks where the branch stands; fetches nothing. */
    private CommitId head(Mirror local) throws IOException {
        String name = Constants.R_HEADS + config.branch();
        try (Transport transport = remote.open(local.repository());
                FetchConnection connection =
                        transport.openFetch(
                                List.of(new RefSpec(Constants.R_HEADS + "*:refs/x/*")))) {
            Ref ref = connection.getRef(name);
            if (ref != null && ref.getObjectId() != null) {
                return new CommitId(ref.getObjectId().name());
            }
            List<String> branches =
                    connection.getRefs().stream()
                            .map(Ref::getName)
                            .filter(other -> other.startsWith(Constants.R_HEADS))
                            .map(other -> other.substring(Constants.R_HEADS.length()))
                            .sorted()
                            .limit(GitLimits.MAX_LISTED_BRANCHES)
                            .toList();
            throw new RemoteFailure(
                    branches.isEmpty() ? "EmptyRepository" : "BranchMissing",
                    "expected branch "
                            + config.branch()
                            + " in "
                            + remote.url()
                            + ", found "
                            + (branches.isEmpty()
                                    ? "no branch at all"
                                    : "the branches " + String.join(", ", branches))
                            + "; nothing is deleted because of it",
                    null);
        }
    }

    private void fetch(Mirror local, CommitId head) throws IOException {
        String name = Constants.R_HEADS + config.branch();
        try (Transport transport = remote.open(local.repository())) {
            transport.setTagOpt(TagOpt.NO_TAGS);
            transport.setCheckFetchedObjects(true);
            transport.fetch(
                    NullProgressMonitor.INSTANCE, List.of(new RefSpec("+" + name + ":" + name)));
        }
        if (!local.intake().holds(head)) {
            throw new RemoteFailure(
                    "Moved", "the branch moved while it was fetched; it is looked at again", null);
        }
    }

    /** The mirror's branch stands where the branch stands, whatever way it came here. */
    private void point(Mirror local, CommitId head) throws IOException {
        RefUpdate update = local.repository().updateRef(Constants.R_HEADS + config.branch());
        update.setNewObjectId(StoredCommits.id(head));
        update.setForceUpdate(true);
        update.disableRefLog();
        RefUpdate.Result moved = update.update();
        if (moved == RefUpdate.Result.LOCK_FAILURE || moved == RefUpdate.Result.IO_FAILURE) {
            throw new IOException(
                    "the branch of the mirror cannot be moved to " + head + ": " + moved);
        }
    }

    private Look failed(RemoteFailure failure) throws SourceLedger.NotRecorded {
        String message = String.valueOf(failure.getMessage());
        LOG.warn("source {}: {}: {}", config.source(), failure.reason(), message);
        sourceLedger.failed(failure.reason(), message);
        return new Look.Failed(failure.reason(), message);
    }

    private Mirror mirror() throws IOException {
        if (mirror.isEmpty()) {
            Repository repository =
                    BareRepository.open(config.directory(), config.branch(), Optional.empty());
            Intake intake =
                    new Intake(
                            config.source(), ledger, new StoredCommits(repository), decoder, clock);
            mirror = Optional.of(new Mirror(repository, intake));
        }
        return mirror.get();
    }

    /** A mirror holds nothing that the remote repository does not: it can be thrown away. */
    private void discard(Mirror local) throws IOException {
        local.repository().close();
        mirror = Optional.empty();
        try (Stream<Path> files = Files.walk(config.directory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public synchronized void close() {
        mirror.ifPresent(local -> local.repository().close());
        mirror = Optional.empty();
        remote.close();
    }
}
