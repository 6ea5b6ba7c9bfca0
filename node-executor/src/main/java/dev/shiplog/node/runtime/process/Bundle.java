package dev.shiplog.node.runtime.process;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.image.Image;
import dev.shiplog.node.runtime.Mount;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a supervisor needs, written into a container's directory: {@code settings} for
 * the scripts, {@code launch} to run it, and either {@code config.json} for an OCI runtime or
 * {@code fstab} and {@code command} for {@code init.sh}; and {@code enter} for those who enter it
 * later. Readable by root only: environments hold secrets.
 */
final class Bundle {
    private final Layout layout;
    private final OciRuntime runtime;
    private final boolean overlay;

    Bundle(Layout layout, OciRuntime runtime, boolean overlay) {
        this.layout = layout;
        this.runtime = runtime;
        this.overlay = overlay;
    }

    /**
     * One container to be written.
     *
     * @param mounts what it sees of the machine's files
     * @param additionalGroups gids that it has besides its own
     * @param processes the process namespace to join instead of having its own
     * @param groups of the container
     * @param keepers groups for its supervisor
     * @param runtimeGroup where an OCI runtime puts it first
     */
    record Content(
            ContainerRecord record,
            SandboxRecord sandbox,
            Image image,
            ContainerProcess process,
            MountPoints mounts,
            List<Long> additionalGroups,
            boolean stdin,
            boolean stdinOnce,
            boolean tty,
            Optional<Path> processes,
            List<Path> groups,
            List<Path> keepers,
            Optional<Path> oomEvents,
            String runtimeGroup) {}

    void write(Content content) throws IOException {
        Path directory = layout.container(content.record.id());
        Files.writeString(directory.resolve("settings"), settings(content, directory));
        Files.writeString(directory.resolve(Entrance.FILE), Entrance.of(content.process).text());
        if (runtime.plain()) {
            Files.writeString(directory.resolve("fstab"), fstab(directory));
            Files.writeString(directory.resolve("volumes"), content.mounts.script());
            Files.writeString(directory.resolve("command"), command(content.process));
            Files.writeString(
                    directory.resolve("launch"),
                    content.processes
                                    .map(namespace ->
                                            "exec nsenter --pid="
                                                    + Scripts.quote(namespace.toString())
                                                    + " -- unshare --mount"
                                                    + " --propagation unchanged -- sh ")
                                    .orElse(
                                            "exec unshare --pid --mount --propagation unchanged"
                                                    + " -- sh -c 'sh \"$1\"; exit $?' sh ")
                            + Scripts.quote(layout.scripts().resolve("init.sh").toString())
                            + "\n");
        } else {
            Files.write(
                    directory.resolve("config.json"), Json.of(config(content, directory)).bytes());
            Files.writeString(
                    directory.resolve("launch"), "exec " + run(content.record.id(), directory));
            Files.writeString(directory.resolve("delete"), "exec " + delete(content.record.id()));
        }
    }

    private String settings(Content content, Path directory) {
        Map<String, String> settings = new LinkedHashMap<>();
        String id = content.record.id();
        settings.put("DIRECTORY", directory.toString());
        settings.put("SCRIPTS", layout.scripts().toString());
        settings.put("NAMESPACES", layout.namespaces().toString());
        settings.put("SHM", layout.namespaces(content.sandbox.id()).resolve("shm").toString());
        settings.put("LAYERS", layout.images().resolve("layers").toString());
        settings.put("LAYER_NAMES", String.join(" ", layers(content.image)));
        settings.put("OVERLAY", overlay ? options(content.image, directory) : "");
        settings.put("ROOT", directory.resolve("rootfs").toString());
        settings.put("LOG", layout.log(id).toString());
        settings.put("STARTED", layout.started(id).toString());
        settings.put("EXITED", layout.exited(id).toString());
        settings.put("CGROUPS", paths(content.groups));
        settings.put("SHARES_PROCESSES", content.processes.isPresent() ? "yes" : "no");
        settings.put("KEEPER_CGROUPS", paths(content.keepers));
        settings.put("OOM_EVENTS", content.oomEvents.map(Path::toString).orElse(""));
        settings.put("STDIN", content.stdin ? "yes" : "no");
        settings.put("STDIN_ONCE", content.stdinOnce ? "yes" : "no");
        settings.put("TTY", content.tty ? "yes" : "no");
        RunAs user = content.process.user();
        settings.put("OUTPUT_OWNER", user.uid() == 0 ? "" : user.uid() + ":" + user.gid());
        settings.put("RUNTIME_DELETE", runtime.plain() ? "" : "yes");
        StringBuilder text = new StringBuilder();
        settings.forEach((name, value) ->
                text.append(name).append('=').append(Scripts.quote(value)).append('\n'));
        return text.toString();
    }

