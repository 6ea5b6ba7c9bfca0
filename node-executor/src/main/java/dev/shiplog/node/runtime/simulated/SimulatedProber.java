package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.probe.Handler;
import dev.shiplog.node.probe.NetworkProber;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.RuntimeFailure;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Answers probes by the container's {@link Script}: it answers where its pod listens, with the
 * status that its script says; commands are played as sessions are.
 */
public final class SimulatedProber implements Prober {
    private static final int LOWEST_BAD = 400;

    /** In real time; only a simulation whose time stands still gets here. */
    private static final Duration WAIT_LIMIT = Duration.ofHours(1);

    private final SimulatedHost host;
    private final Prober commands;

    public SimulatedProber(SimulatedHost host) {
        this.host = host;
        // A container's id names its node's pod; any node's view of the host finds it.
        this.commands = new NetworkProber(new SimulatedRuntime(host, ""));
    }

    @Override
    public Answer ask(Target target, Handler handler, Duration timeout)
            throws InterruptedException {
        try {
            return switch (handler) {
                case Handler.HttpGet get -> http(target, get);
                case Handler.TcpSocket(_, int port) ->
                        status(target, port).isPresent() ? Answer.WELL : refused(target, port);
                case Handler.Grpc(int port, _) -> grpc(target, port);
                case Handler.Exec exec -> commands.ask(target, exec, timeout);
                case Handler.Sleep(long seconds) -> sleep(Duration.ofSeconds(seconds), timeout);
                case Handler.Impossible(String why) -> Answer.notAsked(why);
            };
        } catch (RuntimeFailure failure) {
            return Answer.notAsked(String.valueOf(failure.getMessage()));
        }
    }

    private Optional<Integer> status(Target target, int port) throws RuntimeFailure {
        return host.answers(target.containerId(), port);
    }

    private Answer http(Target target, Handler.HttpGet get) throws RuntimeFailure {
        Optional<Integer> status = status(target, get.port());
        if (status.isEmpty()) {
            return refused(target, get.port());
        }
        return get.anyStatus() || status.get() < LOWEST_BAD
                ? Answer.WELL
                : Answer.unwell("HTTP probe failed with statuscode: " + status.get());
    }

    private Answer grpc(Target target, int port) throws RuntimeFailure {
        Optional<Integer> status = status(target, port);
        if (status.isEmpty()) {
            return refused(target, port);
        }
        return status.get() < LOWEST_BAD
                ? Answer.WELL
                : Answer.unwell("service unhealthy (responded with \"NOT_SERVING\")");
    }

    private static Answer refused(Target target, int port) {
        return Answer.unwell(
                "dial tcp " + target.ip() + ":" + port + ": connect: connection refused");
    }

    private Answer sleep(Duration wish, Duration timeout) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        host.timer().after(wish.compareTo(timeout) < 0 ? wish : timeout, over::countDown);
        return over.await(WAIT_LIMIT.toSeconds(), TimeUnit.SECONDS)
                ? Answer.WELL
                : Answer.notAsked("simulated time stands still");
    }
}
