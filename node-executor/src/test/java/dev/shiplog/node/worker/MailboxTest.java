package dev.shiplog.node.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What has come for a pod's worker while it was busy. */
final class MailboxTest {
    private final Mailbox mailbox = new Mailbox();

    /** The grace tells one form of an order from another. */
    private static Order order(long id, long grace) {
        return new Order.Stop(
                new Position(id),
                ResourceKey.pod("default", "web"),
                new Uid("u1"),
                grace,
                Optional.empty());
    }

    @Test
    void anOrderThatComesAgainReplacesItsOlderForm() {
        assertTrue(mailbox.put(order(1, 30)));
        assertTrue(mailbox.put(order(2, 30)));
        assertTrue(mailbox.put(order(1, 5)));
        assertEquals(List.of(order(2, 30), order(1, 5)), mailbox.take());
        assertEquals(List.of(), mailbox.take());
    }

    @Test
    void anOrderThatWasTakenMayComeAgain() {
        assertTrue(mailbox.put(order(1, 30)));
        assertEquals(List.of(order(1, 30)), mailbox.take());
        assertTrue(mailbox.put(order(1, 30)));
        assertEquals(List.of(order(1, 30)), mailbox.take());
    }

    @Test
    void nothingIsTakenInAfterTheEnd() {
        assertTrue(mailbox.put(order(1, 30)));
        assertFalse(mailbox.closeIfEmpty());
        assertEquals(1, mailbox.take().size());
        assertTrue(mailbox.closeIfEmpty());
        assertFalse(mailbox.put(order(2, 30)));
    }
}
