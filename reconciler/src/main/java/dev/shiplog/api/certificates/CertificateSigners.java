package dev.shiplog.api.certificates;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.tls.CertificateAuthority;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Subjects;
import dev.shiplog.event.Recorded;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Origins;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Follows the requests and takes each one step on: approves what is approved by itself, and issues
 * what was approved. It stands beside the ring's pure part because the authority's key must not be
 * there; what it does goes the ring's one way, as a command.
 *
 * <p>Level-triggered: what was missed is found at the next start, and nothing is issued twice,
 * because a certificate is recorded only on the version of the request that it was made for.
 */
public final class CertificateSigners implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateSigners.class);

    /** How long a command may take to become durable. */
    private static final long SUBMIT_SECONDS = 30;

    /** How long an idle thread sleeps before it looks by itself. */
    private static final long IDLE_SECONDS = 30;

    private final Ledger ledger;
    private final Authorizer authorizer;
    private final CertificateAuthority authority;
    private final Duration nodeLife;
    private final Supplier<Instant> clock;
    private final Origins origins;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What waits to be looked at; bounded by the requests that there are. */
    private final Set<ResourceKey> waiting = new LinkedHashSet<>();

    private Optional<Ledger.Subscription> subscription = Optional.empty();
    private boolean closed;

    /** How long certificates hold at most: Kubernetes' {@code --cluster-signing-duration}. */
    public static final Duration LONGEST_LIFE = Signing.LONGEST;

    /**
     * @param nodeLife how long the certificate of a node holds at most
     */
    public CertificateSigners(
            Ledger ledger,
            Authorizer authorizer,
            CertificateAuthority authority,
            Duration nodeLife,
            Supplier<Instant> clock) {
        this.nodeLife = nodeLife;
        this.ledger = ledger;
        this.authorizer = authorizer;
        this.authority = authority;
        this.clock = clock;
        this.origins = new Origins(ledger);
    }

    /** Looks at every request once, then follows. Call once. */
    public void start() {
        ClusterState state = ledger.state();
        wake(state.resources(GroupKind.SIGNING_REQUEST).stream().map(Resource::key).toList());
        subscription =
                Optional.of(
                        ledger.subscribe(state.position(), (_, events) -> wake(concerned(events))));
        Thread.ofVirtual().name("certificate-signers").start(this::work);
    }

    private static List<ResourceKey> concerned(List<Recorded> events) {
        return events.stream()
                .flatMap(recorded -> Subjects.of(recorded.event()).stream())
                .filter(key -> SigningRequest.is(key.kind()))
                .toList();
    }

    private void wake(List<ResourceKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.addAll(keys);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            for (Optional<ResourceKey> key = next(); key.isPresent(); key = next()) {
                look(key.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next request to look at; empty when this is closed. */
    private Optional<ResourceKey> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                var all = waiting.iterator();
                if (all.hasNext()) {
                    ResourceKey key = all.next();
                    all.remove();
                    return Optional.of(key);
                }
                boolean _ = changed.await(IDLE_SECONDS, TimeUnit.SECONDS);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void look(ResourceKey key) throws InterruptedException {
        ClusterState state = ledger.state();
        Optional<Resource> found =
                state.resource(key).filter(resource -> !resource.metadata().deleting());
        if (found.isEmpty()) {
            return;
        }
        Resource resource = found.get();
        SigningRequest request = SigningRequest.of(resource);
        try {
            switch (Signing.next(request, state, authorizer, nodeLife)) {
                case Signing.Step.Wait _ -> {}
                case Signing.Step.Approve(String message) ->
                        record(
                                resource,
                                request.with(
                                        SigningRequest.APPROVED,
                                        "AutoApproved",
                                        message,
                                        clock.get()),
                                "csrapproving-controller");
                case Signing.Step.Fail(String message) ->
                        record(
                                resource,
                                request.with(
                                        SigningRequest.FAILED,
                                        "SignerValidationFailure",
                                        message,
                                        clock.get()),
                                "csrsigning-controller");
                case Signing.Step.Issue(var asked, var encipherment, var life) -> {
                    Instant now = clock.get().truncatedTo(ChronoUnit.SECONDS);
                    record(
                            resource,
                            request.with(authority.client(asked, encipherment, now, life)),
                            "csrsigning-controller");
                }
            }
        } catch (GeneralSecurityException | ExecutionException | TimeoutException e) {
            LOG.error("{} could not be signed; the next start tries again", key, e);
        }
    }

    /** Somebody who was faster made a new version, which is looked at in its turn. */
    private void record(Resource request, Json status, String controller)
            throws InterruptedException, ExecutionException, TimeoutException {
        Outcome outcome =
                ledger.submit(
                                new ResourceCommand.UpdateStatus(
                                        request.key(),
                                        request.uid(),
                                        status,
                                        Optional.of(request.version())),
                                origins.of(request.version())
                                        .followedBy("controller:" + controller, request.version()))
                        .get(SUBMIT_SECONDS, TimeUnit.SECONDS);
        if (outcome instanceof Outcome.Refused refused) {
            LOG.debug("{}: {}", request.key(), refused.message());
        }
    }

    @Override
    public void close() {
        subscription.ifPresent(Ledger.Subscription::close);
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
