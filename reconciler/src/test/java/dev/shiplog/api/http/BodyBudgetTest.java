package dev.shiplog.api.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class BodyBudgetTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void aHundredLargestBodiesAtOnceStayBelowTheBudget() {
        BodyBudget budget = new BodyBudget(8L * MEBIBYTE);
        List<BodyBudget.Share> held = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            BodyBudget.Share share = budget.share();
            try {
                share.take(3L * MEBIBYTE);
                held.add(share);
            } catch (ApiFailure e) {
                assertEquals(429, e.status().code());
                assertEquals("1", retryAfter(e));
                refused++;
            }
        }
        assertEquals(2, held.size());
        assertEquals(98, refused);
        held.getFirst().close();
        budget.share().take(3L * MEBIBYTE);
    }

    private static String retryAfter(ApiFailure failure) {
        return failure.status().reply() instanceof Reply.Whole whole
                ? whole.headers().getOrDefault("Retry-After", "")
                : "";
    }

    @Test
    void whatIsSmallIsNeverRefused() {
        BodyBudget budget = new BodyBudget(0);
        for (int i = 0; i < 1_000; i++) {
            budget.share().take(BodyBudget.FREE_BYTES);
        }
        BodyBudget.Share share = budget.share();
        share.take(BodyBudget.FREE_BYTES);
        assertThrows(ApiFailure.class, () -> share.take(1));
    }

    @Test
    void whatIsGivenBackIsThereAgainOnce() {
        BodyBudget budget = new BodyBudget(10);
        BodyBudget.Share share = budget.share();
        share.take(BodyBudget.FREE_BYTES + 10);
        share.close();
        share.close();
        BodyBudget.Share next = budget.share();
        next.take(BodyBudget.FREE_BYTES + 10);
        assertThrows(ApiFailure.class, () -> next.take(1));
    }

    @Test
    void aBodyCountsAsItIsRead() throws IOException {
        byte[] body = new byte[BodyBudget.FREE_BYTES + 5];
        BodyBudget budget = new BodyBudget(5);
        try (BodyBudget.Share share = budget.share()) {
            CountedBody counted = new CountedBody(new ByteArrayInputStream(body), share);
            assertArrayEquals(body, counted.readAllBytes());
        }
        try (BodyBudget.Share share = new BodyBudget(4).share()) {
            CountedBody counted = new CountedBody(new ByteArrayInputStream(body), share);
            assertThrows(ApiFailure.class, counted::readAllBytes);
        }
    }
}
