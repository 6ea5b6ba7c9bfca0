package dev.shiplog.node.network.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The server, asked over real sockets; and the outside world, played by another one. */
class ClusterDnsTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final FakeCluster cluster =
            new FakeCluster()
                    .namespace("default")
                    .service("default", "web", "{\"clusterIP\":\"10.96.1.2\",\"ports\":[]}")
                    .service(
                            "default",
                            "elsewhere",
                            "{\"type\":\"ExternalName\",\"externalName\":\"www.example.com\"}")
                    .service(
                            "default",
                            "here",
                            "{\"type\":\"ExternalName\","
                                    + "\"externalName\":\"web.default.svc.cluster.local\"}");

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private InetSocketAddress serve(List<InetSocketAddress> others) throws IOException {
        ClusterDns dns =
                ClusterDns.start(
                        cluster,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        () -> others);
        opened.push(dns);
        return dns.address();
    }

    private NameServer outside(
            java.util.function.BiFunction<Message, Boolean, Optional<Message>> answers)
            throws IOException {
        NameServer server = new NameServer(answers);
        opened.push(server);
        return server;
    }

    private static Message question(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
    }

    private static Message udp(InetSocketAddress server, Message question) throws IOException {
        return new Message(udp(server, question.toWire()));
    }

    private static byte[] udp(InetSocketAddress server, byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server);
            socket.send(new DatagramPacket(question, question.length));
            byte[] buffer = new byte[65_535];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            socket.receive(packet);
            return Arrays.copyOf(buffer, packet.getLength());
        }
    }

    private static Message tcp(InetSocketAddress server, Message question) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] wire = question.toWire();
            out.writeShort(wire.length);
            out.write(wire);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return new Message(answer);
        }
    }

    private static Message answer(Message question, Record... records) {
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question.getQuestion(), Section.QUESTION);
        for (Record record : records) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    private static Record a(Message question, String ip, int ttl) {
        return new ARecord(
                question.getQuestion().getName(), DClass.IN, ttl, InetAddress.ofLiteral(ip));
    }

    @Test
    void aServiceIsFoundOverUdpAndTcpAsItWasAskedFor() throws Exception {
        InetSocketAddress server = serve(List.of());
        Message question = question("wEb.Default.svc.cluster.local", Type.A);
        for (Message answer :
                List.of(udp(server, question), udp(server, question), tcp(server, question))) {
            assertEquals(question.getHeader().getID(), answer.getHeader().getID());
            assertTrue(answer.getHeader().getFlag(Flags.QR));
            assertTrue(answer.getHeader().getFlag(Flags.AA));
            assertTrue(answer.getHeader().getFlag(Flags.RD));
            assertEquals(
                    "wEb.Default.svc.cluster.local.", answer.getQuestion().getName().toString());
            Record record = answer.getSection(Section.ANSWER).getFirst();
            assertEquals("10.96.1.2", record.rdataToString());
            assertEquals(5, record.getTTL());
            assertNull(answer.getOPT());
        }
    }

    @Test
    void whatIsNotThereIsSaidWithHowLongThatHolds() throws Exception {
        InetSocketAddress server = serve(List.of());
        Message absent = udp(server, question("no.default.svc.cluster.local", Type.A));
        assertEquals(Rcode.NXDOMAIN, absent.getRcode());
        SOARecord soa = (SOARecord) absent.getSection(Section.AUTHORITY).getFirst();
        assertEquals("cluster.local.", soa.getName().toString());
        assertEquals(5, soa.getMinimum());
        Message empty = udp(server, question("web.default.svc.cluster.local", Type.AAAA));
        assertEquals(Rcode.NOERROR, empty.getRcode());
        assertTrue(empty.getSection(Section.ANSWER).isEmpty());
        assertEquals(1, empty.getSection(Section.AUTHORITY).size());
    }

    @Test
    void aChangeIsAnsweredAtOnce() throws Exception {
        InetSocketAddress server = serve(List.of());
        Message question = question("new.default.svc.cluster.local", Type.A);
        assertEquals(Rcode.NXDOMAIN, udp(server, question).getRcode());
        cluster.service("default", "new", "{\"clusterIP\":\"10.96.7.7\"}");
        assertEquals(
                "10.96.7.7",
                udp(server, question).getSection(Section.ANSWER).getFirst().rdataToString());
    }

    @Test
    void manyAddressesComeInTurnsAndWholeOnlyOverTcp() throws Exception {
        InetSocketAddress server = serve(List.of());
        StringBuilder endpoints = new StringBuilder("{\"endpoints\":[");
        for (int i = 1; i <= 90; i++) {
            endpoints.append(i == 1 ? "" : ",").append("{\"addresses\":[\"10.42.0.").append(i);
            endpoints.append("\"]}");
        }
        cluster.service("default", "many", "{\"clusterIP\":\"None\"}")
                .slice("default", "many", "many-1", endpoints + "]}");
        Message question = question("many.default.svc.cluster.local", Type.A);
        Message cut = udp(server, question);
        assertTrue(cut.getHeader().getFlag(Flags.TC));
        assertTrue(cut.numBytes() <= 512);
        Message whole = tcp(server, question);
        assertFalse(whole.getHeader().getFlag(Flags.TC));
        assertEquals(90, whole.getSection(Section.ANSWER).size());
        Set<String> firsts = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            firsts.add(
                    tcp(server, question).getSection(Section.ANSWER).getFirst().rdataToString());
        }
        assertEquals(8, firsts.size());
        question.addRecord(new OPTRecord(4096, 0, 0), Section.ADDITIONAL);
        Message larger = udp(server, question);
        assertTrue(larger.numBytes() > 512 && larger.numBytes() <= 1232);
        assertNotNull(larger.getOPT());
    }

    @Test
    void otherNamesAreAskedForOnceAndRemembered() throws Exception {
        NameServer outside =
                outside((question, _) ->
                        Optional.of(answer(question, a(question, "192.0.2.7", 60))));
        InetSocketAddress server = serve(List.of(outside.address()));
        Message question = question("www.Example.com", Type.A);
        Message first = udp(server, question);
        assertEquals(
                "192.0.2.7", first.getSection(Section.ANSWER).getFirst().rdataToString());
        assertEquals("www.Example.com.", first.getQuestion().getName().toString());
        assertFalse(first.getHeader().getFlag(Flags.AA));
        assertEquals(1, udp(server, question).getSection(Section.ANSWER).size());
        assertEquals(1, outside.asked.get());
    }

    @Test
    void absenceElsewhereIsRememberedToo() throws Exception {
        NameServer outside =
                outside((question, _) -> {
                    Message answer = answer(question);
                    answer.getHeader().setRcode(Rcode.NXDOMAIN);
                    Name zone = question.getQuestion().getName();
                    answer.addRecord(
                            new SOARecord(zone, DClass.IN, 60, zone, zone, 1, 1, 1, 1, 20),
                            Section.AUTHORITY);
                    return Optional.of(answer);
                });
        InetSocketAddress server = serve(List.of(outside.address()));
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    Rcode.NXDOMAIN, udp(server, question("nope.example", Type.A)).getRcode());
        }
        assertEquals(1, outside.asked.get());
    }

    @Test
    void whatIsTooLongForADatagramIsFetchedOverTcp() throws Exception {
        NameServer outside =
                outside((question, datagram) -> {
                    if (datagram) {
                        Message cut = answer(question);
                        cut.getHeader().setFlag(Flags.TC);
                        return Optional.of(cut);
                    }
                    Record[] records = new Record[60];
                    for (int i = 0; i < records.length; i++) {
                        records[i] = a(question, "192.0.2." + i, 60);
                    }
                    return Optional.of(answer(question, records));
                });
        InetSocketAddress server = serve(List.of(outside.address()));
        Message question = question("big.example", Type.A);
        assertEquals(60, tcp(server, question).getSection(Section.ANSWER).size());
        assertTrue(udp(server, question).getHeader().getFlag(Flags.TC));
    }

    @Test
    void aServerThatIsUnwellOrLiesIsPassedOver() throws Exception {
        NameServer unwell =
                outside((question, _) -> {
                    Message answer = answer(question);
                    answer.getHeader().setRcode(Rcode.SERVFAIL);
                    return Optional.of(answer);
                });
        NameServer liar =
                outside((question, _) -> {
                    Message answer = answer(question, a(question, "203.0.113.66", 60));
                    answer.getHeader().setID(question.getHeader().getID() ^ 1);
                    return Optional.of(answer);
                });
        NameServer well =
                outside((question, _) ->
                        Optional.of(answer(question, a(question, "192.0.2.7", 60))));
        InetSocketAddress server =
                serve(List.of(unwell.address(), liar.address(), well.address()));
        assertEquals(
                "192.0.2.7",
                udp(server, question("www.example", Type.A))
                        .getSection(Section.ANSWER)
                        .getFirst()
                        .rdataToString());
    }

    @Test
    void withoutOthersItFailsAndSaysSo() throws Exception {
        InetSocketAddress server = serve(List.of());
        assertEquals(Rcode.SERVFAIL, udp(server, question("www.example", Type.A)).getRcode());
    }

    @Test
    void anExternalNameIsFollowedToItsEnd() throws Exception {
        NameServer outside =
                outside((question, _) ->
                        Optional.of(answer(question, a(question, "192.0.2.53", 60))));
        InetSocketAddress server = serve(List.of(outside.address()));
        List<Record> there =
                udp(server, question("elsewhere.default.svc.cluster.local", Type.A))
                        .getSection(Section.ANSWER);
        assertEquals("www.example.com.", there.getFirst().rdataToString());
        assertEquals("www.example.com.", there.getLast().getName().toString());
        assertEquals("192.0.2.53", there.getLast().rdataToString());
        List<Record> here =
                udp(server, question("here.default.svc.cluster.local", Type.A))
                        .getSection(Section.ANSWER);
        assertEquals("10.96.1.2", here.getLast().rdataToString());
    }

    @Test
    void whatIsNoQuestionIsRefusedOrPassedOver() throws Exception {
        InetSocketAddress server = serve(List.of());
        Message update = question("web.default.svc.cluster.local", Type.A);
        update.getHeader().setOpcode(org.xbill.DNS.Opcode.UPDATE);
        assertEquals(Rcode.NOTIMP, udp(server, update).getRcode());
        byte[] broken = new byte[14];
        broken[5] = 1;
        broken[12] = 63;
        assertEquals(Rcode.FORMERR, udp(server, broken)[3] & 15);
        Message chaos =
                Message.newQuery(
                        Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CH));
        assertEquals(Rcode.REFUSED, udp(server, chaos).getRcode());
    }
}
