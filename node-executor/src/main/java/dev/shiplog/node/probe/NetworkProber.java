package dev.shiplog.node.probe;

import dev.shiplog.node.runtime.PodRuntime;

import java.time.Duration;

/** Asks pods over the network of this machine, and inside their containers. */
public final class NetworkProber implements Prober {
    private final ExecProbe exec;

    public NetworkProber(PodRuntime runtime) {
        this.exec = new ExecProbe(runtime);
    }

    @Override
    public Answer ask(Target target, Handler handler, Duration timeout)
            throws InterruptedException {
        return switch (handler) {
            case Handler.HttpGet get -> new HttpProbe(target.ip(), timeout).ask(get);
            case Handler.TcpSocket(String host, int port) ->
                    TcpProbe.ask(host.isEmpty() ? target.ip() : host, port, timeout);
            case Handler.Exec(var command) -> exec.ask(target.containerId(), command, timeout);
            case Handler.Grpc(int port, String service) ->
                    new GrpcProbe(target.ip(), port, timeout).ask(service);
            case Handler.Sleep(long seconds) -> sleep(Duration.ofSeconds(seconds), timeout);
            case Handler.Impossible(String why) -> Answer.notAsked(why);
        };
    }

    private static Answer sleep(Duration wish, Duration timeout) throws InterruptedException {
        Thread.sleep(wish.compareTo(timeout) < 0 ? wish : timeout);
        return Answer.WELL;
    }
}
