package dev.shiplog.resource.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.kind.Kinds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What authors read when they push: every message there is, in files that a person can review. */
class ManifestMessagesTest {
    @Test
    void everyRefusalSaysWhereAndWhatToDo() {
        assertGolden("refused");
    }

    @Test
    void theGuidesDamagedManifestsAreRefusedWithTheLikeliestCorrection() {
        assertGolden("damaged");
    }

    @Test
    void whatIsAcceptedIsCompletedAsKubernetesDoes() {
        assertGolden("accepted");
    }

    private static void assertGolden(String folder) {
        String shown =
                Fixtures.files(folder).stream()
                        .map(file ->
                                "== "
                                        + file.getFileName()
                                        + "\n"
                                        + Fixtures.shown(Fixtures.decode(file)))
                        .collect(Collectors.joining("\n"));
        Fixtures.assertGolden(folder + ".txt", shown);
    }

    static List<Path> refused() {
        return Fixtures.files("refused");
    }

    static List<Path> accepted() {
        return Fixtures.files("accepted");
    }

    static List<Path> seed() {
        return Fixtures.files("seed");
    }

    @ParameterizedTest
    @MethodSource
    void refused(Path file) {
        Manifests.Decoded decoded = Fixtures.decode(file);
        assertFalse(decoded.problems().isEmpty());
        for (Manifests.Problem problem : decoded.problems()) {
            assertTrue(problem.line() >= 1 && problem.column() >= 1, problem.toString());
        }
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Path file) {
        assertEquals(List.of(), Fixtures.decode(file).problems());
    }

    @ParameterizedTest
    @CsvSource({
        "lost-indentation.yaml, 4, 1, name, metadata",
        "misspelt-field.yaml, 8, 3, portS, ports",
        "misspelt-field.yaml, 7, 3, externalTrafficPorcy, externalTrafficPolicy",
        "misspelt-kind.yaml, 2, 7, EndpointS, Endpoints",
        "misspelt-operator.yaml, 9, 19, Notln, NotIn",
        "misspelt-version.yaml, 1, 13, vl, v1"
    })
    void damaged(String file, int line, int column, String word, String correction) {
        Path path = Path.of("src/test/resources/manifests/damaged", file);
        Manifests.Decoded decoded = Fixtures.decode(path);
        assertEquals(List.of(), decoded.resources());
        assertTrue(
                decoded.problems().stream()
                        .anyMatch(problem ->
                                problem.path().equals(file)
                                        && problem.line() == line
                                        && problem.column() == column
                                        && problem.message().contains(word)
                                        && problem.message().contains("\"" + correction + "\"")),
                decoded.problems().toString());
    }

    /** The guide's manifests: accepted as they stand, or refused by the name of their kind. */
    @ParameterizedTest
    @MethodSource
    void seed(Path file) {
        Manifests.Decoded decoded = Fixtures.decode(file);
        if (decoded.problems().isEmpty()) {
            assertFalse(decoded.resources().isEmpty());
            return;
        }
        Matcher named =
                Pattern.compile("kind: (\\w+) .*").matcher(decoded.problems().getFirst().message());
        assertTrue(named.matches(), decoded.problems().toString());
        String kind = named.group(1);
        assertTrue(Kinds.all().stream().noneMatch(known -> known.groupKind().kind().equals(kind)));
        for (Manifests.Problem problem : decoded.problems()) {
            assertTrue(
                    problem.message().endsWith("is not supported yet by this version"),
                    problem.toString());
        }
    }
}
