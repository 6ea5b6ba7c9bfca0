package dev.shiplog.cli;

import dev.shiplog.resource.schema.Spelling;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What users of minikube call a driver, as one of our runtimes. */
final class Driver implements ITypeConverter<StartOptions.RuntimeChoice> {
    /** minikube's names for this machine itself. */
    private static final List<String> BARE = List.of("none", "native", "bare-metal");

    private static final List<String> MACHINES =
            List.of(
                    "hyperkit",
                    "hyperv",
                    "kvm",
                    "kvm2",
                    "krunkit",
                    "parallels",
                    "qemu",
                    "qemu2",
                    "vfkit",
                    "virtualbox",
                    "vmware",
                    "vmwarefusion",
                    "xhyve");

    @Override
    public StartOptions.RuntimeChoice convert(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        for (StartOptions.RuntimeChoice choice : StartOptions.RuntimeChoice.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(name)) {
                return choice;
            }
        }
        if (BARE.contains(name)) {
            return StartOptions.RuntimeChoice.PROCESS;
        }
        if (MACHINES.contains(name)) {
            throw new TypeConversionException(
                    "Shiplog makes no virtual machine, it runs containers on this one: leave \""
                            + name
                            + "\" out, or say --runtime docker or --runtime process");
        }
        if (name.equals("podman") || name.equals("ssh")) {
            throw new TypeConversionException(
                    "Shiplog does not know \""
                            + name
                            + "\": say --runtime docker, or --runtime process, which needs neither"
                            + " Docker nor Podman");
        }
        List<String> known = new ArrayList<>(BARE);
        for (StartOptions.RuntimeChoice choice : StartOptions.RuntimeChoice.values()) {
            known.add(choice.name().toLowerCase(Locale.ROOT));
        }
        throw new TypeConversionException(
                "expected one of "
                        + String.join(", ", known)
                        + ", found \""
                        + text
                        + "\""
                        + Spelling.hint(name, known));
    }
}
