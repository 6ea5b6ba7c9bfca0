package dev.shiplog.audit;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.SourceEvent.CommitApplied;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.Position;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the position that a person means: a position ({@code 1234}), a commit ({@code 3f2a9c1}, at
 * least four digits), a time ({@code 2026-11-23T14:05:00Z}, {@code 2026-11-23 14:05}, {@code
 * 2026-11-23}; {@code 14:05} is the last one that there was), an age ({@code 10m}, {@code 2h ago}),
 * or {@code now}.
 *
 * <p>A commit means the moment right after it became the truth; a time means the last event at or
 * before it.
 */
public final class Moment {
    private static final Pattern AGE = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d)(\\s+ago)?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{4,64}");

    private final History history;
    private final Instant now;
    private final ZoneId zone;

    /**
     * @param zone the zone of times that name none
     */
    public Moment(History history, Instant now, ZoneId zone) {
        this.history = history;
        this.now = now;
        this.zone = zone;
    }

    /**
     * @throws IllegalArgumentException if the text is none of these, or names a moment that the log
     *     does not hold; the message says what was expected
     */
    public Position find(String text) {
        String trimmed = text.strip();
        if (trimmed.equals("now") || trimmed.equals("head") || trimmed.equals("HEAD")) {
            return history.head();
        }
        Optional<Position> position = position(trimmed);
        if (position.isPresent()) {
            return position.get();
        }
        if (COMMIT.matcher(trimmed.toLowerCase(Locale.ROOT)).matches()) {
            Optional<Position> commit = commit(trimmed.toLowerCase(Locale.ROOT));
            if (commit.isPresent()) {
                return commit.get();
            }
        }
        return time(trimmed)
                .map(this::lastUntil)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "expected a position up to "
                                        + history.head()
                                        + ", the id of an applied commit, a time such as 2026-11-23T14:05:00Z, an age such as 10m, or"
                                        + " \"now\", found \""
                                        + text
                                        + "\""));
    }

    /** The instant that a text means, if it is a time or an age. */
    public Optional<Instant> time(String text) {
        Matcher age = AGE.matcher(text);
        if (age.matches()) {
            long amount = Long.parseLong(age.group(1));
            return Optional.of(
                    now.minus(
                            switch (age.group(2)) {
                                case "s" -> Duration.ofSeconds(amount);
                                case "m" -> Duration.ofMinutes(amount);
                                case "h" -> Duration.ofHours(amount);
                                default -> Duration.ofDays(amount);
                            }));
        }
        List<java.util.function.Function<String, Instant>> forms =
                List.of(
                        Instant::parse,
                        t -> java.time.OffsetDateTime.parse(t.replace(' ', 'T')).toInstant(),
                        t -> LocalDateTime.parse(t.replace(' ', 'T')).atZone(zone).toInstant(),
                        t -> LocalDate.parse(t).atStartOfDay(zone).toInstant(),
                        t -> last(LocalTime.parse(t)));
        for (var form : forms) {
            try {
                return Optional.of(form.apply(text));
            } catch (DateTimeException _) {
                // The next form may fit.
            }
        }
        return Optional.empty();
    }

    private Instant last(LocalTime time) {
        ZonedDateTime today = now.atZone(zone).with(time);
        return (today.toInstant().isAfter(now) ? today.minusDays(1) : today).toInstant();
    }

    private Optional<Position> position(String text) {
        if (!text.chars().allMatch(c -> c >= '0' && c <= '9')
                || text.isEmpty()
                || text.length() > 18) {
            return Optional.empty();
        }
        Position position = new Position(Long.parseLong(text));
        return position.isAfter(history.head()) ? Optional.empty() : Optional.of(position);
    }

    private Optional<Position> commit(String prefix) {
        List<Recorded> found = new ArrayList<>();
        Pages.forEach(
                history,
                Position.ORIGIN,
                Optional.empty(),
                event -> {
                    if (event.event() instanceof CommitApplied applied
                            && applied.commit().value().startsWith(prefix)) {
                        found.add(event);
                    }
                    return true;
                });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        long distinct =
                found.stream()
                        .map(event -> ((CommitApplied) event.event()).commit())
                        .distinct()
                        .count();
        if (distinct > 1) {
            throw new IllegalArgumentException(
                    "\"" + prefix + "\" fits " + distinct + " applied commits: give more digits");
        }
        return Optional.of(endOfAppend(found.getLast()));
    }

    /** The last event that was decided together with this one. */
    private Position endOfAppend(Recorded first) {
        Position[] end = {first.position()};
        Pages.forEach(
                history,
                first.position(),
                Optional.empty(),
                event -> {
                    boolean same =
                            event.time().equals(first.time())
                                    && event.origin()
                                            .correlation()
                                            .equals(first.origin().correlation())
                                    && event.origin().actor().equals(first.origin().actor());
                    if (same) {
                        end[0] = event.position();
                    }
                    return same;
                });
        return end[0];
    }

    private Position lastUntil(Instant time) {
        long low = 0;
        long high = history.head().value();
        while (low < high) {
            long middle = (low + high + 1) / 2;
            List<Recorded> at = history.read(new Position(middle - 1), Optional.empty(), 1);
            if (!at.isEmpty() && !at.getFirst().time().isAfter(time)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return new Position(low);
    }
}
