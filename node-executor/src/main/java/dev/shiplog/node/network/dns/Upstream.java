package dev.shiplog.node.network.dns;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks the machine's name servers, and remembers what they said. Each question goes out once, from
 * a port and under a number that nobody can guess; those who ask the same meanwhile wait for the
 * same answer. Calls block.
 */
final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    private final Supplier<List<InetSocketAddress>> servers;
    private final LongSupplier nanos;
    private final AnswerCache cache = new AnswerCache(DnsLimits.CACHED_ANSWERS);
    private final Semaphore permits = new Semaphore(DnsLimits.FORWARDED);
    private final ConcurrentHashMap<String, CompletableFuture<Optional<CachedAnswer>>> asking =
            new ConcurrentHashMap<>();
    private final SecureRandom random = new SecureRandom();

    /**
     * @param servers whom to ask, in order; not this program
     * @param nanos a clock that only goes on
     */
    Upstream(Supplier<List<InetSocketAddress>> servers, LongSupplier nanos) {
        this.servers = servers;
        this.nanos = nanos;
    }

    /** Their answer, addressed to who asked; that it failed if nobody answers. */
    byte[] answer(Query query) {
        return find(query.question(), query.dnssec())
                .map(found -> found.to(query, nanos.getAsLong()))
                .orElseGet(() -> failure(query));
    }

    /** Their answer; empty if nobody answers. */
    Optional<Message> resolve(Name name, int type, boolean dnssec) {
        byte[] wire =
                Message.newQuery(Record.newRecord(name, type, DClass.IN))
                        .toWire(DnsLimits.MESSAGE_BYTES);
        return Query.read(wire, wire.length, false)
                .flatMap(query -> find(query.question(), dnssec))
                .flatMap(found -> found.message(nanos.getAsLong()));
    }

    private Optional<CachedAnswer> find(String question, boolean dnssec) {
        String key = dnssec ? question + "s" : question;
        Optional<CachedAnswer> cached = cache.get(key, nanos.getAsLong());
        if (cached.isPresent()) {
            return cached;
        }
        CompletableFuture<Optional<CachedAnswer>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<CachedAnswer>> theirs = asking.putIfAbsent(key, mine);
        if (theirs != null) {
            return await(theirs);
        }
        Optional<CachedAnswer> found = Optional.empty();
        try {
            if (permits.tryAcquire()) {
                try {
                    found = ask(question, dnssec);
                } finally {
                    permits.release();
                }
            }
            found.ifPresent(answer -> cache.put(key, answer));
            return found;
        } finally {
            asking.remove(key);
            mine.complete(found);
        }
    }

    private static Optional<CachedAnswer> await(
            CompletableFuture<Optional<CachedAnswer>> theirs) {
        try {
            return theirs.get(DnsLimits.PATIENCE_IN_ALL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException _) {
            return Optional.empty();
        }
    }

    private Optional<CachedAnswer> ask(String question, boolean dnssec) {
        long deadline = nanos.getAsLong() + DnsLimits.PATIENCE_IN_ALL.toNanos();
        Optional<CachedAnswer> unwell = Optional.empty();
        for (int round = 0; round < DnsLimits.ROUNDS; round++) {
            for (InetSocketAddress server : servers.get()) {
                long left = deadline - nanos.getAsLong();
                if (left <= 0) {
                    return unwell;
                }
                Duration patience =
                        Duration.ofNanos(Math.min(left, DnsLimits.PATIENCE.toNanos()));
                try {
                    Optional<CachedAnswer> answer = ask(server, question, dnssec, patience);
                    if (answer.isPresent() && answer.get().wellMeant()) {
                        return answer;
                    }
                    unwell = answer.or(() -> Optional.empty());
                } catch (IOException e) {
                    LOG.debug("{} does not answer: {}", server, e.toString());
                }
            }
        }
        return unwell;
    }

    private Optional<CachedAnswer> ask(
            InetSocketAddress server, String question, boolean dnssec, Duration patience)
            throws IOException {
        byte[] query = query(question, dnssec);
        byte[] answer = overUdp(server, query, patience);
        if ((answer[2] & 0x02) != 0) {
            answer = overTcp(server, query, patience);
        }
        return CachedAnswer.of(new Message(answer), nanos.getAsLong());
    }

    private byte[] query(String question, boolean dnssec) throws IOException {
        byte[] bytes = new byte[Query.HEADER + question.length()];
        bytes[5] = 1;
        for (int i = 0; i < question.length(); i++) {
            bytes[Query.HEADER + i] = (byte) question.charAt(i);
        }
        Message message = new Message(bytes);
        message.getHeader().setID(random.nextInt(1 << 16));
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(
                new OPTRecord(
                        DnsLimits.DATAGRAM_BYTES, 0, 0, dnssec ? ExtendedFlags.DO : 0),
                Section.ADDITIONAL);
        return message.toWire(DnsLimits.MESSAGE_BYTES);
    }

    private byte[] overUdp(InetSocketAddress server, byte[] query, Duration patience)
            throws IOException {
        long deadline = nanos.getAsLong() + patience.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            byte[] buffer = new byte[DnsLimits.MESSAGE_BYTES];
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.setSoTimeout(millis(deadline - nanos.getAsLong()));
                socket.receive(packet);
                byte[] answer = java.util.Arrays.copyOf(buffer, packet.getLength());
                if (answers(query, answer)) {
                    return answer;
                }
            }
        }
    }

    private static byte[] overTcp(InetSocketAddress server, byte[] query, Duration patience)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, millis(patience.toNanos()));
            socket.setSoTimeout(millis(patience.toNanos()));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] framed = new byte[query.length + 2];
            framed[0] = (byte) (query.length >> 8);
            framed[1] = (byte) query.length;
            System.arraycopy(query, 0, framed, 2, query.length);
            out.write(framed);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            if (!answers(query, answer)) {
                throw new IOException(
                        "expected an answer to the question, found another message");
            }
            return answer;
        }
    }

    private static int millis(long nanos) throws IOException {
        if (nanos <= 0) {
            throw new java.net.SocketTimeoutException("no answer in time");
        }
        return (int) Math.max(1, nanos / 1_000_000);
    }

    /** Whether a message is an answer to a question: its number and its name say so. */
    private static boolean answers(byte[] query, byte[] answer) {
        Optional<Query> asked = Query.read(query, query.length, false);
        if (asked.isEmpty()
                || answer.length < asked.get().end()
                || (answer[2] & 0x80) == 0
                || Query.number(answer, 0) != Query.number(query, 0)
                || Query.number(answer, 4) != 1) {
            return false;
        }
        byte[] head = java.util.Arrays.copyOf(answer, asked.get().end());
        head[2] = 0;
        java.util.Arrays.fill(head, 6, Query.HEADER, (byte) 0);
        return Query.read(head, head.length, false)
                .filter(read -> read.question().equals(asked.get().question()))
                .isPresent();
    }

    private static byte[] failure(Query query) {
        byte[] bytes = java.util.Arrays.copyOf(query.message(), query.end());
        bytes[2] = (byte) (0x80 | (bytes[2] & 0x01));
        bytes[3] = (byte) (0x80 | Rcode.SERVFAIL);
        java.util.Arrays.fill(bytes, 6, Query.HEADER, (byte) 0);
        return bytes;
    }

}
