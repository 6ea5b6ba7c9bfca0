package dev.shiplog.api;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who asks.
 *
 * @param name the user name: the common name of a verified client certificate, what a verified
 *     token says, or {@code system:anonymous}
 * @param uid tells two lives of one name apart; empty where nothing says it
 * @param groups what the credential says, and those that Kubernetes adds
 * @param extra what else the credential says, such as the pod that a token is bound to
 */
public record Identity(
        String name, String uid, SortedSet<String> groups, SortedMap<String, List<String>> extra) {
    /** The group that may do anything. */
    public static final String MASTERS = "system:masters";

    public static final String AUTHENTICATED = "system:authenticated";
    private static final String UNAUTHENTICATED = "system:unauthenticated";

    /** What begins so in {@link #extra} is this server's own, and never leaves it. */
    private static final String OWN = "shiplog.dev/";

    private static final String REFUSAL = OWN + "refused";
    private static final String IMPERSONATOR = OWN + "impersonator";
    private static final String UNTIL = OWN + "until";

    public static final Identity ANONYMOUS =
            new Identity("system:anonymous", new TreeSet<>(List.of(UNAUTHENTICATED)));

    public Identity {
        groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    public Identity(String name, SortedSet<String> groups) {
        this(name, "", groups, new TreeMap<>());
    }

    /** A user whose identity was verified. */
    public static Identity authenticated(String name, Collection<String> groups) {
        return authenticated(name, "", groups, new TreeMap<>());
    }

    /** A user whose identity was verified. */
    public static Identity authenticated(
            String name,
            String uid,
            Collection<String> groups,
            SortedMap<String, List<String>> extra) {
        TreeSet<String> all = new TreeSet<>(groups);
        all.add(AUTHENTICATED);
        return new Identity(name, uid, all, extra);
    }

    /**
     * Somebody who showed a credential that does not hold: no user at all, and told so whatever is
     * asked.
     *
     * @param why for the log, not for whoever asks
     */
    public static Identity refused(String why) {
        SortedMap<String, List<String>> extra = new TreeMap<>();
        extra.put(REFUSAL, List.of(why));
        return new Identity(ANONYMOUS.name(), "", ANONYMOUS.groups(), extra);
    }

    /** The same, shown by something that holds no longer than that. */
    public Identity until(Instant end) {
        SortedMap<String, List<String>> more = new TreeMap<>(extra);
        more.put(UNTIL, List.of(end.toString()));
        return new Identity(name, uid, groups, more);
    }

    /** When what it was shown by ends, as far as that is known. */
    public Optional<Instant> until() {
        return Optional.ofNullable(extra.get(UNTIL)).map(List::getFirst).map(Instant::parse);
    }

    /** The same, who is really somebody else. */
    public Identity impersonatedBy(String real) {
        SortedMap<String, List<String>> more = new TreeMap<>(extra);
        more.put(IMPERSONATOR, List.of(real));
        return new Identity(name, uid, groups, more);
    }

    /** Who it really is, if somebody asks as somebody else. */
    public Optional<String> impersonator() {
        return Optional.ofNullable(extra.get(IMPERSONATOR)).map(List::getFirst);
    }

    /** The name for records: {@code ann}, or {@code admin as ann} if it is not Ann. */
    public String recorded() {
        return impersonator().map(real -> real + " as " + name).orElse(name);
    }

    /** {@link #extra}, without what only this server knows. */
    public SortedMap<String, List<String>> toldExtra() {
        SortedMap<String, List<String>> told = new TreeMap<>(extra);
        told.keySet().removeIf(key -> key.startsWith(OWN));
        return told;
    }

    /** Whether a key of {@link #extra} is this server's own. */
    public static boolean reserved(String key) {
        return key.startsWith(OWN);
    }

    public boolean anonymous() {
        return groups.contains(UNAUTHENTICATED);
    }

    /** Why the credential does not hold, if one was shown that does not. */
    public Optional<String> refusal() {
        return Optional.ofNullable(extra.get(REFUSAL)).filter(_ -> anonymous()).map(List::getFirst);
    }
}
