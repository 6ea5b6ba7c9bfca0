package dev.shiplog.source.jgit;

import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.SourceName;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.Author;
import dev.shiplog.source.CommitHistory;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.Drafting;
import dev.shiplog.source.GitRepository;
import dev.shiplog.source.Intake;
import dev.shiplog.source.ManifestDecoder;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.WriteMode;

import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.internal.storage.file.ObjectDirectory;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The cluster's own repository: bare, on disk, served to any Git client, and the source of truth of
 * one {@link SourceName}.
 *
 * <p>Invariants: the followed branch moves only to commits that the ledger would take; a push
 * returns after the ledger has taken its commit; one push at a time; if the process dies between
 * the two, {@link #sync()} makes up for it at the next start.
 */
public final class ServedRepository implements GitRepository, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedRepository.class);

    private final Config config;
    private final Repository repository;
    private final SourceLedger ledger;
    private final Intake intake;
    private final InstantSource clock;
    private final Turns turns = new Turns(GitLimits.PUSH_TURN_TIMEOUT);
    private final Upkeep upkeep;
    private final WriteAhead ahead;
    private final GroupCommit declarations;

    /**
     * Which repository, and what of it counts.
     *
     * @param directory where it lies
     * @param url where clients find it, without credentials; only for people to read
     * @param branch the branch that is the truth, without {@code refs/heads/}
     * @param path the folder that is the truth; {@code ""} for all of it
     * @param writes what becomes of changes that come through the API
     */
    public record Config(
            SourceName source,
            Path directory,
            String url,
            String branch,
            String path,
            WriteMode writes) {
        /** One that takes changes through the API as commits. */
        public Config(SourceName source, Path directory, String url, String branch, String path) {
            this(source, directory, url, branch, path, WriteMode.COMMIT);
        }
    }

    private ServedRepository(
            Config config,
            Repository repository,
            Upkeep upkeep,
            WriteAhead ahead,
            Ledger ledger,
            ManifestDecoder decoder,
            InstantSource clock) {
        this.config = config;
        this.repository = repository;
        this.upkeep = upkeep;
        this.ahead = ahead;
        this.clock = clock;
        this.ledger = new SourceLedger(config.source(), ledger);
        this.intake =
                new Intake(config.source(), ledger, new StoredCommits(repository), decoder, clock);
        this.declarations =
                new GroupCommit(
                        repository,
                        BareRepository.objects(repository),
                        config,
                        ledger::state,
                        this.ledger,
                        new Drafting(config.source(), decoder),
                        this::applyHead,
                        turns,
                        clock,
                        ahead,
                        config.writes());
    }

    /**
     * Opens the repository, or makes it if it is not there. Applies nothing yet: see {@link
     * #sync()}.
     *
     * @param firstFiles a folder whose files become the first commit of a new repository; empty for
     *     a new repository without commits
     * @param firstAuthor whom that commit is by; empty for Shiplog itself
     */
    public static ServedRepository open(
            Config config,
            Optional<Path> firstFiles,
            Optional<Author> firstAuthor,
            Ledger ledger,
            ManifestDecoder decoder,
            InstantSource clock)
            throws IOException {
        Author by = firstAuthor.orElse(new Author("Shiplog", "shiplog@localhost"));
        PersonIdent author =
                new PersonIdent(by.name(), by.email(), clock.instant(), ZoneOffset.UTC);
        Repository repository =
                BareRepository.open(
                        config.directory(),
                        config.branch(),
                        firstFiles.map(folder ->
                                new BareRepository.First(
                                        folder, author, "Begin with the example manifests\n")));
        Quarantine.clear(repository);
        Branch.unlock(repository, config.branch());
        ObjectDirectory objects = BareRepository.objects(repository);
        Upkeep upkeep = new Upkeep(objects);
        WriteAhead ahead = WriteAhead.open(repository, objects, config.branch(), upkeep);
        return new ServedRepository(config, repository, upkeep, ahead, ledger, decoder, clock);
    }

    /**
     * Registers the source and makes the head of its branch the truth, if it is not yet. To be
     * called at every start; cheap when there is nothing to do.
     *
     * @return what became of the head; {@link Adoption.Current} if there is no commit yet
     * @throws SourceLedger.NotRecorded if the ledger does not take it: to be tried again
     */
    public Adoption sync() throws IOException, SourceLedger.NotRecorded {
        try (Turns.Turn _ = turns.take()) {
            ledger.register(config.url(), config.branch(), config.path(), true);
            return applyHead();
        }
    }

    private Adoption applyHead() throws IOException, SourceLedger.NotRecorded {
        Optional<CommitId> head = head();
        if (head.isPresent()) {
            ledger.recovered();
            if (ledger.applied().equals(head)) {
                return new Adoption.Current();
            }
            ahead.publish();
            return Adoption.adopt(head.get(), "system", intake, ledger);
        }
        if (ledger.applied().isPresent()) {
            ledger.failed(
                    "BranchMissing",
                    "expected branch "
                            + config.branch()
                            + " in "
                            + config.directory()
                            + ", found none; nothing is deleted because of it");
        }
        return new Adoption.Current();
    }

    /** The history of the branch, for rolling back. */
    public CommitHistory history() {
        return new ServedHistory(
                repository, config, intake, ledger, this::applyHead, ahead, turns, clock);
    }

    /** Changes the branch on behalf of users of the API. */
    public Declarations declarations() {
        return declarations;
    }

    /** The newest commit of the branch that is the truth; empty before the first. */
    public Optional<CommitId> head() throws IOException {
        return Branch.head(ahead.tip());
    }

    @Override
    public void infoRefs(Service service, String protocol, OutputStream out) throws IOException {
        ahead.publish();
        PacketLineOut packets = new PacketLineOut(out);
        packets.setFlushOnEnd(false);
        PacketLineOutRefAdvertiser advertiser = new PacketLineOutRefAdvertiser(packets);
        switch (service) {
            case UPLOAD_PACK -> {
                try (UploadPack upload = upload(protocol)) {
                    // In protocol version 2 this is a list of capabilities, without the service
                    // line.
                    upload.sendAdvertisedRefs(advertiser, service.wireName());
                }
            }
            case RECEIVE_PACK -> {
                packets.writeString("# service=" + service.wireName() + "\n");
                packets.end();
                ReceivePack receive = receive(repository);
                try (var _ = receive.getRevWalk()) {
                    receive.sendAdvertisedRefs(advertiser);
                }
            }
        }
        out.flush();
    }

    @Override
    public void uploadPack(InputStream in, boolean gzip, OutputStream out, String protocol)
            throws IOException {
        ahead.publish();
        try (UploadPack upload = upload(protocol)) {
            upload.uploadWithExceptionPropagation(unpacked(in, gzip), out, null);
        }
        out.flush();
    }

    @Override
    public void receivePack(InputStream in, boolean gzip, OutputStream out, Pusher pusher)
            throws IOException {
        ahead.publish();
        try (Quarantine quarantine = Quarantine.open(repository)) {
            receivePack(quarantine, in, gzip, out, pusher);
        }
        out.flush();
    }

    private void receivePack(
            Quarantine quarantine, InputStream in, boolean gzip, OutputStream out, Pusher pusher)
            throws IOException {
        ReceivePack receive = receive(quarantine.repository());
        receive.setRefLogIdent(new PersonIdent(pusher.name(), ""));
        Intake examining = intake.reading(new StoredCommits(quarantine.repository()));
        try (Push push =
                new Push(
                        repository,
                        quarantine,
                        config,
                        examining,
                        ledger,
                        this::applyHead,
                        ahead,
                        turns,
                        pusher)) {
            receive.setPreReceiveHook(push);
            receive.setUnpackErrorHandler(Push.tellingWhy(receive));
            receive.receive(unpacked(in, gzip), out, null);
        } catch (UnpackException e) {
            // Said to the client by the handler. A client reads the answer after it has sent all.
            LOG.info(
                    "a push by {} was not unpacked: {}",
                    pusher.name(),
                    String.valueOf(e.getCause()));
            discard(in);
        }
    }

    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[64 << 10];
        long left = GitLimits.MAX_DISCARDED_BYTES;
        for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
            left -= n;
        }
    }

    private UploadPack upload(String protocol) {
        UploadPack upload = new UploadPack(repository);
        upload.setBiDirectionalPipe(false);
        upload.setExtraParameters(parameters(protocol));
        return upload;
    }

    private static ReceivePack receive(Repository into) {
        ReceivePack receive = new ReceivePack(into);
        receive.setBiDirectionalPipe(false);
        receive.setAllowCreates(true);
        receive.setAllowDeletes(true);
        receive.setAllowNonFastForwards(true);
        receive.setAllowPushOptions(true);
        receive.setCheckReceivedObjects(true);
        receive.setMaxPackSizeLimit(GitLimits.MAX_PACK_BYTES);
        receive.setMaxObjectSizeLimit(GitLimits.MAX_OBJECT_BYTES);
        receive.setMaxCommandBytes(GitLimits.MAX_COMMAND_BYTES);
        return receive;
    }

    private static List<String> parameters(String protocol) {
        return protocol.isEmpty() ? List.of() : List.of(protocol.split(":", -1));
    }

    private static InputStream unpacked(InputStream in, boolean gzip) throws IOException {
        return gzip ? new GZIPInputStream(in) : in;
    }

    @Override
    public void close() {
        declarations.close();
        upkeep.close();
        try {
            ahead.close();
        } catch (IOException e) {
            LOG.warn("what was written ahead is made good at the next start", e);
        }
        repository.close();
    }
}
