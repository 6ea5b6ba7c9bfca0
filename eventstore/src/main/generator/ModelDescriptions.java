import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Runs in the build: reads what the sources of the Kubernetes model say of its classes and fields,
 * and writes it as one gzipped text. A line is a class, relative to the model's package, and its
 * description; or, after a tab, a field of that class and its description. Sorted.
 *
 * <p>Usage: {@code java ModelDescriptions.java <folder with sources jars> <file to write>}.
 */
final class ModelDescriptions {
    private static final String MODEL = "io/fabric8/kubernetes/api/model/";
    private static final String COMMENT = "/\\*\\*\\n((?:(?!\\*/).)*?)\\*/\\s*";
    private static final Pattern CLASS =
            Pattern.compile(COMMENT + "@JsonDeserialize", Pattern.DOTALL);
    private static final Pattern FIELD =
            Pattern.compile(
                    COMMENT
                            + "@JsonProperty\\(\"([^\"]+)\"\\)(?:\\s*@\\w+(?:\\([^)]*\\))?)*"
                            + "\\s*public (?!void)",
                    Pattern.DOTALL);
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@\\w+ ([^}]*)}");

    private ModelDescriptions() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> classes = new TreeMap<>();
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith("-sources.jar")).sorted().toList();
        }
        if (jars.isEmpty()) {
            throw new IOException("expected *-sources.jar in " + arguments[0] + ", found none");
        }
        for (Path jar : jars) {
            read(jar, classes);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (String text : classes.values()) {
                out.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        Path file = Path.of(arguments[1]);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes.toByteArray());
    }

    private static void read(Path jar, Map<String, String> classes) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                String name = entry.getName();
                if (name.startsWith(MODEL)
                        && name.endsWith(".java")
                        && !name.endsWith("Builder.java")
                        && !name.endsWith("Fluent.java")) {
                    String source =
                            new String(
                                    zip.getInputStream(entry).readAllBytes(),
                                    StandardCharsets.UTF_8);
                    String type =
                            name.substring(MODEL.length(), name.length() - ".java".length())
                                    .replace('/', '.');
                    describe(type, source, classes);
                }
            }
        }
    }

    private static void describe(String type, String source, Map<String, String> classes) {
        Matcher head = CLASS.matcher(source);
        if (!head.find()) {
            return;
        }
        String description = plain(head.group(1));
        Map<String, String> fields = new TreeMap<>();
        Matcher field = FIELD.matcher(source);
        while (field.find()) {
            String text = plain(field.group(1));
            // The model repeats the description of the class where a field has none.
            if (!text.equals(description)) {
                fields.putIfAbsent(field.group(2), text);
            }
        }
        StringBuilder lines = new StringBuilder(type + "\t" + description + "\n");
        fields.forEach(
                (name, text) ->
                        lines.append('\t').append(name).append('\t').append(text).append('\n'));
        classes.put(type, lines.toString());
    }

    /** A comment as one line of plain text. */
    private static String plain(String comment) {
        StringBuilder text = new StringBuilder();
        for (String line : comment.lines().toList()) {
            String stripped = line.strip();
            text.append(stripped.startsWith("*") ? stripped.substring(1).strip() : stripped)
                    .append(' ');
        }
        return INLINE_TAG.matcher(text)
                .replaceAll(tag -> Matcher.quoteReplacement(tag.group(1)))
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
