package dev.shiplog.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** guide row 20: the last lines of the system's own log. */
class LogsCommandTest {
    @TempDir Path folder;

    /** Its lines begin at 0, 4, 8 and 9. */
    @ParameterizedTest
    @CsvSource({"-1,0", "0,14", "1,9", "2,8", "3,4", "4,0", "9,0"})
    void theLastLinesBeginWhereTheyBegin(int lines, long begin) throws IOException {
        Path file = folder.resolve("log");
        Files.writeString(file, "one\ntwo\n\nfour\n");
        assertEquals(begin, LogsCommand.begin(file, lines));
    }

    @Test
    void aLineThatIsNotEndedCountsToo() throws IOException {
        Path file = folder.resolve("log");
        Files.writeString(file, "one\ntwo");
        assertEquals(4, LogsCommand.begin(file, 1));
        assertEquals(0, LogsCommand.begin(file, 2));
    }

    @Test
    void linesMayBeLongerThanABlock() throws IOException {
        Path file = folder.resolve("log");
        String longLine = "x".repeat(200_000) + "\n";
        Files.writeString(file, "first\n" + longLine + longLine);
        assertEquals(6 + longLine.length(), LogsCommand.begin(file, 1));
        assertEquals(6, LogsCommand.begin(file, 2));
        assertEquals(0, LogsCommand.begin(file, 3));
    }

    @Test
    void anEmptyLogHasNoLines() throws IOException {
        Path file = Files.createFile(folder.resolve("log"));
        assertEquals(0, LogsCommand.begin(file, 5));
    }
}
