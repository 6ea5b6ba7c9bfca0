package dev.shiplog.api;

/**
 * Ends a request with a {@link Status}. The one place that turns it into a reply is the server's
 * outermost handler, so the parts in between need no second way to return.
 */
public final class ApiFailure extends RuntimeException {
    private final transient Status status;

    public ApiFailure(Status status) {
        super(status.message());
        this.status = status;
    }

    public ApiFailure(Status status, Throwable cause) {
        super(status.message(), cause);
        this.status = status;
    }

    public Status status() {
        return status;
    }
}
