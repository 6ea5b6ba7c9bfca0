package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.Status;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.source.Credentials;
import dev.shiplog.source.Declarations;
import dev.shiplog.source.FollowSchedule;
import dev.shiplog.source.GitService;
import dev.shiplog.source.ManifestDecoder;
import dev.shiplog.source.PollDelay;
import dev.shiplog.source.Pusher;
import dev.shiplog.source.WebhookVerifier;
import dev.shiplog.source.WriteMode;
import dev.shiplog.source.jgit.Follower;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A repository elsewhere: polled, and looked at at once when a signed webhook hints. */
final class FollowedSource implements Sources {
    private final Settings.Follow settings;
    private final Follower follower;
    private final FollowSchedule schedule;
    private final Optional<WebhookVerifier> webhooks;

    private FollowedSource(
            Settings.Follow settings,
            Follower follower,
            FollowSchedule schedule,
            Optional<WebhookVerifier> webhooks) {
        this.settings = settings;
        this.follower = follower;
        this.schedule = schedule;
        this.webhooks = webhooks;
    }

    static FollowedSource open(
            Profile profile,
            Settings.Follow settings,
            WriteMode writes,
            Ledger ledger,
            ManifestDecoder manifests,
            InstantSource clock)
            throws IOException {
        Follower follower =
                new Follower(
                        new Follower.Config(
                                CLUSTER,
                                profile.mirror(),
                                settings.url(),
                                settings.branch(),
                                settings.path(),
                                credentials(settings),
                                settings.caFile().map(Path::of),
                                writes),
                        ledger,
                        manifests,
                        clock);
        Optional<WebhookVerifier> webhooks =
                settings.webhookSecretFile().isPresent()
                        ? Optional.of(
                                new WebhookVerifier(secret(settings.webhookSecretFile().get())))
                        : Optional.empty();
        return new FollowedSource(
                settings, follower, FollowSchedule.start(new SecureRandom()), webhooks);
    }

    private static Credentials credentials(Settings.Follow settings) throws IOException {
        if (settings.tokenFile().isPresent()) {
            return new Credentials.Token(secret(settings.tokenFile().get()));
        }
        if (settings.sshKey().isPresent()) {
            Path hosts =
                    Path.of(
                            settings.knownHosts()
                                    .orElse(System.getProperty("user.home") + "/.ssh/known_hosts"));
            return new Credentials.SshKey(
                    Path.of(settings.sshKey().get()), Optional.empty(), hosts);
        }
        return new Credentials.None();
    }

    private static String secret(String file) throws IOException {
        return Files.readString(Path.of(file)).strip();
    }

    @Override
    public void begin() {
        schedule.follow(follower, new PollDelay(Duration.ofSeconds(settings.pollSeconds())));
    }

    @Override
    public Optional<GitService> served() {
        return Optional.empty();
    }

    @Override
    public Declarations declarations() {
        return follower;
    }

    @Override
    public String url(String address) {
        return settings.url();
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("POST", "/webhook/" + CLUSTER, this::webhook, true));
    }

    /** A webhook is a hint: it is checked, and then the branch itself is looked at. */
    private Reply webhook(Request request) throws IOException {
        byte[] body = request.body(WebhookVerifier.MAX_BODY_BYTES);
        if (webhooks.isEmpty() || !webhooks.get().genuine(request::header, body)) {
            throw new ApiFailure(Status.unauthorized());
        }
        schedule.hint(CLUSTER);
        return Reply.text(202, "the branch will be looked at\n");
    }

    @Override
    public ObjectNode rollback(JsonNode asked, Pusher who) {
        throw new ApiFailure(
                Status.badRequest(
                        "this cluster follows "
                                + settings.url()
                                + ": roll back there, with git revert and a push; the cluster follows within "
                                + settings.pollSeconds()
                                + " s"));
    }

    @Override
    public void close() {
        schedule.close();
        follower.close();
    }
}
