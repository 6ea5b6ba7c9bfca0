package dev.shiplog.api.dashboard;

import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.auth.Access;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Json;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The page {@value #PATH}. Whoever shows a credential sees it; so does a browser with a ticket that
 * somebody with a credential got for it. Either must be allowed to list all nodes and pods.
 */
public final class Dashboard {
    private static final String PATH = "/dashboard";

    /** Where tickets are given out, to those who are known. */
    private static final String TICKETS = "/shiplog/v1/dashboard";

    private static final String TICKET = "ticket";

    /** What is asked of the cluster: how it is, in the words of {@code shiplog status}. */
    public record Standing(String phase, Collection<String> waiting) {}

    private final String cluster;
    private final Ledger ledger;
    private final Access access;
    private final Supplier<Standing> standing;
    private final InstantSource clock;
    private final Guests guests;
    private final RecentCommits commits;

    /**
     * @param cluster its name, which tells its cookie from those of other clusters on this machine:
     *     browsers do not tell ports apart
     */
    public Dashboard(
            String cluster,
            Ledger ledger,
            Access access,
            Supplier<Standing> standing,
            InstantSource clock) {
        this.cluster = cluster;
        this.ledger = ledger;
        this.access = access;
        this.standing = standing;
        this.clock = clock;
        this.guests = new Guests(clock);
        this.commits = new RecentCommits(ledger);
    }

    /** Its page and its tickets. */
    public List<Route> routes() {
        return List.of(
                new Route("POST", TICKETS, this::ticket), new Route("GET", PATH, this::page, true));
    }

    private Reply ticket(Request request) {
        require(request.identity(), request);
        String path = PATH + "?" + TICKET + "=" + guests.ticket(request.identity());
        return Reply.json(201, Json.of(Json.EMPTY.toObject().put("path", path)).bytes());
    }

    private Reply page(Request request) {
        Optional<String> ticket = request.query().first(TICKET);
        if (ticket.isPresent()) {
            return guests.enter(ticket.get()).map(this::welcome).orElseGet(Dashboard::stranger);
        }
        Optional<Identity> who =
                request.identity().anonymous()
                        ? cookie(request).flatMap(guests::who)
                        : Optional.of(request.identity());
        if (who.isEmpty()) {
            return stranger();
        }
        require(who.get(), request);
        Standing now = standing.get();
        return html(
                200,
                Page.overview(
                        new Page.Head(
                                cluster,
                                now.phase(),
                                now.waiting(),
                                who.get().name(),
                                clock.instant()),
                        ledger.state(),
                        commits.now()),
                new TreeMap<>());
    }

    private void require(Identity who, Request request) {
        access.require(who, request.remote(), Action.on("list", "", "nodes", "", ""));
        access.require(who, request.remote(), Action.on("list", "", "pods", "", ""));
    }

    /** The ticket leaves the address bar, and the session comes in a cookie. */
    private Reply welcome(String session) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Location", PATH);
        headers.put(
                "Set-Cookie",
                cookieName()
                        + "="
                        + session
                        + "; Path="
                        + PATH
                        + "; Max-Age="
                        + Guests.SESSION.toSeconds()
                        + "; Secure; HttpOnly; SameSite=Strict");
        return html(303, Page.notice("Welcome", "The cluster is at " + PATH + "."), headers);
    }

    private static Reply stranger() {
        return html(
                401,
                Page.notice(
                        "Who are you?",
                        "This page is for those whom the cluster knows. Its address with a ticket,"
                                + " good once and for a minute, comes from: shiplog dashboard"),
                new TreeMap<>());
    }

    private String cookieName() {
        return "shiplog-" + cluster;
    }

    private Optional<String> cookie(Request request) {
        String prefix = cookieName() + "=";
        for (String header : request.headers("Cookie")) {
            for (String pair : header.split(";", -1)) {
                if (pair.strip().startsWith(prefix)) {
                    return Optional.of(pair.strip().substring(prefix.length()));
                }
            }
        }
        return Optional.empty();
    }

    /** Nothing is loaded from anywhere, kept by anybody, or shown inside another page. */
    private static Reply html(int code, String body, SortedMap<String, String> more) {
        SortedMap<String, String> headers = new TreeMap<>(more);
        headers.put("Content-Type", "text/html; charset=utf-8");
        headers.put(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none';"
                        + " base-uri 'none'; form-action 'none'");
        headers.put("Cache-Control", "no-store");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("X-Content-Type-Options", "nosniff");
        return new Reply.Whole(code, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
