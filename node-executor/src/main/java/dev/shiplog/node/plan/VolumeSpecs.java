package dev.shiplog.node.plan;

import dev.shiplog.node.volume.FileContent;
import dev.shiplog.node.volume.PodVolumes;
import dev.shiplog.node.volume.Volume;
import dev.shiplog.node.volume.Volume.TokenFile;

import io.fabric8.kubernetes.api.model.ConfigMapProjection;
import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.ProjectedVolumeSource;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.VolumeProjection;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A pod's volumes in the words of {@code node.volume}, with what they refer to looked up. */
final class VolumeSpecs {
    /** What Kubernetes gives files when nobody says. */
    private static final int DEFAULT_MODE = 0644;

    /** A token that belongs to somebody in particular. */
    private static final int OWNERS_TOKEN_MODE = 0600;

    private static final long DEFAULT_TOKEN_SECONDS = 3600;

    private final PodTask task;
    private final NodeFacts node;
    private final String name;
    private final SortedMap<String, FileContent> files = new TreeMap<>();
    private final List<TokenFile> tokens = new ArrayList<>();

    private VolumeSpecs(PodTask task, NodeFacts node, String name) {
        this.task = task;
        this.node = node;
        this.name = name;
    }

    /**
     * @throws ConfigError if something that is not optional is missing; the message is that of
     *     Kubernetes' event
     */
    static PodVolumes of(PodTask task, NodeFacts node) throws ConfigError {
        List<Volume> volumes = new ArrayList<>();
        for (io.fabric8.kubernetes.api.model.Volume volume : task.pod().getSpec().getVolumes()) {
            try {
                volumes.add(new VolumeSpecs(task, node, volume.getName()).volume(volume));
            } catch (ConfigError missing) {
                throw new ConfigError(
                        "MountVolume.SetUp failed for volume \""
                                + volume.getName()
                                + "\" : "
                                + missing.text());
            }
        }
        return new PodVolumes(task.document().key(), task.document().uid(), fsGroup(task), volumes);
    }

    static OptionalLong fsGroup(PodTask task) {
        PodSecurityContext context = task.pod().getSpec().getSecurityContext();
        Long group = context == null ? null : context.getFsGroup();
        return group == null ? OptionalLong.empty() : OptionalLong.of(group);
    }

    /** The groups that all of a pod's processes have besides their own. */
    static List<Long> groups(PodTask task) {
        List<Long> groups = new ArrayList<>();
        fsGroup(task).ifPresent(groups::add);
        PodSecurityContext context = task.pod().getSpec().getSecurityContext();
        if (context != null) {
            groups.addAll(context.getSupplementalGroups());
        }
        return groups;
    }

    private Volume volume(io.fabric8.kubernetes.api.model.Volume volume) throws ConfigError {
        if (volume.getHostPath() != null) {
            String type = volume.getHostPath().getType();
            return new Volume.HostPath(
                    name, Path.of(volume.getHostPath().getPath()), type == null ? "" : type);
        }
        if (volume.getConfigMap() != null) {
            add(volume.getConfigMap());
            return new Volume.Files(name, false, files, tokens);
        }
        if (volume.getSecret() != null) {
            add(volume.getSecret());
            return new Volume.Files(name, true, files, tokens);
        }
        if (volume.getDownwardAPI() != null) {
            Integer mode = volume.getDownwardAPI().getDefaultMode();
            addAll(volume.getDownwardAPI().getItems(), mode);
            return new Volume.Files(name, false, files, tokens);
        }
        if (volume.getProjected() != null) {
            add(volume.getProjected());
            // As in Kubernetes, all of it is in memory, whatever it is.
            return new Volume.Files(name, true, files, tokens);
        }
        if (volume.getEmptyDir() != null) {
            return emptyDir(volume.getEmptyDir());
        }
        throw new ConfigError(
                "expected emptyDir, hostPath, configMap, secret, downwardAPI or projected: this"
                        + " version has no other volumes");
    }

    private Volume emptyDir(EmptyDirVolumeSource source) {
        boolean memory = "Memory".equals(source.getMedium());
        OptionalLong limit =
                source.getSizeLimit() == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(source.getSizeLimit().getNumericalAmount().longValue());
        return new Volume.EmptyDir(name, memory, memory ? OptionalLong.of(least(limit)) : limit);
    }

    /** In memory, no more than the pod may use, nor than the node has. */
    private long least(OptionalLong limit) {
        long most = Math.min(limit.orElse(Long.MAX_VALUE), node.memoryBytes());
        long sum = 0;
        for (Container container : task.mainContainers()) {
            OptionalLong ofOne = Resources.memoryLimit(container);
            if (ofOne.isEmpty()) {
                return most;
            }
            sum += ofOne.getAsLong();
        }
        return Math.min(most, sum);
    }

    private void add(ConfigMapVolumeSource source) throws ConfigError {
        addAll(
                found("configmap", source.getName(), source.getOptional()),
                "configmap references non-existent config key: ",
                source.getItems(),
                source.getDefaultMode(),
                source.getOptional());
    }

    private void add(SecretVolumeSource source) throws ConfigError {
        addAll(
                found("secret", source.getSecretName(), source.getOptional()),
                "references non-existent secret key: ",
                source.getItems(),
                source.getDefaultMode(),
                source.getOptional());
    }

