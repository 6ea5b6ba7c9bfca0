package dev.shiplog.state;

import dev.shiplog.resource.NoteId;

import org.pcollections.TreePSet;

/**
 * Which notes of a node are recorded: all of its earlier reports, and of the newest one those named
 * here. A node sends its reports one after the other, so no more need be remembered.
 *
 * @param life the node's program that sent them
 * @param report the newest report of which a note was recorded
 * @param notes the places in it of the notes that were
 */
record SentNotes(String life, long report, TreePSet<Integer> notes) {
    static SentNotes beginning(NoteId id) {
        return new SentNotes(id.life(), id.report(), TreePSet.singleton(id.index()));
    }

    boolean contains(NoteId id) {
        return life.equals(id.life())
                && (id.report() < report || (id.report() == report && notes.contains(id.index())));
    }

    SentNotes with(NoteId id) {
        if (!life.equals(id.life()) || id.report() > report) {
            return beginning(id);
        }
        return id.report() == report ? new SentNotes(life, report, notes.plus(id.index())) : this;
    }
}
