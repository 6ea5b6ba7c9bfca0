package dev.shiplog.source;

import dev.shiplog.command.SourceCommand.ApplyCommit;
import dev.shiplog.resource.yaml.Manifests.Warning;

import java.util.List;

/** What came of looking at a commit before it becomes the truth. */
public sealed interface Examination {
    /** It is the truth already. */
    record Current() implements Examination {}

    /**
     * It cannot become the truth.
     *
     * @param reason one word, such as {@code InvalidManifest}
     * @param objections all that speaks against it: where, what was expected, what was found
     */
    record Objected(String reason, List<String> objections) implements Examination {
        public Objected {
            objections = List.copyOf(objections);
        }
    }

    /** It can: this command makes it so, and this is what would follow from it. */
    record Ready(ApplyCommit command, Plan plan, List<Warning> warnings) implements Examination {
        public Ready {
            warnings = List.copyOf(warnings);
        }
    }
}
