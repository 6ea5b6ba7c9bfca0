package dev.shiplog.node.link;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The control plane as a node sees it.
 *
 * <p>On every connect, all orders that still matter come first: one {@link Order.Run} for each pod
 * that should run here, one {@link Order.Stop} for each that should not (those on their way out,
 * and those that the node reported running and the cluster knows nothing of). Then each new order
 * as it is recorded. Orders may repeat; they are idempotent.
 */
public interface ControlPlane {
    /**
     * Introduces the node, says what really runs on it, and begins the stream of orders.
     *
     * @param introduction asked on every connect for what the node is now
     * @param running asked on every connect for every pod that the runtime lists
     * @param orders called one at a time, in order
     */
    Connection connect(
            Supplier<Introduction> introduction,
            Supplier<List<Running>> running,
            Consumer<Order> orders);

    /** Says again what the node is, because that changed: its conditions, for instance. */
    void introduce(Introduction introduction);

    /**
     * Reports outcomes; returns once they are recorded. What the cluster knows already is recorded
     * once.
     *
     * @param acknowledged ids of orders taken up
     */
    void report(
            NodeName node, List<PodReport> reports, List<Position> acknowledged, List<Note> notes);

    /**
     * Asks for a token of the service account that a pod of this node runs as, bound to the pod: it
     * holds no longer than the pod lives.
     *
     * @param audience whom the token is meant for; empty for the API server
     * @param seconds how long it should hold; shortened or lengthened to what the cluster allows
     */
    default TokenReply token(
            NodeName node, ResourceKey pod, Uid uid, String audience, long seconds) {
        return new TokenReply.Refused("this control plane gives no tokens");
    }

    /** What becomes of asking for a token. */
    sealed interface TokenReply {
        /**
         * @param token secret
         */
        record Issued(String token, Instant expires) implements TokenReply {
            @Override
            public String toString() {
                return "a token until " + expires;
            }
        }

        /**
         * @param why fit for {@code kubectl describe}
         */
        record Refused(String why) implements TokenReply {}
    }

    /** Says that the node lives. Nothing is recorded: it is said every few seconds. */
    default void renew(NodeName node) {}

    /**
     * Who the node is.
     *
     * @param body the Node's {@code spec}, in its body
     * @param status the Node's {@code status}: capacity, allocatable, addresses, nodeInfo,
     *     conditions
     */
    record Introduction(NodeName node, SortedMap<String, String> labels, Json body, Json status) {}

    /** A pod that the runtime has. */
    record Running(ResourceKey pod, Uid uid) {}

    /** What the node is told to do. The id is the position at which it was recorded. */
    sealed interface Order {
        Position id();

        ResourceKey pod();

        Uid uid();

        /**
         * Comes again, under the same id, when what the pod refers to has changed.
         *
         * @param document the pod as the state holds it
         * @param inputs what its environment refers to
         */
        record Run(Position id, Resource document, PodInputs inputs) implements Order {
            public Run(Position id, Resource document) {
                this(id, document, PodInputs.NONE);
            }

            @Override
            public ResourceKey pod() {
                return document.key();
            }

            @Override
            public Uid uid() {
                return document.uid();
            }
        }

        /**
         * @param document the pod as the state holds it, for its last status; empty if the state
         *     knows nothing of it any more
         */
        record Stop(
                Position id,
                ResourceKey pod,
                Uid uid,
                long graceSeconds,
                Optional<Resource> document)
                implements Order {}
    }

    /** Ends the stream of orders; pods keep running. */
    interface Connection extends AutoCloseable {
        @Override
        void close();
    }
}
