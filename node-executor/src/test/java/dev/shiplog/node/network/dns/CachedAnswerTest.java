package dev.shiplog.node.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;

class CachedAnswerTest {
    private static final long SECOND = 1_000_000_000L;

    private final Name alias;
    private final Name name;

    CachedAnswerTest() throws IOException {
        alias = Name.fromString("www.example.");
        name = Name.fromString("host.example.");
    }

    private CachedAnswer stored(int aliasTtl, int ttl) throws IOException {
        Message answer = Message.newQuery(Record.newRecord(alias, Type.A, DClass.IN));
        answer.addRecord(new CNAMERecord(alias, DClass.IN, aliasTtl, name), Section.ANSWER);
        answer.addRecord(
                new ARecord(name, DClass.IN, ttl, InetAddress.ofLiteral("192.0.2.1")),
                Section.ANSWER);
        answer.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        return CachedAnswer.of(answer, 0).orElseThrow();
    }

    private Message ask(CachedAnswer cached, boolean edns, long now) throws IOException {
        Message question = Message.newQuery(Record.newRecord(alias, Type.A, DClass.IN));
        if (edns) {
            question.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        }
        byte[] wire = question.toWire();
        return new Message(cached.to(Query.read(wire, wire.length, true).orElseThrow(), now));
    }

    @Test
    void recordsGrowOldTogether() throws Exception {
        CachedAnswer cached = stored(30, 100_000);
        Message answer = ask(cached, false, 12 * SECOND);
        assertEquals(18, answer.getSection(Section.ANSWER).getFirst().getTTL());
        assertEquals(99_988, answer.getSection(Section.ANSWER).getLast().getTTL());
        assertEquals("host.example.", answer.getSection(Section.ANSWER).getLast().getName() + "");
    }

    @Test
    void theShortestLifeCounts() throws Exception {
        AnswerCache cache = new AnswerCache(10);
        cache.put("q", stored(30, 100));
        assertTrue(cache.get("q", 29 * SECOND).isPresent());
        assertEquals(Optional.empty(), cache.get("q", 30 * SECOND));
        cache.put("never", stored(0, 100));
        assertEquals(Optional.empty(), cache.get("never", 0));
        cache.put("long", stored(100_000, 100_000));
        assertTrue(cache.get("long", 299 * SECOND).isPresent());
        assertEquals(Optional.empty(), cache.get("long", 300 * SECOND));
    }

    @Test
    void theCacheIsBounded() throws Exception {
        AnswerCache cache = new AnswerCache(2);
        cache.put("a", stored(30, 30));
        cache.put("b", stored(30, 30));
        assertTrue(cache.get("a", 0).isPresent());
        cache.put("c", stored(30, 30));
        assertTrue(cache.get("a", 0).isPresent());
        assertEquals(Optional.empty(), cache.get("b", 0));
    }

    @Test
    void whoSaysHowMuchItTakesIsToldTheSame() throws Exception {
        CachedAnswer cached = stored(30, 30);
        assertNull(ask(cached, false, 0).getOPT());
        assertNotNull(ask(cached, true, 0).getOPT());
        assertEquals(2, ask(cached, true, 0).getSection(Section.ANSWER).size());
    }
}
