package dev.shiplog.node.runtime.process;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.linux.Programs;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How containers are run.
 *
 * @param program {@code crun}, {@code runc}, or {@code unshare} for none of these
 * @param keeps whether it keeps an ended container until told to delete it, so that its groups can
 *     still be read
 * @param why what was found on the way, for people
 */
record OciRuntime(String program, boolean keeps, String version, List<String> why) {
    OciRuntime {
        why = List.copyOf(why);
    }

    /** Which to use. */
    enum Choice {
        /** {@code crun}, else {@code runc}, else plain; whichever passes a trial. */
        AUTO,
        CRUN,
        RUNC,
        /** Only the namespaces and util-linux's programs. */
        PLAIN
    }

    boolean plain() {
        return program.equals("unshare");
    }

    /** Tries what there is by really running a container that does nothing. */
    static OciRuntime find(Choice choice, Path scratch) throws IOException {
        List<String> why = new ArrayList<>();
        for (Choice candidate : List.of(Choice.CRUN, Choice.RUNC)) {
            if (choice != Choice.AUTO && choice != candidate) {
                continue;
            }
            String program = candidate.name().toLowerCase(Locale.ROOT);
            if (!Programs.installed(program)) {
                why.add(program + ": not installed");
                continue;
            }
            try {
                trial(program, scratch);
                String version = Command.run(program, "--version").lines().findFirst().orElse("");
                why.add(program + ": passed its trial");
                return new OciRuntime(program, program.equals("runc"), version, why);
            } catch (IOException e) {
                why.add(program + ": not usable here: " + e.getMessage());
            }
        }
        if (choice == Choice.CRUN || choice == Choice.RUNC) {
            throw new IOException(String.join("; ", why));
        }
        String version = Command.run("unshare", "--version").strip();
        why.add("plain: namespaces by util-linux");
        return new OciRuntime("unshare", false, version, why);
    }

    /** Runs {@code true} of this machine in a container of its own, read-only directories. */
    private static void trial(String program, Path scratch) throws IOException {
        Path bundle = Files.createTempDirectory(Files.createDirectories(scratch), "trial-");
        try {
            Files.createDirectory(bundle.resolve("rootfs"));
            ObjectNode config = OciConfig.base(List.of("/bin/true"), List.of("PATH=/bin:/usr/bin"));
            config.withObject("/root").put("path", bundle.resolve("rootfs").toString());
            for (String name : List.of("bin", "lib", "lib64", "usr")) {
                if (Files.exists(Path.of("/", name))) {
                    OciConfig.mount(config, "/" + name, "bind", "/" + name, List.of("bind", "ro"));
                }
            }
            String id = "shiplog-" + bundle.getFileName();
            config.withObject("/linux").put("cgroupsPath", "/shiplog/" + id);
            Trees.write(bundle.resolve("config.json"), Json.of(config).bytes());
            Command.run(
                    program,
                    "--root",
                    bundle.resolve("state").toString(),
                    "run",
                    "--bundle",
                    bundle.toString(),
                    id);
        } finally {
            Trees.delete(bundle);
        }
    }
}
