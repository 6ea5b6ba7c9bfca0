package dev.shiplog.boot;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Resource;

import java.util.List;
import java.util.Optional;

/** Sessions of a server without a node that could carry them out. */
final class NoSessions implements PodSessions {
    @Override
    public int exec(Resource pod, String container, List<String> command, Terminal terminal) {
        throw unavailable();
    }

    @Override
    public int attach(Resource pod, String container, Terminal terminal) {
        throw unavailable();
    }

    @Override
    public Connection connect(Resource pod, int port) {
        throw unavailable();
    }

    @Override
    public Optional<List<Usage>> usage(Resource pod) {
        return Optional.empty();
    }

    private static ApiFailure unavailable() {
        return new ApiFailure(
                Status.of(
                        503,
                        "ServiceUnavailable",
                        "no node of this cluster carries out sessions into pods"));
    }
}
