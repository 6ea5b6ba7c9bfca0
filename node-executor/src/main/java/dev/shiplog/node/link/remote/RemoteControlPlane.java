package dev.shiplog.node.link.remote;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.node.link.wire.LinkCodec;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.node.link.wire.SessionRequest;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A control plane on another machine.
 *
 * <p>Invariants: a stream that breaks is begun again, with what really runs, and all orders that
 * matter come again; a report is tried again, as it was, until it is answered, so that it is
 * recorded once; what the control plane refuses for good is told in the log and dropped.
 */
public final class RemoteControlPlane implements ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteControlPlane.class);

    private final Link link;
    private final Consumer<SessionRequest> sessions;

    /** Short: it stands in the log beside every note. */
    private final String life = Long.toString(new SecureRandom().nextLong(Long.MAX_VALUE), 36);

    private final AtomicLong reports = new AtomicLong();

    /**
     * @param sessions told of each session that somebody wants; must not block
     */
    public RemoteControlPlane(Link link, Consumer<SessionRequest> sessions) {
        this.link = link;
        this.sessions = sessions;
    }

    @Override
    public Connection connect(
            Supplier<Introduction> introduction,
            Supplier<List<Running>> running,
            Consumer<Order> orders) {
        Follow follow =
                new Follow(
                        link,
                        LinkPaths.CONNECT,
                        () ->
                                LinkCodec.hello(
                                        new LinkCodec.Hello(introduction.get(), running.get())),
                        line -> take(line, orders));
        return follow::close;
    }

    private void take(byte[] line, Consumer<Order> orders) {
        switch (LinkCodec.down(line)) {
            case LinkCodec.Down.Ordered(Order order) -> orders.accept(order);
            case LinkCodec.Down.SessionWanted(SessionRequest request) -> sessions.accept(request);
        }
    }

    @Override
    public void introduce(Introduction introduction) {
        try {
            byte[] _ = link.post(LinkPaths.INTRODUCE, LinkCodec.introduction(introduction));
        } catch (IOException e) {
            throw new IllegalStateException("the control plane does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void report(
            NodeName node, List<PodReport> pods, List<Position> acknowledged, List<Note> notes) {
        LinkCodec.Report report =
                new LinkCodec.Report(life, reports.incrementAndGet(), pods, acknowledged, notes);
        byte[] body = LinkCodec.report(report);
        Retry retry = new Retry(link.times());
        try {
            while (!delivered(body, retry)) {
                // As it was: the control plane knows by its number what it has recorded.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before a report was delivered", e);
        }
    }

    private boolean delivered(byte[] report, Retry retry) throws InterruptedException {
        try {
            byte[] _ = link.post(LinkPaths.REPORT, report);
            return true;
        } catch (LinkRefused refused) {
            if (refused.forGood()) {
                LOG.error("node {}: a report was dropped: {}", link.node(), refused.getMessage());
                return true;
            }
            LOG.warn("node {}: a report waits: {}", link.node(), refused.getMessage());
        } catch (IOException e) {
            link.reachability().failed(LinkPaths.REPORT, e);
        }
        TimeUnit.MILLISECONDS.sleep(retry.failed().toMillis());
        return false;
    }

    @Override
    public void renew(NodeName node) {
        try {
            byte[] _ = link.post(LinkPaths.RENEW, new byte[0]);
        } catch (IOException e) {
            // Said there; it is renewed again in a moment.
            link.reachability().failed(LinkPaths.RENEW, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public TokenReply token(
            NodeName node, ResourceKey pod, Uid uid, String audience, long seconds) {
        try {
            return LinkCodec.tokenReply(
                    link.post(
                            LinkPaths.TOKEN,
                            LinkCodec.tokenAsked(
                                    new LinkCodec.TokenAsked(pod, uid, audience, seconds))));
        } catch (IOException | LinkRefused e) {
            return new TokenReply.Refused("the control plane gives no token: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new TokenReply.Refused("interrupted while asking for a token");
        }
    }
}
