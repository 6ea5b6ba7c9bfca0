package dev.shiplog.node.volume;

import dev.shiplog.resource.Uid;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files in which containers leave their last words: a file of this machine for each attempt,
 * which the container sees at its {@code terminationMessagePath}.
 */
public interface MessageFiles {
    /** For runtimes that only pretend. */
    MessageFiles NONE =
            new MessageFiles() {
                @Override
                public Optional<Path> make(Uid pod, String container, int attempt) {
                    return Optional.empty();
                }

                @Override
                public String read(Uid pod, String container, int attempt, int mostBytes) {
                    return "";
                }

                @Override
                public void remove(Uid pod) {}
            };

    /** Makes an attempt's file, which everybody may write to; empty if there are no such files. */
    Optional<Path> make(Uid pod, String container, int attempt) throws VolumeFailure;

    /**
     * What an attempt left.
     *
     * @param mostBytes no more than its last so many bytes
     * @return empty if there is nothing, or no such file
     */
    String read(Uid pod, String container, int attempt, int mostBytes) throws VolumeFailure;

    /** Removes all of a pod's. Nothing happens if there are none. */
    void remove(Uid pod) throws VolumeFailure;
}
