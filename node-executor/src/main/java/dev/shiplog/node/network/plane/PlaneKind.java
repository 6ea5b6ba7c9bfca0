package dev.shiplog.node.network.plane;

import dev.shiplog.node.network.nft.Nft;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What leads packets to Services. */
public enum PlaneKind {
    /** The kernel where it does, else this program. */
    AUTO,
    /** The kernel's packet filter. */
    NFTABLES,
    /** Sockets of this program, and a thread for each connection. */
    USERSPACE;

    /** As people write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** So that completion offers what people may write. */
    @Override
    public String toString() {
        return text();
    }

    /** What it is on this machine: never {@link #AUTO}. */
    public PlaneKind chosen() {
        return switch (this) {
            case AUTO -> Nft.objection().isEmpty() ? NFTABLES : USERSPACE;
            case NFTABLES, USERSPACE -> this;
        };
    }

    /** Why it cannot be had on this machine, with what to do; empty if it can. */
    public Optional<String> objection() {
        return this == NFTABLES ? Nft.objection() : Optional.empty();
    }

    /**
     * The one that is written so.
     *
     * @throws IllegalArgumentException if none is
     */
    public static PlaneKind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text().equals(text))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "expected what leads to Services to be one of "
                                        + Arrays.stream(values())
                                                .map(PlaneKind::text)
                                                .collect(Collectors.joining(", "))
                                        + ", found \""
                                        + text
                                        + "\""));
    }
}
