package dev.shiplog.api;

/** Where refusals are written down, for auditors to read. Never blocks, never fails. */
public interface AccessJournal {
    /** Written nowhere. */
    AccessJournal NONE = (_, _, _, _, _) -> {};

    /**
     * @param who the user name
     * @param from the address that asked
     * @param verb as in RBAC, or the HTTP method in lower case
     * @param what a resource as in {@code pods/log}, or a path
     * @param why the reason that was given
     */
    void refused(String who, String from, String verb, String what, String why);
}
