package dev.shiplog.resource.kind;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;
import dev.shiplog.resource.schema.Spelling;

import java.util.List;
import java.util.Optional;

/**
 * Finds out which kind a document means by its {@code apiVersion} and {@code kind}, and says what
 * was probably meant if there is none.
 */
public final class KindLookup {
    private static final FieldPath API_VERSION = FieldPath.of("apiVersion");
    private static final FieldPath KIND = FieldPath.of("kind");

    /** The kind, and how to read a document of it. */
    public sealed interface Found {
        /** A kind that the cluster has. */
        record Served(Kind kind) implements Found {}

        /**
         * Not a kind that can be taken in; the errors say why.
         *
         * @param model what its fields can be checked against, so that slips in them are found in
         *     the same go
         */
        record Refused(Optional<Class<?>> model) implements Found {}
    }

    private KindLookup() {}

    /** Looks up a kind; adds errors to {@code findings} unless it can be taken in from Git. */
    public static Found find(String apiVersion, String kind, Findings findings) {
        Optional<Kind> served = Kinds.served(apiVersion, kind);
        if (served.isPresent()) {
            return declarable(served.get(), findings);
        }
        List<String> versions = KnownKinds.versions(kind);
        if (versions.contains(apiVersion)) {
            notSupported(apiVersion, kind, findings);
            return new Found.Refused(KnownKinds.model(kind));
        }
        return versions.isEmpty()
                ? unknownKind(apiVersion, kind, findings)
                : unknownVersion(apiVersion, kind, versions, findings);
    }

    private static Found declarable(Kind kind, Findings findings) {
        if (!kind.declarable()) {
            findings.error(
                    KIND,
                    "%s cannot be declared in Git: the cluster makes every %s itself"
                            .formatted(kind.groupKind().kind(), kind.singular()));
            return new Found.Refused(Optional.of(kind.model()));
        }
        return new Found.Served(kind);
    }

    private static void notSupported(String apiVersion, String kind, Findings findings) {
        findings.error(
                KIND, "%s (%s) is not supported yet by this version".formatted(kind, apiVersion));
    }

    private static Found unknownVersion(
            String apiVersion, String kind, List<String> versions, Findings findings) {
        String meant = Spelling.nearest(apiVersion, versions).orElse(versions.getFirst());
        findings.error(
                API_VERSION,
                "there is no %s in \"%s\"; did you mean \"%s\"?"
                        .formatted(kind, apiVersion, meant));
        return refused(meant, kind, findings);
    }

    private static Found unknownKind(String apiVersion, String kind, Findings findings) {
        boolean custom = isCustom(apiVersion);
        if (custom) {
            findings.error(
                    API_VERSION,
                    "unknown API group in \"%s\": custom resources are not supported yet by this version"
                            .formatted(apiVersion));
            return new Found.Refused(Optional.empty());
        }
        List<String> kinds = KnownKinds.kinds(apiVersion);
        String version = apiVersion;
        if (kinds.isEmpty()) {
            Optional<String> meant = Spelling.nearest(apiVersion, KnownKinds.allVersions());
            findings.error(
                    API_VERSION,
                    "unknown apiVersion \"%s\"%s"
                            .formatted(
                                    apiVersion,
                                    Spelling.hint(apiVersion, KnownKinds.allVersions())));
            version = meant.orElse("");
        }
        Optional<String> meant =
                Spelling.nearest(kind, kinds)
                        .or(() -> Spelling.nearest(kind, KnownKinds.allKinds()));
        findings.error(
                KIND,
                "unknown kind \"%s\"%s"
                        .formatted(
                                kind,
                                meant.map(word -> "; did you mean \"" + word + "\"?").orElse("")));
        String assumed = version;
        return meant.map(word -> refused(assumed, word, findings))
                .orElseGet(() -> new Found.Refused(Optional.empty()));
    }

    /** Goes on with what was probably meant, to find the slips in the fields as well. */
    private static Found refused(String apiVersion, String kind, Findings findings) {
        Optional<Kind> served = Kinds.served(apiVersion, kind);
        if (served.isEmpty() && KnownKinds.versions(kind).contains(apiVersion)) {
            notSupported(apiVersion, kind, findings);
        }
        return new Found.Refused(
                served.<Class<?>>map(Kind::model).or(() -> KnownKinds.model(kind)));
    }

    private static boolean isCustom(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return group.contains(".")
                && !group.endsWith("k8s.io")
                && Spelling.nearest(apiVersion, KnownKinds.allVersions()).isEmpty();
    }
}
