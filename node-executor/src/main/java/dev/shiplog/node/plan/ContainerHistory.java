package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ContainerStatus;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one container between two looks.
 *
 * @param newest the newest attempt, listed by the runtime or remembered
 * @param previous how the attempt before it ended
 * @param restart what holds back restarts
 * @param image what is known of the image for the next start
 * @param held what holds back the next start, or the failure before the try that is under way
 * @param ofLostSandbox whether the newest attempt ran in a sandbox that is gone
 * @param supervision what is remembered of looking after the newest attempt
 * @param noted what was last told to people about waiting, so that it is told once
 */
record ContainerHistory(
        Optional<Attempt> newest,
        Optional<ContainerState.Terminated> previous,
        Optional<Backoff> restart,
        ImageState image,
        Optional<Held> held,
        boolean ofLostSandbox,
        Optional<Supervision> supervision,
        String noted) {
    static final ContainerHistory NONE =
            new ContainerHistory(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    ImageState.UNKNOWN,
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    "");

    /** Taken up from what the pod's status said before this program started. */
    static ContainerHistory of(ContainerView view) {
        ContainerHistory history = NONE.with(Attempt.of(view), view.last());
        return view.running()
                ? history.withSupervision(
                        Supervision.found(view.containerId(), view.started(), view.ready()))
                : history;
    }

    /**
     * After a look at the runtime.
     *
     * @param listed the container's attempts that the runtime lists, in order
     */
    ContainerHistory seeing(List<ContainerStatus> listed, Instant now) {
        if (listed.isEmpty()
                || newest.filter(a -> a.number() > listed.getLast().attempt()).isPresent()) {
            return with(newest.map(a -> a.containerId().isEmpty() ? a : a.lost(now)), previous);
        }
        Attempt seen = Attempt.of(listed.getLast()).orMessageOf(newest);
        Optional<ContainerState.Terminated> before =
                listed.size() > 1
                        ? Attempt.of(listed.get(listed.size() - 2))
                                .end()
                                .map(end -> end.orMessageOf(previous))
                                .or(() -> previous)
                        : newest.filter(a -> a.number() < seen.number())
                                .map(Attempt::end)
                                .orElse(previous);
        boolean another = newest.filter(a -> a.number() == seen.number()).isEmpty();
        ContainerHistory after = with(Optional.of(seen), before);
        return another ? after.withLostSandbox(false) : after;
    }

    /** The number of the next attempt: the newest one's if that was made and not started. */
    int nextNumber() {
        return newest.map(a -> a.end().isPresent() ? a.number() + 1 : a.number()).orElse(0);
    }

    ContainerHistory with(
            Optional<Attempt> newNewest, Optional<ContainerState.Terminated> newPrevious) {
        return new ContainerHistory(
                newNewest, newPrevious, restart, image, held, ofLostSandbox, supervision, noted);
    }

    ContainerHistory withImage(ImageState value) {
        return new ContainerHistory(
                newest, previous, restart, value, held, ofLostSandbox, supervision, noted);
    }

    ContainerHistory withHeld(Optional<Held> value) {
        return new ContainerHistory(
                newest, previous, restart, image, value, ofLostSandbox, supervision, noted);
    }

    ContainerHistory withRestart(Backoff value) {
        return new ContainerHistory(
                newest,
                previous,
                Optional.of(value),
                image,
                held,
                ofLostSandbox,
                supervision,
                noted);
    }

    ContainerHistory withLostSandbox(boolean value) {
        return new ContainerHistory(
                newest, previous, restart, image, held, value, supervision, noted);
    }

    ContainerHistory withSupervision(Supervision value) {
        return new ContainerHistory(
                newest, previous, restart, image, held, ofLostSandbox, Optional.of(value), noted);
    }

    /** Of the attempt that runs now; nothing is known of one that was just found. */
    Supervision supervised() {
        String id = newest.map(Attempt::containerId).orElse("");
        return supervision
                .filter(known -> known.containerId().equals(id))
                .orElseGet(() -> Supervision.found(id, false, false));
    }

    ContainerHistory withNoted(String value) {
        return new ContainerHistory(
                newest, previous, restart, image, held, ofLostSandbox, supervision, value);
    }
}
