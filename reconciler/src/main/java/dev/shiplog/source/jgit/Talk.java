package dev.shiplog.source.jgit;

import org.eclipse.jgit.transport.ReceivePack;

/** Says lines to whoever pushes; Git prints each behind {@code remote: }. */
final class Talk {
    private final ReceivePack receive;

    Talk(ReceivePack receive) {
        this.receive = receive;
    }

    /**
     * Says one line. Control characters, which could come from a manifest and would move the cursor
     * of a terminal, are replaced.
     */
    void say(String line) {
        receive.sendMessage(line.replaceAll("\\p{Cntrl}", " "));
    }
}
