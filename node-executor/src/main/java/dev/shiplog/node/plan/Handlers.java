package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Handler;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/** What a pod says of probes and hooks, in the words of those who carry them out. */
final class Handlers {
    private static final int HTTP_PORT = 80;

    private Handlers() {}

    static Handler of(Container container, Probe probe) {
        if (probe.getExec() != null) {
            return new Handler.Exec(probe.getExec().getCommand());
        }
        if (probe.getHttpGet() != null) {
            return http(container, probe.getHttpGet(), false);
        }
        if (probe.getTcpSocket() != null) {
            TCPSocketAction action = probe.getTcpSocket();
            return at(
                    container,
                    action.getPort(),
                    port -> new Handler.TcpSocket(or(action.getHost(), ""), port));
        }
        if (probe.getGrpc() != null) {
            return new Handler.Grpc(
                    probe.getGrpc().getPort(), or(probe.getGrpc().getService(), ""));
        }
        return new Handler.Impossible("missing probe handler for container " + container.getName());
    }

    /** A hook of {@code tcpSocket} is accepted and fails, as Kubernetes has it. */
    static Optional<Handler> of(Container container, @Nullable LifecycleHandler hook) {
        if (hook == null) {
            return Optional.empty();
        }
        if (hook.getExec() != null) {
            return Optional.of(new Handler.Exec(hook.getExec().getCommand()));
        }
        if (hook.getHttpGet() != null) {
            return Optional.of(http(container, hook.getHttpGet(), true));
        }
        if (hook.getSleep() != null) {
            return Optional.of(new Handler.Sleep(hook.getSleep().getSeconds()));
        }
        return Optional.of(
                new Handler.Impossible(
                        hook.getTcpSocket() != null
                                ? "tcpSocket is no handler of a hook: use exec, httpGet or sleep"
                                : "the hook says nothing to do: use exec, httpGet or sleep"));
    }

    private static Handler http(Container container, HTTPGetAction action, boolean anyStatus) {
        return at(
                container,
                action.getPort(),
                port ->
                        new Handler.HttpGet(
                                or(action.getScheme(), "http").toLowerCase(Locale.ROOT),
                                or(action.getHost(), ""),
                                port,
                                or(action.getPath(), "/"),
                                headers(action.getHttpHeaders()),
                                anyStatus));
    }

    private static List<Handler.Header> headers(@Nullable List<HTTPHeader> headers) {
        return headers == null
                ? List.of()
                : headers.stream()
                        .map(header -> new Handler.Header(header.getName(), header.getValue()))
                        .toList();
    }

    private static Handler at(
            Container container, @Nullable IntOrString port, IntFunction<Handler> handler) {
        if (port == null) {
            return handler.apply(HTTP_PORT);
        }
        if (port.getStrVal() == null) {
            return handler.apply(port.getIntVal());
        }
        String name = port.getStrVal();
        if (name.matches("[0-9]{1,5}")) {
            return handler.apply(Integer.parseInt(name));
        }
        return container.getPorts().stream()
                .filter(named -> name.equals(named.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .map(number -> handler.apply(number))
                .orElseGet(() ->
                        new Handler.Impossible(
                                "couldn't find port \"%s\" among the ports of container %s"
                                        .formatted(name, container.getName())));
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
