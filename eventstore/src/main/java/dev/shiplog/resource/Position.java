package dev.shiplog.resource;

/**
 * A place in the log: the first event is at 1, and there are no gaps. {@link #ORIGIN} (0) is before
 * all events. The same number is what the API calls {@code resourceVersion}.
 */
public record Position(long value) implements Comparable<Position> {
    /** Before the first event. */
    public static final Position ORIGIN = new Position(0);

    public Position {
        if (value < 0) {
            throw new IllegalArgumentException("expected a position of 0 or more, found " + value);
        }
    }

    public Position plus(long events) {
        return new Position(value + events);
    }

    public Position next() {
        return new Position(value + 1);
    }

    public boolean isAfter(Position other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
