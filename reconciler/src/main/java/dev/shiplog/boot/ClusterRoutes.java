package dev.shiplog.boot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Handler;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What the server answers beside the Kubernetes API: status, proof, rollback; for the {@code
 * shiplog} command.
 */
final class ClusterRoutes {
    private static final int BODY_BYTES = 64 * 1024;

    private final StatusReport report;
    private final Ledger ledger;
    private final Journal journal;
    private final Sources sources;
    private final ClusterAccess access;

    ClusterRoutes(
            StatusReport report,
            Ledger ledger,
            Journal journal,
            Sources sources,
            ClusterAccess access) {
        this.report = report;
        this.ledger = ledger;
        this.journal = journal;
        this.sources = sources;
        this.access = access;
    }

    List<Route> all() {
        Handler status = _ -> json(report.now());
        List<Route> routes = new ArrayList<>(sources.routes());
        routes.addAll(
                List.of(
                        new Route("GET", "/shiplog/v1/status", status),
                        new Route("GET", "/shiplog/v1/proof", _ -> json(proof())),
                        new Route("POST", "/shiplog/v1/rollback", this::rollback)));
        return routes;
    }

    /** The live state's position and hashes, for a replay to be compared with. */
    private ObjectNode proof() {
        ClusterState state = ledger.state();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("position", state.position().value());
        node.put("stateHash", HexFormat.of().formatHex(StateCodec.stateHash(state)));
        node.put("headHash", HexFormat.of().formatHex(hashAt(state.position())));
        return node;
    }

    private byte[] hashAt(Position position) {
        if (position.equals(Position.ORIGIN)) {
            return dev.shiplog.journal.HashChain.origin();
        }
        List<StoredEvent> found = journal.read(new Position(position.value() - 1), 1);
        return found.getFirst().hash();
    }

    private Reply rollback(Request request) throws IOException, InterruptedException {
        JsonNode asked = Bodies.decode("application/json", request.body(BODY_BYTES)).document();
        return json(sources.rollback(asked, access.pusher(request)));
    }

    private static Reply json(ObjectNode node) {
        return Reply.json(200, node.toString().getBytes(StandardCharsets.UTF_8));
    }
}
