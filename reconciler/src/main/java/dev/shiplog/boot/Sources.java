package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Route;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.resource.yaml.PlainSecrets;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.GitService;
import dev.shiplog.source.ManifestDecoder;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.SealedManifests;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Where the cluster's truth comes from: the repository that it serves, or one that it follows. */
sealed interface Sources extends AutoCloseable permits ServedSource, FollowedSource {
    /** The cluster's one source. */
    SourceName CLUSTER = new SourceName("cluster");

    /** Opens what the settings name; nothing is applied yet. */
    static Sources open(
            Profile profile,
            Settings settings,
            Ledger ledger,
            SecretDocuments secrets,
            InstantSource clock)
            throws IOException {
        ManifestDecoder manifests =
                new SealedManifests(
                        secrets,
                        settings.allowPlainSecrets() ? PlainSecrets.ALLOWED : PlainSecrets.REFUSED);
        return settings.follow().isPresent()
                ? FollowedSource.open(
                        profile,
                        settings.follow().get(),
                        settings.writes(),
                        ledger,
                        manifests,
                        clock)
                : ServedSource.open(profile, settings, ledger, manifests, clock);
    }

    /** Applies what the branch holds and the log does not, then goes on by itself. */
    void begin() throws IOException;

    /** What is served under {@code /git/}. */
    Optional<GitService> served();

    /** Changes what Git declares, on behalf of users of the API. */
    Declarations declarations();

    /** Where people clone from. */
    String url(String address);

    /** What else the source needs answered, such as webhooks. */
    default List<Route> routes() {
        return List.of();
    }

    /**
     * Brings an earlier commit back as a new one.
     *
     * @param asked {@code to}: a revision of Git, a time or an age; {@code dryRun}; {@code zone} of
     *     times without one
     * @throws dev.shiplog.api.ApiFailure if it cannot be done; nothing changed
     */
    ObjectNode rollback(JsonNode asked, Pusher who) throws IOException;

    @Override
    void close();
}
