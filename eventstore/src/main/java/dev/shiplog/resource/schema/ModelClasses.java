package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the members of a class of the Kubernetes model the way Jackson does when it binds a
 * document to it, so that what is accepted here is what is bound later.
 */
final class ModelClasses {
    private static final DeserializationConfig CONFIG =
            JsonMapper.builder().build().getDeserializationConfig();

    private static final String MODEL = "io.fabric8.kubernetes.api.model.";

    /** Classes of the model that are written as one string. */
    private static final List<String> STRINGS =
            List.of(MODEL + "MicroTime", MODEL + "Duration", "java.time.ZonedDateTime");

    private ModelClasses() {}

    static Map<String, Shape> members(Class<?> model) {
        JavaType type = CONFIG.constructType(model);
        Map<String, Shape> members = new TreeMap<>();
        for (BeanPropertyDefinition property : CONFIG.introspect(type).findProperties()) {
            members.put(property.getName(), shape(model, property));
        }
        return Collections.unmodifiableMap(members);
    }

    /** Whether any document may stand where this class does. */
    static boolean isOpen(Class<?> raw) {
        return raw == Object.class
                || raw.isInterface()
                || !raw.getName().startsWith(MODEL)
                || raw.getSimpleName().equals("AnyType")
                || raw.getSimpleName().equals("FieldsV1");
    }

    private static Shape shape(Class<?> model, BeanPropertyDefinition property) {
        List<String> values = Vocabulary.of(model.getSimpleName(), property.getName());
        if (!values.isEmpty()) {
            return new Shape.OneOf(values);
        }
        JavaType type = property.getPrimaryType();
        return STRINGS.contains(type.getRawClass().getName())
                ? Shape.Scalar.STRING
                : Shape.of(type);
    }
}
