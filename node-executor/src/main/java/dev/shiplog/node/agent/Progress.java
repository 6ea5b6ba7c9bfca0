package dev.shiplog.node.agent;

/** Hears of what takes long, to show it to people. Called from any thread; must not block. */
public interface Progress {
    /** Hears and says nothing. */
    Progress NONE = (image, doneBytes, totalBytes) -> {};

    /**
     * An image is being pulled.
     *
     * @param totalBytes 0 while unknown
     */
    void pulling(String image, long doneBytes, long totalBytes);
}
