package dev.shiplog.node.network.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Answers messages. What the cluster knows is answered at once: the bytes of an answer are made
 * once per question and served until the cluster changes. What others know takes a thread.
 */
final class Responder {
    /** Orders in which the addresses of one name are given, so that its pods share the work. */
    private static final int ORDERS = 8;

    private final Upstream upstream;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile Ready ready = new Ready(ClusterZone.EMPTY, new ConcurrentHashMap<>());

    Responder(Upstream upstream) {
        this.upstream = upstream;
    }

    /** Answers made from one state of the cluster; each in a few orders. */
    private record Ready(ClusterZone zone, Map<String, List<byte[]>> answers) {}

    /** What becomes of a message. */
    sealed interface Reply {
        /** An answer. */
        @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
        record Now(byte[] message) implements Reply {}

        /** An answer that others have to be asked for: may take seconds. */
        record Later(Supplier<byte[]> message) implements Reply {}

        /** Nothing that could be answered. */
        record None() implements Reply {}
    }

    /** From now on answers what this zone says. */
    void serve(ClusterZone zone) {
        ready = new Ready(zone, new ConcurrentHashMap<>());
    }

    ClusterZone zone() {
        return ready.zone();
    }

    Reply reply(byte[] bytes, int length, boolean datagram) {
        Optional<Query> query = Query.read(bytes, length, datagram);
        if (query.isEmpty() || query.get().dclass() != DClass.IN) {
            return unusual(bytes, length, query.isPresent());
        }
        Query asked = query.get();
        Ready current = ready;
        List<byte[]> answers = current.answers().get(asked.key());
        if (answers == null) {
            Message question;
            try {
                question = new Message(asked.message());
            } catch (IOException _) {
                return new Reply.Now(refusal(asked.message(), length, Rcode.FORMERR));
            }
            Name name = question.getQuestion().getName();
            switch (current.zone().answer(name, asked.type())) {
                case Answer.NotOurs() -> {
                    return new Reply.Later(() -> upstream.answer(asked));
                }
                case Answer.Alias(var record, var target) -> {
                    return new Reply.Later(() -> follow(asked, current.zone(), record, target));
                }
                case Answer.Found(var records, var additional) ->
                        answers = found(asked, records, additional);
                case Answer.NoData() -> answers = absent(asked, current.zone(), Rcode.NOERROR);
                case Answer.NoName() -> answers = absent(asked, current.zone(), Rcode.NXDOMAIN);
            }
            if (current.answers().size() >= DnsLimits.READY_ANSWERS) {
                current.answers().clear();
            }
            current.answers().put(asked.key(), answers);
        }
        byte[] answer =
                answers.size() == 1
                        ? answers.getFirst()
                        : answers.get(Math.floorMod(turn.getAndIncrement(), answers.size()));
        return new Reply.Now(asked.addressed(answer));
    }

    private static List<byte[]> found(Query asked, List<Record> records, List<Record> additional) {
        int orders = Math.min(ORDERS, records.size());
        List<byte[]> answers = new ArrayList<>();
        for (int order = 0; order < orders; order++) {
            List<Record> turned = new ArrayList<>(records);
            Collections.rotate(turned, -order * records.size() / orders);
            answers.add(fitting(asked, turned, additional));
        }
        return answers;
    }

    /**
     * As much of an answer as who asks takes: first without what it did not ask for, then cut, and
     * saying so. Some resolvers never ask again over TCP, and a few addresses are better than none.
     */
    private static byte[] fitting(Query asked, List<Record> records, List<Record> additional) {
        byte[] whole = wire(asked, records, additional, false);
        if (whole.length <= asked.limit()) {
            return whole;
        }
        byte[] bare = wire(asked, records, List.of(), false);
        int most = records.size();
        while (bare.length > asked.limit()) {
            most = Math.min(most - 1, most * asked.limit() / bare.length);
            bare = wire(asked, records.subList(0, most), List.of(), true);
        }
        return bare;
    }