    private void add(ProjectedVolumeSource projected) throws ConfigError {
        Integer mode = projected.getDefaultMode();
        for (VolumeProjection source : projected.getSources()) {
            if (source.getConfigMap() != null) {
                ConfigMapProjection map = source.getConfigMap();
                addAll(
                        found("configmap", map.getName(), map.getOptional()),
                        "configmap references non-existent config key: ",
                        map.getItems(),
                        mode,
                        map.getOptional());
            } else if (source.getSecret() != null) {
                SecretProjection secret = source.getSecret();
                addAll(
                        found("secret", secret.getName(), secret.getOptional()),
                        "references non-existent secret key: ",
                        secret.getItems(),
                        mode,
                        secret.getOptional());
            } else if (source.getDownwardAPI() != null) {
                addAll(source.getDownwardAPI().getItems(), mode);
            } else if (source.getServiceAccountToken() != null) {
                add(source.getServiceAccountToken(), mode);
            } else {
                throw new ConfigError(
                        "expected sources of a projected volume to be a configMap, secret,"
                                + " downwardAPI or serviceAccountToken: this version has no other");
            }
        }
    }

    private void add(ServiceAccountTokenProjection source, @Nullable Integer mode)
            throws ConfigError {
        Long seconds = source.getExpirationSeconds();
        tokens.add(
                new TokenFile(
                        inside(source.getPath()),
                        source.getAudience() == null ? "" : source.getAudience(),
                        seconds == null ? DEFAULT_TOKEN_SECONDS : seconds,
                        fsGroup(task).isPresent() ? OWNERS_TOKEN_MODE : or(mode, DEFAULT_MODE)));
    }

    private Optional<SortedMap<String, byte[]>> found(
            String kind, String of, @Nullable Boolean optional) throws ConfigError {
        Optional<SortedMap<String, byte[]>> found =
                kind.equals("secret") ? task.inputs().secret(of) : task.inputs().files(of);
        if (found.isEmpty() && !Boolean.TRUE.equals(optional)) {
            throw new ConfigError(kind + " \"" + of + "\" not found");
        }
        return found;
    }

    private void addAll(
            Optional<SortedMap<String, byte[]>> found,
            String missing,
            List<KeyToPath> items,
            @Nullable Integer mode,
            @Nullable Boolean optional)
            throws ConfigError {
        SortedMap<String, byte[]> values = found.orElse(new TreeMap<>());
        if (items.isEmpty()) {
            values.forEach(
                    (key, value) -> files.put(key, new FileContent(value, or(mode, DEFAULT_MODE))));
            return;
        }
        for (KeyToPath item : items) {
            byte[] value = values.get(item.getKey());
            if (value != null) {
                files.put(
                        inside(item.getPath()),
                        new FileContent(value, or(item.getMode(), or(mode, DEFAULT_MODE))));
            } else if (!Boolean.TRUE.equals(optional)) {
                throw new ConfigError(missing + item.getKey());
            }
        }
    }

    private void addAll(List<DownwardAPIVolumeFile> items, @Nullable Integer mode)
            throws ConfigError {
        for (DownwardAPIVolumeFile item : items) {
            files.put(
                    inside(item.getPath()),
                    new FileContent(
                            text(item).getBytes(StandardCharsets.UTF_8),
                            or(item.getMode(), or(mode, DEFAULT_MODE))));
        }
    }

    private String text(DownwardAPIVolumeFile item) throws ConfigError {
        if (item.getFieldRef() != null) {
            return field(item.getFieldRef().getFieldPath());
        }
        String of = item.getResourceFieldRef().getContainerName();
        Container container =
                Stream.concat(task.mainContainers().stream(), task.initContainers().stream())
                        .filter(candidate -> candidate.getName().equals(of))
                        .findFirst()
                        .orElseThrow(() -> new ConfigError("container " + of + " not found"));
        return Resources.reference(task, container, item.getResourceFieldRef(), node);
    }

    private String field(String path) throws ConfigError {
        return switch (path) {
            case "metadata.name" -> task.document().key().name();
            case "metadata.namespace" -> task.document().key().namespace();
            case "metadata.uid" -> task.document().uid().value();
            case "metadata.labels" -> lines(task.document().metadata().labels());
            case "metadata.annotations" -> lines(task.document().metadata().annotations());
            default -> entry(path);
        };
    }

    private String entry(String path) throws ConfigError {
        int open = path.indexOf("['");
        if (open > 0 && path.endsWith("']")) {
            String key = path.substring(open + 2, path.length() - 2);
            switch (path.substring(0, open)) {
                case "metadata.labels" -> {
                    return task.document().metadata().labels().getOrDefault(key, "");
                }
                case "metadata.annotations" -> {
                    return task.document().metadata().annotations().getOrDefault(key, "");
                }
                default -> {
                    // Said below.
                }
            }
        }
        throw new ConfigError(
                "expected a field that volumes may refer to, such as metadata.labels, found"
                        + " fieldPath \""
                        + path
                        + "\"");
    }

    /** One line {@code key="value"} each, the value quoted as in Go. */
    private static String lines(Map<String, String> map) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(map).forEach((key, value) -> lines.add(key + "=" + quoted(value)));
        return String.join("\n", lines);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** A path in the volume, and nowhere else. */
    private static String inside(String path) throws ConfigError {
        Path given = Path.of(path);
        if (path.isEmpty()
                || given.isAbsolute()
                || !given.normalize().equals(given)
                || given.startsWith("..")) {
            throw new ConfigError("expected a path inside of the volume, found \"" + path + "\"");
        }
        return path;
    }

    private static int or(@Nullable Integer mode, int otherwise) {
        return mode == null ? otherwise : mode;
    }
}
