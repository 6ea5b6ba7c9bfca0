package dev.shiplog.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that must be there now: the server, which reads it later, could only fail. */
final class ReadableFile implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
        try {
            Path file = Path.of(text);
            if (Files.isRegularFile(file) && Files.isReadable(file)) {
                return file;
            }
        } catch (InvalidPathException _) {
            // No such file can be.
        }
        throw new TypeConversionException(
                "expected a file that can be read, found none at " + text);
    }
}
