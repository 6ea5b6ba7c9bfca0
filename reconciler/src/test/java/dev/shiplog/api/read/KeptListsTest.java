package dev.shiplog.api.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.shiplog.api.Query;
import dev.shiplog.api.table.Format;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

@Timeout(60)
class KeptListsTest {
    private static final Format WHOLE =
            new Format(Format.Shape.WHOLE, "v1", Format.Included.METADATA);

    private final KeptLists lists = new KeptLists();
    private final AtomicInteger made = new AtomicInteger();

    private static KeptLists.Asked asked(long at, String query) {
        return new KeptLists.Asked(
                new Position(at), "v1/pods", Optional.of("shop"), Query.parse(query), WHOLE);
    }

    private byte[] make(int size) {
        made.incrementAndGet();
        return "x".repeat(size).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] plain(KeptLists.Asked asked) {
        return lists.of(asked).plain(() -> make(1_000));
    }

    @Test
    void whoAsksForTheSameAtTheSameRevisionSharesTheBytes() {
        byte[] first = plain(asked(7, "labelSelector=app%3Dweb"));
        assertSame(first, plain(asked(7, "labelSelector=app%3Dweb")));
        assertEquals(1, made.get());
    }

    @Test
    void whateverTheBytesDependOnTellsListsApart() {
        KeptLists.Asked base = asked(7, "");
        byte[] first = plain(base);
        List<KeptLists.Asked> others =
                List.of(
                        asked(8, ""),
                        asked(7, "labelSelector=app%3Dweb"),
                        new KeptLists.Asked(
                                base.at(), "v1/services", base.namespace(), base.query(), WHOLE),
                        new KeptLists.Asked(
                                base.at(), base.served(), Optional.empty(), base.query(), WHOLE),
                        new KeptLists.Asked(
                                base.at(),
                                base.served(),
                                base.namespace(),
                                base.query(),
                                new Format(Format.Shape.METADATA, "v1", Format.Included.NONE)));
        for (KeptLists.Asked other : others) {
            assertNotSame(first, plain(other), other.toString());
        }
        assertEquals(1 + others.size(), made.get());
    }

    @Test
    void theListAskedForLongestAgoIsForgotten() {
        plain(asked(0, ""));
        for (int i = 1; i < 8; i++) {
            plain(asked(i, ""));
            plain(asked(0, ""));
        }
        assertEquals(8, made.get());
        plain(asked(8, ""));
        plain(asked(0, ""));
        assertEquals(9, made.get(), "0 was asked for again and again, 1 was not");
        plain(asked(1, ""));
        assertEquals(10, made.get());
    }

    @Test
    void aLargeBodyIsMadeForItsReaderAlone() {
        KeptLists.Kept list = lists.of(asked(7, ""));
        byte[] first = list.plain(() -> make((4 << 20) + 1));
        assertNotSame(first, list.plain(() -> make((4 << 20) + 1)));
        assertNotSame(list.zipped(first), list.zipped(first));
        assertEquals(2, made.get());
    }

    @Test
    void theBodyIsZippedOnce() throws IOException {
        KeptLists.Kept list = lists.of(asked(7, ""));
        byte[] body = list.plain(() -> make(200_000));
        byte[] zipped = list.zipped(body);
        assertSame(zipped, list.zipped(body));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            assertArrayEquals(body, in.readAllBytes());
        }
    }

    @Test
    void whoAsksForWhatIsBeingMadeWaitsForIt() throws Exception {
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<byte[]> first =
                CompletableFuture.supplyAsync(() ->
                        lists.of(asked(7, ""))
                                .plain(() -> {
                                    making.countDown();
                                    await(go);
                                    return make(10);
                                }));
        await(making);
        List<CompletableFuture<byte[]>> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(CompletableFuture.supplyAsync(() -> plain(asked(7, ""))));
        }
        go.countDown();
        byte[] body = first.get(30, TimeUnit.SECONDS);
        for (CompletableFuture<byte[]> other : others) {
            assertSame(body, other.get(30, TimeUnit.SECONDS));
        }
        assertEquals(1, made.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
