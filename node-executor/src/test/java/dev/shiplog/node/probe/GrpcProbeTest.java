package dev.shiplog.node.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The health protocol against a server that speaks HTTP/2 by a library: what this program frames by
 * hand, somebody else reads. The bytes of messages are those of the protocol's own definition.
 */
final class GrpcProbeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1);
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private Channel server;
    private volatile String reply = "";
    private volatile int status;

    @BeforeEach
    void listen() throws Exception {
        server =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        Http2FrameCodecBuilder.forServer().build(),
                                                        new Http2MultiplexHandler(new Health()));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
    }

    @AfterEach
    void stop() throws Exception {
        server.close().await(60, TimeUnit.SECONDS);
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Answers each request with what the test says. */
    @io.netty.channel.ChannelHandler.Sharable
    private final class Health extends SimpleChannelInboundHandler<Http2StreamFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, Http2StreamFrame frame) {
            if (frame instanceof Http2HeadersFrame headers) {
                asked.add(String.valueOf(headers.headers().path()));
            }
            if (frame instanceof Http2DataFrame data && data.isEndStream()) {
                asked.add(ByteBufUtil.hexDump(data.content()));
                answer(context);
            }
        }

        private void answer(ChannelHandlerContext context) {
            DefaultHttp2Headers head = new DefaultHttp2Headers();
            head.status("200");
            head.add("content-type", "application/grpc");
            if (status != 0) {
                head.addInt("grpc-status", status);
                head.add("grpc-message", "unknown service grpc.health.v1.Health");
                var _ = context.writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
                return;
            }
            var _ = context.write(new DefaultHttp2HeadersFrame(head));
            var _ = context.write(
                    new DefaultHttp2DataFrame(
                            Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(reply))));
            DefaultHttp2Headers trailers = new DefaultHttp2Headers();
            trailers.addInt("grpc-status", 0);
            var _ = context.writeAndFlush(new DefaultHttp2HeadersFrame(trailers, true));
        }
    }

    private Answer ask(String service) throws InterruptedException {
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        return new GrpcProbe("127.0.0.1", port, TIMEOUT).ask(service);
    }

    @Test
    void servingIsWell() throws Exception {
        reply = "00000000020801";
        assertEquals(Answer.WELL, ask(""));
        assertEquals("/grpc.health.v1.Health/Check", asked.poll(60, TimeUnit.SECONDS));
        assertEquals("0000000000", asked.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void theServiceIsNamed() throws Exception {
        reply = "00000000020801";
        assertEquals(Answer.WELL, ask("ready"));
        assertEquals("/grpc.health.v1.Health/Check", asked.poll(60, TimeUnit.SECONDS));
        String name = ByteBufUtil.hexDump("ready".getBytes(StandardCharsets.UTF_8));
        assertEquals("00000000070a05" + name, asked.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void anyOtherStatusIsUnwell() throws Exception {
        reply = "00000000020802";
        assertEquals(Answer.unwell("service unhealthy (responded with \"NOT_SERVING\")"), ask(""));
        reply = "0000000000";
        assertEquals(Answer.unwell("service unhealthy (responded with \"UNKNOWN\")"), ask(""));
    }

    @Test
    void aServerWithoutTheProtocolIsUnwell() throws Exception {
        status = 12;
        Answer answer = ask("");
        assertEquals(Answer.Kind.UNWELL, answer.kind());
        assertTrue(
                answer.message().contains("does not implement the grpc health protocol"),
                answer::message);
        status = 5;
        assertTrue(ask("").message().contains("code = 5"), answer::message);
    }

    @Test
    void whatDoesNotAnswerIsUnwellInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            Answer answer =
                    new GrpcProbe("127.0.0.1", silent.getLocalPort(), Duration.ofSeconds(1))
                            .ask("");
            assertEquals(Answer.unwell("timeout: health rpc did not complete within 1s"), answer);
        }
        assertEquals(List.of(), List.copyOf(asked));
    }
}
