import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.Interfaces;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.SignatureAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies jars of the Kubernetes model without what turns an object into its builder: two methods
 * and an interface. Nobody here uses them, but whoever asks a class for its methods and types
 * (Jackson does, once for each) makes the JVM load what they are of: for each class of the model a
 * builder and a large class behind it, 340 at every start. Run by the build: {@code java Unedited.java TO CLASSPATH}.
 */
final class Unedited {
    private static final String MODEL = "kubernetes-model-";
    private static final Set<String> TO_BUILDERS = Set.of("edit", "toBuilder");

    private static final ClassDesc EDITABLE =
            ClassDesc.of("io.fabric8.kubernetes.api.builder.Editable");

    private Unedited() {}

    /**
     * @param arguments a folder to copy to; and a class path, whose other jars are left alone
     */
    public static void main(String[] arguments) throws IOException {
        Path to = Path.of(arguments[0]);
        Files.createDirectories(to);
        int dropped = 0;
        for (String one : arguments[1].split(File.pathSeparator)) {
            Path from = Path.of(one);
            if (from.getFileName().toString().startsWith(MODEL)) {
                dropped += copy(from, to.resolve(from.getFileName()));
            }
        }
        if (dropped == 0) {
            throw new IOException(
                    "expected methods named " + TO_BUILDERS + " in the model, found none");
        }
    }

    /** How many methods are gone. */
    private static int copy(Path from, Path to) throws IOException {
        int dropped = 0;
        try (JarFile jar = new JarFile(from.toFile());
                OutputStream file = Files.newOutputStream(to);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                JarEntry entry = all.nextElement();
                try (InputStream in = jar.getInputStream(entry)) {
                    byte[] bytes = in.readAllBytes();
                    if (entry.getName().endsWith(".class")) {
                        ClassModel model = ClassFile.of().parse(bytes);
                        long many = model.methods().stream().filter(Unedited::toBuilder).count();
                        if (many > 0) {
                            bytes = without(model);
                            dropped += (int) many;
                        }
                    }
                    JarEntry copy = new JarEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    out.write(bytes);
                    out.closeEntry();
                }
            }
        }
        return dropped;
    }

    private static byte[] without(ClassModel model) {
        return ClassFile.of()
                .transformClass(
                        model,
                        (builder, element) -> {
                            switch (element) {
                                case MethodModel method when toBuilder(method) -> {}
                                case Interfaces all ->
                                        builder.withInterfaces(
                                                all.interfaces().stream()
                                                        .filter(Unedited::stays)
                                                        .toList());
                                case SignatureAttribute signature ->
                                        builder.with(
                                                SignatureAttribute.of(
                                                        without(signature.asClassSignature())));
                                default -> builder.with(element);
                            }
                        });
    }

    /** Who asks for the generic types of a class has the JVM load what they are of. */
    private static ClassSignature without(ClassSignature whole) {
        return ClassSignature.of(
                whole.typeParameters(),
                whole.superclassSignature(),
                whole.superinterfaceSignatures().stream()
                        .filter(one -> !one.classDesc().equals(EDITABLE))
                        .toArray(Signature.ClassTypeSig[]::new));
    }

    private static boolean stays(ClassEntry one) {
        return !one.asSymbol().equals(EDITABLE);
    }

    private static boolean toBuilder(MethodModel method) {
        return TO_BUILDERS.contains(method.methodName().stringValue())
                && method.methodTypeSymbol().parameterCount() == 0
                && !method.flags().has(AccessFlag.ABSTRACT);
    }
}
