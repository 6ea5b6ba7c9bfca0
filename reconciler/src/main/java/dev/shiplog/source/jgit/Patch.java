package dev.shiplog.source.jgit;

import dev.shiplog.source.WorkingFiles;

import org.eclipse.jgit.diff.DiffAlgorithm;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What an edit would change, as a text that {@code git apply} takes. */
final class Patch {
    private static final byte[] NOTHING = new byte[0];

    private Patch() {}

    static String of(SortedMap<String, Optional<byte[]>> after, WorkingFiles before)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Map.Entry<String, Optional<byte[]>> file : after.entrySet()) {
            file(out, file.getKey(), before.read(file.getKey()), file.getValue());
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void file(
            ByteArrayOutputStream out, String path, Optional<byte[]> old, Optional<byte[]> now)
            throws IOException {
        line(out, "diff --git a/" + path + " b/" + path);
        if (old.isEmpty()) {
            line(out, "new file mode 100644");
        } else if (now.isEmpty()) {
            line(out, "deleted file mode 100644");
        }
        line(out, "--- " + (old.isEmpty() ? "/dev/null" : "a/" + path));
        line(out, "+++ " + (now.isEmpty() ? "/dev/null" : "b/" + path));
        RawText from = new RawText(old.orElse(NOTHING));
        RawText to = new RawText(now.orElse(NOTHING));
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            formatter.format(
                    DiffAlgorithm.getAlgorithm(DiffAlgorithm.SupportedAlgorithm.HISTOGRAM)
                            .diff(RawTextComparator.DEFAULT, from, to),
                    from,
                    to);
        }
    }

    private static void line(ByteArrayOutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
