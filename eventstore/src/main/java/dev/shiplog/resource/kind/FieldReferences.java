package dev.shiplog.resource.kind;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The fields of a pod that an environment variable can show (the downward API). */
final class FieldReferences {
    private static final List<String> FIELDS =
            List.of(
                    "metadata.name",
                    "metadata.namespace",
                    "metadata.uid",
                    "spec.nodeName",
                    "spec.serviceAccountName",
                    "status.hostIP",
                    "status.hostIPs",
                    "status.podIP",
                    "status.podIPs");

    private static final Pattern SUBSCRIPT =
            Pattern.compile("metadata\\.(labels|annotations)\\['[^']+'\\]");

    private FieldReferences() {}

    static boolean isSupported(String path) {
        return FIELDS.contains(path) || SUBSCRIPT.matcher(path).matches();
    }

    static String supported() {
        return FIELDS.stream().map(Check::quoted).collect(Collectors.joining(", "));
    }
}
