package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.AutoComplete;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The command line by itself: what it refuses, and what completion knows. */
class CommandLineTest {
    private final StringWriter err = new StringWriter();
    private final CommandLine line = Main.commandLine().setErr(new PrintWriter(err));

    @ParameterizedTest
    @CsvSource({
        "virtualbox, makes no virtual machine",
        "kvm2, makes no virtual machine",
        "podman, --runtime process",
        "dokcer, 'did you mean \"docker\"?'",
    })
    void aDriverThatIsNoneOfOursIsAnsweredWithAdvice(String driver, String advice) {
        for (String option : List.of("--driver", "--vm-driver")) {
            assertEquals(2, line.execute("start", option + "=" + driver));
            assertTrue(err.toString().contains(advice), err.toString());
            err.getBuffer().setLength(0);
        }
    }

    /** What the server could only fail on is refused before one is started. */
    @ParameterizedTest
    @CsvSource({
        "--oidc-issuer=http://login.example.com, 'found \"http://login.example.com\"'",
        "--oidc-issuer=https://login.example.com?a=b, the issuer's URL",
        "--oidc-issuer=https://log in, the issuer's URL",
        "--oidc-issuer=login.example.com, https://login.example.com/realms/dev",
        "--oidc-ca-file=/nowhere/ca.crt, expected a file that can be read",
        "--source-ca-file=/nowhere/ca.crt, expected a file that can be read",
        "--token-file=/nowhere/token, found none at /nowhere/token",
        "--ssh-key=/nowhere, expected a file that can be read",
        "--source=nowhere, or a folder that is there",
    })
    void aWrongIssuerOrFileIsRefusedAtOnce(String option, String advice) {
        assertEquals(2, line.execute("start", option));
        assertTrue(err.toString().contains(advice), err.toString());
    }

    /** A Node with labels that are none could not be cordoned, nor changed in any other way. */
    @ParameterizedTest
    @CsvSource({
        "https://192.0.2.11:6443, a b=c, name part must consist of alphanumeric characters",
        "https://192.0.2.11:6443, tier=front end, a valid label must be an empty string or consist",
        "192.0.2.11:6443, tier=front, expected --server such as https://10.0.0.1:6443",
    })
    void aNodeIsNotMadeOfWhatIsNoLabelAndNoAddress(String server, String label, String advice) {
        assertEquals(2, line.execute("node", "--server", server, "--label", label));
        assertTrue(err.toString().contains(advice), err.toString());
    }

    @ParameterizedTest
    @CsvSource({"docker,DOCKER", "none,PROCESS", "native,PROCESS", "Auto,AUTO"})
    void otherDriversAreRuntimes(String driver, StartOptions.RuntimeChoice runtime) {
        assertEquals(runtime, new Driver().convert(driver));
    }

    @Test
    void aWrongWordIsNotBuriedUnderAllThatThereIs() {
        assertEquals(2, line.execute("start", "--memroy", "4g"));
        assertEquals(
                List.of(
                        "shiplog: Unknown options: '--memroy', '4g'",
                        "Possible solutions: --memory",
                        "\"shiplog start --help\" says what there is."),
                err.toString().lines().toList());
    }

    @Test
    void aWrongKeyOfASubcommandIsNotBuriedEither() {
        assertEquals(2, line.execute("config", "get", "memroy"));
        assertEquals(2, err.toString().lines().count(), err.toString());
        err.getBuffer().setLength(0);
        assertEquals(2, line.execute("config"));
        assertTrue(err.toString().contains("Take a value back."), err.toString());
    }

    @Test
    void aFileThatIsNotThereIsNoFaultOfOurs() {
        assertEquals(1, line.execute("seal", "-f", "/nowhere/db.yaml"));
        assertEquals(
                "shiplog: /nowhere/db.yaml: there is no such file\n",
                err.toString().replace("\r\n", "\n"));
        err.getBuffer().setLength(0);
        assertEquals(1, line.execute("seal", "-f", "/"));
        assertEquals(
                "shiplog: expected a manifest, found the folder /\n",
                err.toString().replace("\r\n", "\n"));
    }

    @Test
    void aCommandIsTheSameAloneAsAmongAll() {
        line.getSubcommands()
                .forEach((name, among) -> {
                    assertEquals(name, among.getCommandName());
                    CommandLine alone =
                            Objects.requireNonNull(
                                    Main.commandLine(new String[] {name})
                                            .getSubcommands()
                                            .get(name));
                    assertEquals(among.getUsageMessage(), alone.getUsageMessage());
                });
        for (String all : List.of("--help", "completion", "help", "strat")) {
            assertEquals(
                    line.getUsageMessage(), Main.commandLine(new String[] {all}).getUsageMessage());
        }
        assertEquals(line.getUsageMessage(), Main.commandLine(new String[0]).getUsageMessage());
    }

    @Test
    void completionKnowsEveryCommandAndOption() {
        String script = AutoComplete.bash("shiplog", Main.commandLine());
        for (String word :
                List.of(
                        "profile",
                        "config",
                        "service",
                        "dashboard",
                        "logs",
                        "unset",
                        "view",
                        "--memory",
                        "--registry-mirror",
                        "--insecure-registry",
                        "--image-repository",
                        "--url",
                        "--follow",
                        "--wait")) {
            assertTrue(script.contains(word), word);
        }
        assertFalse(script.contains("--vm-driver"), "an old spelling is taken, not offered");
    }

    @Test
    void completionOffersWordsAsTheyAreTaken() {
        String script = AutoComplete.bash("shiplog", Main.commandLine());
        for (String words :
                List.of(
                        "(\"auto\" \"docker\" \"process\" \"simulated\") # --runtime",
                        "(\"commit\" \"branch\" \"deny\") # --writes",
                        "(\"in-process\" \"haproxy\") # --ingress-proxy",
                        "(\"auto\" \"nftables\" \"userspace\") # --service-proxy",
                        "(\"text\" \"json\") # --output")) {
            assertTrue(script.contains(words), words);
        }
        Main.commandLine()
                .parseArgs(
                        "start",
                        "--runtime",
                        "process",
                        "--writes",
                        "branch",
                        "--ingress-proxy",
                        "in-process",
                        "--service-proxy",
                        "nftables");
    }

    @Test
    void aBrowserIsOpenedOnlyWhereThereIsAScreen() {
        assertEquals(Optional.empty(), Browser.opener(Map.of("PATH", "/usr/bin:/bin"), "Linux"));
        assertEquals(Optional.of("firefox"), Browser.opener(Map.of("BROWSER", "firefox"), "Linux"));
        assertEquals(
                Optional.empty(),
                Browser.opener(Map.of("DISPLAY", ":0", "PATH", "/nowhere"), "Linux"));
    }

    @Test
    void whoSomebodyIsToGitNeedsANameAndAnAddress() {
        assertEquals(
                "Jane Doe <jane@example.com>",
                GitIdentity.parse(
                                "user.name Joe\nuser.email jane@example.com\nuser.name Jane Doe\n")
                        .map(author -> author.name() + " <" + author.email() + ">")
                        .orElseThrow());
        assertEquals(Optional.empty(), GitIdentity.parse("user.name Jane Doe\n"));
        assertEquals(Optional.empty(), GitIdentity.parse(""));
    }
}
