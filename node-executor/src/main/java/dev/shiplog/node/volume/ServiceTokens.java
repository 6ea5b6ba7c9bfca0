package dev.shiplog.node.volume;

import dev.shiplog.node.volume.TokenSource.Token;
import dev.shiplog.resource.Uid;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens in pods' volumes, asked for again when most of their life is over: at 80 % of it, or
 * after a day, as Kubernetes' kubelet does.
 */
final class ServiceTokens {
    private static final double RENEWED_AT = 0.8;
    private static final Duration LONGEST_USE = Duration.ofHours(24);

    private final TokenSource source;
    private final InstantSource clock;
    private final Map<Key, Held> held = new ConcurrentHashMap<>();

    private record Key(Uid pod, String audience, long seconds) {}

    private record Held(Token token, Instant renewAt) {}

    ServiceTokens(TokenSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /** The files of a volume that hold tokens, each with a token that is still young. */
    SortedMap<String, FileContent> files(PodVolumes pod, Volume.Files volume) throws VolumeFailure {
        SortedMap<String, FileContent> files = new TreeMap<>();
        for (Volume.TokenFile file : volume.tokens()) {
            try {
                byte[] bytes = held(pod, file).token.value().getBytes(StandardCharsets.UTF_8);
                files.put(file.path(), new FileContent(bytes, file.mode()));
            } catch (VolumeFailure refused) {
                throw VolumeFailure.of(volume.name(), "failed to fetch token: " + refused.text());
            }
        }
        return files;
    }

    private Held held(PodVolumes pod, Volume.TokenFile file) throws VolumeFailure {
        Key key = key(pod.uid(), file);
        Instant now = clock.instant();
        Held known = held.get(key);
        if (known != null && now.isBefore(known.renewAt)) {
            return known;
        }
        try {
            Token token = source.token(pod.pod(), pod.uid(), file.audience(), file.seconds());
            Duration life = Duration.between(now, token.expires());
            Duration use = Duration.ofMillis((long) (life.toMillis() * RENEWED_AT));
            Held fresh =
                    new Held(token, now.plus(use.compareTo(LONGEST_USE) < 0 ? use : LONGEST_USE));
            held.put(key, fresh);
            return fresh;
        } catch (VolumeFailure refused) {
            // One that still holds is better than none; it is asked again soon.
            if (known != null && now.isBefore(known.token.expires())) {
                return known;
            }
            throw refused;
        }
    }

    /** When the first of a volume's tokens should be renewed. */
    Instant renewAt(Uid pod, Volume.Files volume) {
        return volume.tokens().stream()
                .map(file -> held.get(key(pod, file)))
                .filter(found -> found != null)
                .map(Held::renewAt)
                .min(Instant::compareTo)
                .map(at -> later(at, clock.instant().plus(RETRY)))
                .orElseThrow();
    }

    /** How soon a token is asked for again that could not be renewed. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Key key(Uid pod, Volume.TokenFile file) {
        return new Key(pod, file.audience(), file.seconds());
    }

    void forget(Uid pod) {
        held.keySet().removeIf(key -> key.pod.equals(pod));
    }
}
