package dev.shiplog.api.server;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.Handler;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Messages;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Reply.Talk;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.limit.RequestLimits;
import dev.shiplog.api.auth.limit.RequestLimits.Permit;
import dev.shiplog.api.auth.limit.RequestLimits.Share;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets requests in: nobody with a credential that does not hold, everybody else up to their share.
 * Members of {@code system:masters} have no share; a cluster must stay in reach of who can mend it.
 */
final class Gate implements Handler {
    private static final int RETRY_SECONDS = 1;

    private final Handler inner;
    private final RequestLimits limits;
    private final AccessJournal journal;

    Gate(Handler inner, RequestLimits limits, AccessJournal journal) {
        this.inner = inner;
        this.limits = limits;
        this.journal = journal;
    }

    @Override
    public Reply handle(Request request) throws IOException, InterruptedException {
        Identity who = request.identity();
        if (who.refusal().isPresent()) {
            return turnedAway(request, who.refusal().get());
        }
        if (who.groups().contains(Identity.MASTERS)) {
            return inner.handle(request);
        }
        Optional<Permit> permit =
                who.anonymous()
                        ? limits.admit("address " + request.remote(), Share.UNKNOWN)
                        : limits.admit("user " + who.name(), Share.KNOWN);
        return permit.isPresent() ? admitted(request, permit.get()) : tooMany();
    }

    /** Trying out credentials has its share too, apart from that of who shows none. */
    private Reply turnedAway(Request request, String why) {
        Optional<Permit> permit = limits.admit("refused " + request.remote(), Share.UNKNOWN);
        if (permit.isEmpty()) {
            return tooMany();
        }
        try (Permit _ = permit.get()) {
            refused(request, why);
            return Router.unauthorized(request);
        }
    }

    private Reply admitted(Request request, Permit permit)
            throws IOException, InterruptedException {
        boolean handedOver = false;
        try {
            if (lasts(request) && !request.identity().anonymous() && !permit.stream()) {
                return tooMany();
            }
            Reply reply = inner.handle(request);
            if (reply.code() == 401) {
                refused(request, "nobody is known without a credential");
            }
            if (reply instanceof Reply.Streamed(int code, var headers, Reply.Body body)) {
                handedOver = true;
                return new Reply.Streamed(
                        code,
                        headers,
                        stream -> {
                            try (permit) {
                                body.write(stream);
                            }
                        });
            }
            if (reply instanceof Reply.WebSocket(String protocol, Talk talk)) {
                if (!permit.stream()) {
                    talk.close();
                    return tooMany();
                }
                handedOver = true;
                return new Reply.WebSocket(protocol, new Rationed(talk, permit));
            }
            if (reply instanceof Reply.Spdy(String protocol, Talk talk)) {
                if (!permit.stream()) {
                    talk.close();
                    return tooMany();
                }
                handedOver = true;
                return new Reply.Spdy(protocol, new Rationed(talk, permit));
            }
            return reply;
        } finally {
            if (!handedOver) {
                permit.close();
            }
        }
    }

    /** Talk that counts as its client's until it is over. */
    private record Rationed(Talk talk, Permit permit) implements Talk {
        @Override
        public void talk(Messages messages) throws IOException, InterruptedException {
            talk.talk(messages);
        }

        @Override
        public void close() {
            try (permit) {
                talk.close();
            }
        }
    }

    /** Whether a reply goes on for as long as the client likes. */
    private static boolean lasts(Request request) {
        String path = request.rawPath();
        return request.query().flag("watch")
                || request.query().flag("follow")
                || path.endsWith("/exec")
                || path.endsWith("/attach")
                || path.endsWith("/portforward");
    }

    private void refused(Request request, String why) {
        journal.refused(
                Identity.ANONYMOUS.name(),
                request.remote(),
                request.method().toLowerCase(Locale.ROOT),
                request.rawPath(),
                why);
    }

    private static Reply tooMany() {
        return Status.tooManyRequests("Too many requests, please try again later.", RETRY_SECONDS)
                .reply();
    }
}