    private static byte[] wire(
            Query asked, List<Record> records, List<Record> additional, boolean cut) {
        Message answer = begin(asked, Rcode.NOERROR);
        records.forEach(record -> answer.addRecord(record, Section.ANSWER));
        additional.forEach(record -> answer.addRecord(record, Section.ADDITIONAL));
        if (cut) {
            answer.getHeader().setFlag(Flags.TC);
        }
        addEdns(answer, asked);
        return answer.toWire();
    }

    private static List<byte[]> absent(Query asked, ClusterZone zone, int rcode) {
        Message answer = begin(asked, rcode);
        answer.addRecord(zone.authority(), Section.AUTHORITY);
        return List.of(finish(answer, asked));
    }

    /** Follows a name that stands for another to its end, here or elsewhere. */
    private byte[] follow(Query asked, ClusterZone zone, Record alias, Name target) {
        Message answer = begin(asked, Rcode.NOERROR);
        answer.addRecord(alias, Section.ANSWER);
        Name next = target;
        for (int step = 0; step < DnsLimits.ALIASES; step++) {
            switch (zone.answer(next, asked.type())) {
                case Answer.Alias(var record, var further) -> {
                    answer.addRecord(record, Section.ANSWER);
                    next = further;
                }
                case Answer.Found(var records, var _) -> {
                    records.forEach(record -> answer.addRecord(record, Section.ANSWER));
                    return asked.addressed(finish(answer, asked));
                }
                case Answer.NoData() -> {
                    answer.addRecord(zone.authority(), Section.AUTHORITY);
                    return asked.addressed(finish(answer, asked));
                }
                case Answer.NoName() -> {
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                    answer.addRecord(zone.authority(), Section.AUTHORITY);
                    return asked.addressed(finish(answer, asked));
                }
                case Answer.NotOurs() -> {
                    // Where nobody answers, the alias itself is still true.
                    upstream.resolve(next, asked.type(), asked.dnssec())
                            .ifPresent(reply -> {
                                answer.getHeader().setRcode(reply.getHeader().getRcode());
                                for (int section : List.of(Section.ANSWER, Section.AUTHORITY)) {
                                    reply.getSection(section)
                                            .forEach(record -> answer.addRecord(record, section));
                                }
                            });
                    return asked.addressed(finish(answer, asked));
                }
            }
        }
        return asked.addressed(finish(answer, asked));
    }

    private static Message begin(Query asked, int rcode) {
        Message answer;
        try {
            Message question = new Message(asked.message());
            answer = new Message(0);
            answer.addRecord(question.getQuestion(), Section.QUESTION);
        } catch (IOException e) {
            throw new IllegalStateException("a message that was read before", e);
        }
        Header header = answer.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.AA);
        header.setFlag(Flags.RA);
        header.setRcode(rcode);
        return answer;
    }

    private static byte[] finish(Message answer, Query asked) {
        addEdns(answer, asked);
        return answer.toWire(asked.limit());
    }

    private static void addEdns(Message answer, Query asked) {
        if (asked.edns()) {
            answer.addRecord(new OPTRecord(DnsLimits.DATAGRAM_BYTES, 0, 0), Section.ADDITIONAL);
        }
    }

    /** Messages that are no plain question. */
    private static Reply unusual(byte[] bytes, int length, boolean otherClass) {
        boolean question = length >= Query.HEADER && (bytes[2] & 0x80) == 0;
        if (!question) {
            return new Reply.None(); // An answer to an answer would never end.
        }
        int opcode = (bytes[2] >> 3) & 0xf;
        return new Reply.Now(
                refusal(
                        bytes,
                        length,
                        opcode != Opcode.QUERY
                                ? Rcode.NOTIMP
                                : otherClass ? Rcode.REFUSED : Rcode.FORMERR));
    }

    /** Only a header. */
    private static byte[] refusal(byte[] bytes, int length, int rcode) {
        assert length >= Query.HEADER;
        byte[] header = new byte[Query.HEADER];
        header[0] = bytes[0];
        header[1] = bytes[1];
        header[2] = (byte) (0x80 | (bytes[2] & 0x79));
        header[3] = (byte) (0x80 | rcode);
        return header;
    }
}
