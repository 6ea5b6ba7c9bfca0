package dev.shiplog.node.network.ingress;

import dev.shiplog.node.linux.Programs;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What passes requests from outside on to pods. */
public enum ProxyKind {
    /** Nothing has to be installed. */
    IN_PROCESS,
    /** An HAProxy that is installed on this machine, with a configuration written for it. */
    HAPROXY;

    /** As people write it: {@code in-process}, {@code haproxy}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** So that completion offers what people may write. */
    @Override
    public String toString() {
        return text();
    }

    /**
     * The one that is written so.
     *
     * @throws IllegalArgumentException if none is
     */
    public static ProxyKind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "expected what answers Ingresses to be one of "
                                        + Arrays.stream(values())
                                                .map(ProxyKind::text)
                                                .collect(Collectors.joining(", "))
                                        + ", found \""
                                        + text
                                        + "\""));
    }

    /** Why it cannot be had on this machine, with what to do; empty if it can. */
    public Optional<String> objection() {
        return switch (this) {
            case IN_PROCESS -> Optional.empty();
            case HAPROXY ->
                    Programs.installed(HaproxyProxy.PROGRAM)
                            ? Optional.empty()
                            : Optional.of(
                                    "no haproxy on this machine: install the package haproxy, or"
                                            + " start with --ingress-proxy in-process");
        };
    }
}
