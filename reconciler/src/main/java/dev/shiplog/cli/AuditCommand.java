package dev.shiplog.cli;

import dev.shiplog.audit.Moment;
import dev.shiplog.boot.Profile;
import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.Tag;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.History;
import dev.shiplog.ledger.JournalHistory;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** A question about the past: reads the log's file, whether the cluster runs or not. */
abstract class AuditCommand implements Callable<Integer> {
    @Mixin private final ProfileOption profile = new ProfileOption();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private Output output = Output.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    /** Answers from an open history. */
    abstract int answer(History history, Moment moments, PrintWriter out);

    @Override
    public final Integer call() {
        Profile existing = profile.existing();
        PrintWriter out = spec.commandLine().getOut();
        try (Journal journal = SqliteJournal.openReadOnly(existing.log())) {
            History history = new JournalHistory(journal, EventCodec.STANDARD);
            int code =
                    answer(
                            history,
                            new Moment(history, Instant.now(), ZoneId.systemDefault()),
                            out);
            out.flush();
            return code;
        }
    }

    boolean json() {
        return output == Output.JSON;
    }

    /** For people, beside the answer: what is piped into something else stays the answer alone. */
    void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /** What was called in a way that means nothing. */
    ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    Profile profileInUse() {
        return profile.profile();
    }

    /**
     * What events are about: an object, or what else {@code shiplog log} names as what something is
     * about, {@code Source/cluster} and {@code User/ann}.
     */
    static Tag about(List<String> words, String namespace) {
        String text = String.join("/", words);
        int slash = text.indexOf('/');
        String name = text.substring(slash + 1);
        return switch (slash < 0 ? "" : text.substring(0, slash).toLowerCase(Locale.ROOT)) {
            case "source" -> Tags.source(new SourceName(name));
            case "user" -> Tags.user(name);
            default -> Tags.resource(object(words, namespace));
        };
    }

    /**
     * Reads {@code pod/web-1}, {@code pod web-1}, or the full {@code Pod/default/web-1}; the first
     * two are in the namespace of {@code -n}.
     */
    static ResourceKey object(List<String> words, String namespace) {
        String text = String.join("/", words);
        String[] parts = text.split("/", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException(
                    "expected KIND/NAME or KIND/NAMESPACE/NAME, such as pod/web-1, found \""
                            + text
                            + "\"");
        }
        Kind kind = kind(parts[0]);
        String name = parts[parts.length - 1];
        if (!kind.namespaced()) {
            return new ResourceKey(kind.groupKind(), "", name);
        }
        return new ResourceKey(kind.groupKind(), parts.length == 3 ? parts[1] : namespace, name);
    }

    /** Where else there is an object of this name now, as a sentence; or nothing. */
    static String elsewhere(ClusterState state, ResourceKey key) {
        return state.resources(key.kind()).stream()
                .map(Resource::key)
                .filter(other -> other.name().equals(key.name()) && !other.equals(key))
                .findFirst()
                .map(other -> "; there is one in namespace " + other.namespace())
                .orElse("");
    }

    private static Kind kind(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (Kind kind : Kinds.all()) {
            GroupKind groupKind = kind.groupKind();
            String group = groupKind.group();
            if (kind.plural().equals(lower)
                    || (kind.plural() + "." + group).equals(lower)
                    || kind.singular().equals(lower)
                    || kind.shortNames().contains(lower)
                    || groupKind.toString().toLowerCase(Locale.ROOT).equals(lower)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "expected a kind such as pod, rs, rc, deploy, ns or node, found \"" + word + "\"");
    }
}
