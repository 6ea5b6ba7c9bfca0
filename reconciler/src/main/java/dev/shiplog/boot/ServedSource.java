package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.audit.Moment;
import dev.shiplog.audit.Narrative;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.source.Adoption;
import dev.shiplog.source.AppliedCommits;
import dev.shiplog.source.Author;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.GitService;
import dev.shiplog.source.ManifestDecoder;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.Rollback;
import dev.shiplog.source.SourceLedger;
import dev.shiplog.source.jgit.ServedRepository;

import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The repository that the cluster serves itself. */
final class ServedSource implements Sources {
    /** Lines of a plan that a rollback shows; the rest are counted. */
    private static final int PLAN_LINES = 40;

    private static final Logger LOG = Logger.getLogger(ServedSource.class.getName());

    private final ServedRepository repository;

    private final Ledger ledger;
    private final InstantSource clock;

    private ServedSource(ServedRepository repository, Ledger ledger, InstantSource clock) {
        this.repository = repository;
        this.ledger = ledger;
        this.clock = clock;
    }

    static ServedSource open(
            Profile profile,
            Settings settings,
            Ledger ledger,
            ManifestDecoder manifests,
            InstantSource clock)
            throws IOException {
        ServedRepository repository =
                ServedRepository.open(
                        new ServedRepository.Config(
                                CLUSTER,
                                profile.repository(),
                                profile.repository().toUri().toString(),
                                "main",
                                "",
                                settings.writes()),
                        settings.seed().map(Path::of),
                        settings.seedAuthor(),
                        ledger,
                        manifests,
                        clock);
        return new ServedSource(repository, ledger, clock);
    }

    @Override
    public void begin() throws IOException {
        try {
            if (repository.sync() instanceof Adoption.Held(var objected)) {
                LOG.log(Level.WARNING, "the head of main is held: {0}", objected);
            }
        } catch (SourceLedger.NotRecorded e) {
            throw new IOException("the head of main could not be applied: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<GitService> served() {
        return Optional.of(
                name -> name.equals("cluster") ? Optional.of(repository) : Optional.empty());
    }

    @Override
    public Declarations declarations() {
        return repository.declarations();
    }

    @Override
    public String url(String address) {
        return address + "/git/cluster.git";
    }

    @Override
    public ObjectNode rollback(JsonNode asked, Pusher who) throws IOException {
        Rollback rollback = new Rollback(repository.history(), new AppliedCommits(CLUSTER, ledger));
        String to = asked.path("to").asText();
        String target =
                new Moment(ledger, clock.instant(), zone(asked.path("zone").asText("UTC")))
                        .time(to)
                        .map(Instant::toString)
                        .orElse(to);
        Rollback.Wish wish =
                new Rollback.Wish(
                        target,
                        new Author(who.name(), who.name() + "@shiplog.local"),
                        who,
                        asked.path("message").asText(),
                        asked.path("allowDelete").asBoolean());
        try {
            boolean dryRun = asked.path("dryRun").asBoolean();
            return described(dryRun ? rollback.plan(wish) : rollback.apply(wish));
        } catch (SourceLedger.NotRecorded e) {
            throw new ApiFailure(Status.internal(String.valueOf(e.getMessage())), e);
        }
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new ApiFailure(
                    Status.badRequest("expected a time zone, found \"" + name + "\""), e);
        }
    }

    private static ObjectNode described(Rollback.Result result) {
        return switch (result) {
            case Rollback.Result.Rejected(var objections) ->
                    throw new ApiFailure(Status.badRequest(String.join("\n", objections)));
            case Rollback.Result.RolledBack done -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                ArrayNode plan = node.putArray("plan");
                done.plan().shown(PLAN_LINES).forEach(plan::add);
                node.put("commit", done.commit().value());
                node.put("target", done.target().value());
                node.put(
                        "result",
                        done.position()
                                .map(position ->
                                        "Rolled back to "
                                                + Narrative.shortId(done.target())
                                                + " by commit "
                                                + Narrative.shortId(done.commit())
                                                + ", applied at position "
                                                + position)
                                .orElse("Nothing was changed: this is only the plan."));
                yield node;
            }
        };
    }

    @Override
    public void close() {
        repository.close();
    }
}
