package dev.shiplog.node.runtime.process;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.List;

/**
 * Documents that tell an OCI runtime what to run.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md">config.json</a>
 */
final class OciConfig {
    static final List<String> MASKED =
            List.of(
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware");
    static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private OciConfig() {}

    /** A container with process and mount namespaces of its own and the rest from its starter. */
    static ObjectNode base(List<String> words, List<String> env) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("ociVersion", "1.0.2");
        ObjectNode process = config.withObject("/process");
        process.put("cwd", "/");
        words.forEach(process.withArray("args")::add);
        env.forEach(process.withArray("env")::add);
        process.withObject("/user").put("uid", 0).put("gid", 0);
        for (String set : List.of("bounding", "effective", "permitted")) {
            Capabilities.oci().forEach(process.withObject("/capabilities").withArray(set)::add);
        }
        mount(config, "/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev"));
        mount(
                config,
                "/dev",
                "tmpfs",
                "tmpfs",
                List.of("nosuid", "strictatime", "mode=755", "size=65536k"));
        mount(
                config,
                "/dev/pts",
                "devpts",
                "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"));
        mount(config, "/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev"));
        mount(config, "/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro"));
        ObjectNode linux = config.withObject("/linux");
        linux.withArray("namespaces").addObject().put("type", "pid");
        linux.withArray("namespaces").addObject().put("type", "mount");
        // Deny all; runtimes themselves add null, zero and the other harmless ones.
        linux.withObject("/resources")
                .withArray("devices")
                .addObject()
                .put("allow", false)
                .put("access", "rwm");
        MASKED.forEach(linux.withArray("maskedPaths")::add);
        READ_ONLY.forEach(linux.withArray("readonlyPaths")::add);
        return config;
    }

    /** Has it join a process namespace instead of getting its own. */
    static void joinProcesses(ObjectNode config, Path namespace) {
        config.withObject("/linux")
                .withArray("namespaces")
                .forEach(entry -> {
                    if (entry.path("type").asText().equals("pid")) {
                        ((ObjectNode) entry).put("path", namespace.toString());
                    }
                });
    }

    static void mount(
            ObjectNode config,
            String destination,
            String type,
            String source,
            List<String> options) {
        ObjectNode mount = config.withArray("mounts").addObject();
        mount.put("destination", destination).put("type", type).put("source", source);
        ArrayNode list = mount.withArray("options");
        options.forEach(list::add);
    }

    /** Has a script called at a point of the container's life. */
    static void hook(ObjectNode config, String point, List<String> words) {
        ObjectNode hook = config.withObject("/hooks").withArray(point).addObject();
        hook.put("path", "/bin/sh");
        hook.withArray("args").add("sh");
        words.forEach(hook.withArray("args")::add);
        hook.withArray("env").add("PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    }
}
