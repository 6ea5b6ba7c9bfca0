package dev.shiplog.source;

import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import java.io.IOException;

/** What became of the head of the branch that is the truth. */
public sealed interface Adoption {
    /** It was the truth already. */
    record Current() implements Adoption {}

    /**
     * It is the truth now.
     *
     * @param position of the last event that followed from it
     */
    record Applied(Position position) implements Adoption {}

    /** It cannot become the truth, which is recorded; the applied commit stays. */
    record Held(Examination.Objected objected) implements Adoption {}

    /**
     * Makes a commit the truth, or records why not. A commit that is held is examined afresh each
     * time: what spoke against it may be gone.
     *
     * @throws IOException if the repository cannot be read; nothing is recorded
     */
    static Adoption adopt(CommitId head, String pusher, Intake intake, SourceLedger ledger)
            throws IOException, SourceLedger.NotRecorded {
        return switch (intake.examine(head, pusher)) {
            case Examination.Current _ -> new Current();
            case Examination.Objected objected -> held(head, objected, ledger);
            case Examination.Ready ready ->
                    switch (ledger.apply(ready.command())) {
                        case Outcome.Applied applied ->
                                new Applied(applied.events().getLast().position());
                        case Outcome.Refused refused -> held(head, objected(refused), ledger);
                    };
        };
    }

    private static Examination.Objected objected(Outcome.Refused refused) {
        return new Examination.Objected("Refused", refused.message().lines().toList());
    }

    private static Adoption held(CommitId head, Examination.Objected objected, SourceLedger ledger)
            throws SourceLedger.NotRecorded {
        ledger.hold(head, objected);
        return new Held(objected);
    }
}
