package dev.shiplog.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a repository is: a URL, {@code host:path} as ssh has it, or a folder. A folder is named
 * whole, since later starts may be from elsewhere.
 */
final class RepositoryUrl implements ITypeConverter<String> {
    private static final Pattern URL = Pattern.compile("[a-z][a-z0-9+.-]*://.+|[^/:]+:.+");

    @Override
    public String convert(String text) {
        if (URL.matcher(text).matches()) {
            return text;
        }
        try {
            Path folder = Path.of(text).toAbsolutePath().normalize();
            if (!text.isBlank() && Files.isDirectory(folder)) {
                return folder.toString();
            }
        } catch (InvalidPathException _) {
            // No such folder can be.
        }
        throw new TypeConversionException(
                "expected a URL such as https://git.example.com/ops/cluster.git or"
                        + " git@git.example.com:ops/cluster.git, or a folder that is there, found \""
                        + text
                        + "\"");
    }
}
