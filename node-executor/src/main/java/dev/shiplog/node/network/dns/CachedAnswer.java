package dev.shiplog.node.network.dns;

import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An answer of another name server, kept as bytes without its EDNS record, which is not for who
 * asked us.
 *
 * @param lifetimes where the seconds stand that each record is good for
 * @param stored when it came, by a clock that only goes on, in nanoseconds
 * @param expires until when it may be told
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record CachedAnswer(byte[] wire, int[] lifetimes, int rcode, long stored, long expires) {
    private static final byte[] OPT = {
        0, 0, 41, DnsLimits.DATAGRAM_BYTES >> 8, (byte) DnsLimits.DATAGRAM_BYTES, 0, 0, 0, 0, 0, 0
    };

    static Optional<CachedAnswer> of(Message answer, long now) throws IOException {
        OPTRecord opt = answer.getOPT();
        if (opt != null) {
            answer.removeRecord(opt, Section.ADDITIONAL);
        }
        answer.getHeader().unsetFlag(Flags.AA);
        answer.getHeader().unsetFlag(Flags.TC);
        answer.getHeader().setFlag(Flags.RA);
        byte[] wire = answer.toWire(DnsLimits.MESSAGE_BYTES);
        return Optional.of(
                new CachedAnswer(
                        wire,
                        lifetimes(wire),
                        answer.getHeader().getRcode(),
                        now,
                        now + lifetime(answer).toNanos()));
    }

    /** How long it may be told: that something is not there, as RFC 2308 says. */
    private static Duration lifetime(Message answer) {
        int rcode = answer.getHeader().getRcode();
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return Duration.ZERO;
        }
        List<Record> answers = answer.getSection(Section.ANSWER);
        if (rcode == Rcode.NOERROR && !answers.isEmpty()) {
            return shorter(
                    answers.stream().mapToLong(Record::getTTL).min().orElse(0), DnsLimits.CACHED);
        }
        return shorter(
                answer.getSection(Section.AUTHORITY).stream()
                        .filter(SOARecord.class::isInstance)
                        .map(SOARecord.class::cast)
                        .mapToLong(soa -> Math.min(soa.getTTL(), soa.getMinimum()))
                        .min()
                        .orElse(0),
                DnsLimits.CACHED_ABSENCE);
    }

    private static Duration shorter(long seconds, Duration most) {
        return seconds < most.toSeconds() ? Duration.ofSeconds(seconds) : most;
    }

    private static int[] lifetimes(byte[] wire) {
        int records = Query.number(wire, 6) + Query.number(wire, 8) + Query.number(wire, 10);
        int at = skipName(wire, Query.HEADER) + 4;
        int[] places = new int[records];
        for (int i = 0; i < records; i++) {
            int fixed = skipName(wire, at);
            places[i] = fixed + 4;
            at = fixed + 10 + Query.number(wire, fixed + 8);
        }
        return places;
    }

    private static int skipName(byte[] wire, int from) {
        int at = from;
        while (true) {
            int label = wire[at] & 0xff;
            if (label == 0) {
                return at + 1;
            }
            if (label >= 0xc0) {
                return at + 2;
            }
            at += 1 + label;
        }
    }

    boolean expired(long now) {
        return now - expires >= 0;
    }

    /** Whether it answers, if only that there is nothing; else another server may know better. */
    boolean wellMeant() {
        return rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN;
    }

    /** The answer to one who asks now. */
    byte[] to(Query query, long now) {
        int opt = query.edns() ? OPT.length : 0;
        if (wire.length + opt > query.limit()) {
            return truncated(query);
        }
        byte[] bytes = Arrays.copyOf(aged(now), wire.length + opt);
        if (query.edns()) {
            System.arraycopy(OPT, 0, bytes, wire.length, opt);
            int additional = Query.number(bytes, 10) + 1;
            bytes[10] = (byte) (additional >> 8);
            bytes[11] = (byte) additional;
        }
        return query.addressed(bytes);
    }

    /** Nothing but that there is more: to be asked for over TCP. */
    private byte[] truncated(Query query) {
        byte[] head = Arrays.copyOf(wire, query.end());
        head[2] |= 0x02;
        Arrays.fill(head, 6, Query.HEADER, (byte) 0);
        if (query.edns()) {
            head[11] = 1;
        }
        byte[] whole = Arrays.copyOf(head, head.length + (query.edns() ? OPT.length : 0));
        if (query.edns()) {
            System.arraycopy(OPT, 0, whole, head.length, OPT.length);
        }
        return query.addressed(whole);
    }

    /** The answer as it is now. */
    Optional<Message> message(long now) {
        try {
            return Optional.of(new Message(aged(now)));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private byte[] aged(long now) {
        byte[] bytes = wire.clone();
        long passed = Math.max(0, (now - stored) / 1_000_000_000L);
        for (int place : lifetimes) {
            long seconds =
                    (long) Query.number(bytes, place) << 16 | Query.number(bytes, place + 2);
            long left = Math.max(0, seconds - passed);
            for (int i = 0; i < 4; i++) {
                bytes[place + i] = (byte) (left >> (24 - 8 * i));
            }
        }
        return bytes;
    }
}