    private static String paths(List<Path> paths) {
        return String.join(" ", paths.stream().map(Path::toString).toList());
    }

    private static List<String> layers(Image image) {
        return image.layers().stream().map(path -> String.valueOf(path.getFileName())).toList();
    }

    /** Layers are named relative to their directory: mount(2) takes one page of options. */
    private static String options(Image image, Path directory) {
        return "lowerdir="
                + String.join(":", layers(image).reversed())
                + ",upperdir="
                + directory.resolve("upper")
                + ",workdir="
                + directory.resolve("work");
    }

    private static String command(ContainerProcess process) {
        RunAs user = process.user();
        List<String> words = new ArrayList<>();
        words.add("setpriv");
        words.add("--bounding-set=" + Capabilities.setpriv());
        words.add("--inh-caps=-all");
        words.add("--");
        words.add("env");
        words.add("-i");
        words.addAll(process.env());
        words.add("unshare");
        words.add("--root=.");
        words.add("--wd=" + process.directory());
        words.add("--setgid=" + user.gid());
        words.add("--setuid=" + user.uid());
        words.add("--");
        words.addAll(process.words());
        return "exec " + Scripts.line(words) + "\n";
    }

    private static String fstab(Path directory) {
        List<String> lines = new ArrayList<>();
        String root = directory.resolve("rootfs").toString();
        mount(lines, "proc", root + "/proc", "proc", "nosuid,nodev,noexec");
        mount(lines, "sysfs", root + "/sys", "sysfs", "ro,nosuid,nodev,noexec");
        mount(lines, "tmpfs", root + "/dev", "tmpfs", "nosuid,mode=755,size=65536k");
        mount(
                lines,
                "devpts",
                root + "/dev/pts",
                "devpts",
                "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5,X-mount.mkdir");
        mount(lines, "mqueue", root + "/dev/mqueue", "mqueue", "nosuid,nodev,noexec,X-mount.mkdir");
        mount(
                lines,
                directory.resolve("shm").toString(),
                root + "/dev/shm",
                "none",
                "bind,X-mount.mkdir");
        for (String path : OciConfig.READ_ONLY) {
            if (Files.exists(Path.of(path))) {
                mount(lines, root + path, root + path, "none", "bind,ro");
            }
        }
        for (String path : OciConfig.MASKED) {
            if (Files.isDirectory(Path.of(path))) {
                mount(lines, "tmpfs", root + path, "tmpfs", "ro,size=4k");
            } else if (Files.exists(Path.of(path))) {
                mount(lines, "/dev/null", root + path, "none", "bind");
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** fstab(5) writes blanks as \040. */
    private static void mount(
            List<String> lines, String source, String target, String type, String options) {
        lines.add(
                source.replace(" ", "\\040")
                        + " "
                        + target.replace(" ", "\\040")
                        + " "
                        + type
                        + " "
                        + options
                        + " 0 0");
    }

    private ObjectNode config(Content content, Path directory) {
        ContainerProcess process = content.process;
        ObjectNode config = OciConfig.base(process.words(), process.env());
        config.withObject("/root").put("path", directory.resolve("rootfs").toString());
        config.withObject("/process").put("terminal", content.tty).put("cwd", process.directory());
        config.withObject("/process/user")
                .put("uid", process.user().uid())
                .put("gid", process.user().gid());
        content.processes.ifPresent(namespace -> OciConfig.joinProcesses(config, namespace));
        config.withObject("/linux").put("cgroupsPath", content.runtimeGroup);
        OciConfig.mount(
                config, "/dev/shm", "bind", directory.resolve("shm").toString(), List.of("bind"));
        for (Mount mount : content.mounts.mounts()) {
            OciConfig.mount(
                    config,
                    mount.containerPath(),
                    "bind",
                    mount.hostPath().toString(),
                    List.of("rbind", mount.readOnly() ? "ro" : "rw", mount.propagation().option()));
        }
        content.additionalGroups.forEach(
                config.withObject("/process/user").withArray("additionalGids")::add);
        String hook = layout.scripts().resolve("hook.sh").toString();
        OciConfig.hook(config, "createRuntime", List.of(hook, directory.toString(), "create"));
        OciConfig.hook(config, "poststart", List.of(hook, directory.toString(), "start"));
        return config;
    }

    private String run(String id, Path directory) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                runtime.program(),
                                "--root",
                                layout.oci().toString(),
                                "--log",
                                directory.resolve("runtime.log").toString(),
                                "run"));
        if (runtime.keeps()) {
            words.add("--keep");
        }
        words.addAll(List.of("--bundle", directory.toString(), id));
        return Scripts.line(words) + "\n";
    }

    private String delete(String id) {
        return Scripts.line(
                        List.of(
                                runtime.program(),
                                "--root",
                                layout.oci().toString(),
                                "delete",
                                "--force",
                                id))
                + "\n";
    }
}
