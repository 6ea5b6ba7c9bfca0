package dev.shiplog.api.stream;

/**
 * The thread that carries out a session, and whether it still does. Another thread may say that the
 * client has left, which interrupts it; never later than its end.
 */
final class Session {
    private final Thread thread = Thread.currentThread();
    private boolean over;
    private boolean left;

    /** Says that the client has left; any thread. */
    synchronized void leave() {
        if (!over) {
            over = true;
            left = true;
            thread.interrupt();
        }
    }

    /**
     * Says that the work is done; from here on the thread is not interrupted by this session.
     *
     * @return whether the client had left before
     */
    synchronized boolean finish() {
        over = true;
        // An interrupt has done what it was for.
        Thread.interrupted();
        return left;
    }
}
