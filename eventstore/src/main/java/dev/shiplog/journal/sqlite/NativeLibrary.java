package dev.shiplog.journal.sqlite;

import org.sqlite.util.LibraryLoaderUtil;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * SQLite itself, in machine code. It comes in a jar, and is unpacked from there, and compared byte
 * by byte, whenever a program starts; unless it lies in the folder that {@code org.sqlite.lib.path}
 * names.
 */
public final class NativeLibrary {
    private NativeLibrary() {}

    /** Puts the library for this machine into a folder; nothing if there is none for it. */
    public static void unpack(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream in = LibraryLoaderUtil.class.getResourceAsStream(resource)) {
            if (in != null) {
                Files.createDirectories(folder);
                Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
