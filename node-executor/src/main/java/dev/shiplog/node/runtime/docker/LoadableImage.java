package dev.shiplog.node.runtime.docker;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An image of one layer, in the archive format of {@code docker save}, made in memory. It carries
 * no times, so the same content is the same image.
 *
 * @param name with its tag
 * @param architecture {@code amd64} or {@code arm64}
 * @param command the image's CMD
 * @param layer a tar archive of the file system
 * @see <a href="https://github.com/moby/docker-image-spec">the image format</a>
 */
record LoadableImage(String name, String architecture, List<String> command, byte[] layer) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH =
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String EPOCH = "1970-01-01T00:00:00Z";

    byte[] archive() throws IOException {
        byte[] config = JSON.writeValueAsBytes(config());
        String layerFile = sha256(layer) + "/layer.tar";
        String configFile = sha256(config) + ".json";
        Map<String, Object> manifest = new TreeMap<>();
        manifest.put("Config", configFile);
        manifest.put("RepoTags", List.of(name));
        manifest.put("Layers", List.of(layerFile));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(archive)) {
            put(tar, configFile, config);
            put(tar, layerFile, layer);
            put(tar, "manifest.json", JSON.writeValueAsBytes(List.of(manifest)));
        }
        return archive.toByteArray();
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new TreeMap<>();
        config.put("architecture", architecture);
        config.put("os", "linux");
        config.put("created", EPOCH);
        config.put("config", new TreeMap<>(Map.of("Cmd", command, "Env", List.of(PATH))));
        Map<String, Object> rootfs = new TreeMap<>();
        rootfs.put("type", "layers");
        rootfs.put("diff_ids", List.of("sha256:" + sha256(layer)));
        config.put("rootfs", rootfs);
        Map<String, Object> history = new TreeMap<>();
        history.put("created", EPOCH);
        history.put("created_by", "shiplog");
        config.put("history", List.of(history));
        return config;
    }

    /** One program at the root, nothing else. */
    static byte[] singleFile(String name, byte[] program) throws IOException {
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(layer)) {
            put(tar, name, program);
        }
        return layer.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content)
            throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setMode(0755);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every JDK has SHA-256", never);
        }
    }
}
