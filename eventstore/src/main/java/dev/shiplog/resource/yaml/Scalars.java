package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides what a word of YAML without quotes means, exactly as kubectl does (sigs.k8s.io/yaml,
 * which follows YAML 1.1): {@code yes}, {@code on} and {@code y} are booleans, {@code 0777} is
 * octal, dates are strings, sexagesimal numbers are not known.
 */
final class Scalars extends Resolver {
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> NOT_FINITE =
            Set.of(
                    ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF",
                    "-.inf", "-.Inf", "-.INF");
    private static final Pattern INTEGER =
            Pattern.compile("[-+]?(0|[1-9][0-9]*|0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+)");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /** Longer numbers are strings: no field holds them, and reading them takes long. */
    private static final int MAX_DIGITS = 64;

    /** The largest power of ten that is written out as an integer. */
    private static final int MAX_EXPONENT = 18;

    @Override
    protected void addImplicitResolvers() {
        // All is decided in resolve().
    }

    @Override
    public Tag resolve(NodeId kind, String value, boolean implicit) {
        return switch (kind) {
            case sequence -> Tag.SEQ;
            case mapping -> Tag.MAP;
            case scalar, anchor -> implicit ? plain(value) : Tag.STR;
        };
    }

    private static Tag plain(String value) {
        if (NULL.contains(value)) {
            return Tag.NULL;
        }
        char first = value.charAt(0);
        if (first == '<' && value.equals("<<")) {
            return Tag.MERGE;
        }
        if (TRUE.contains(value) || FALSE.contains(value)) {
            return Tag.BOOL;
        }
        if ((first >= '0' && first <= '9') || first == '+' || first == '-' || first == '.') {
            return number(value);
        }
        return Tag.STR;
    }

    private static Tag number(String value) {
        String digits = value.replace("_", "");
        if (value.length() > MAX_DIGITS) {
            return Tag.STR;
        }
        if (INTEGER.matcher(digits).matches()) {
            return Tag.INT;
        }
        return FLOAT.matcher(digits).matches() || NOT_FINITE.contains(value) ? Tag.FLOAT : Tag.STR;
    }

    /**
     * The JSON value of a scalar; empty if the text does not fit the tag, which happens only with
     * tags that the author wrote, and with numbers that JSON does not have.
     */
    static Optional<JsonNode> value(Tag tag, String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (tag.equals(Tag.STR)) {
            return Optional.of(nodes.textNode(text));
        } else if (tag.equals(Tag.NULL)) {
            return NULL.contains(text) ? Optional.of(nodes.nullNode()) : Optional.empty();
        } else if (tag.equals(Tag.BOOL)) {
            return TRUE.contains(text) || FALSE.contains(text)
                    ? Optional.of(nodes.booleanNode(TRUE.contains(text)))
                    : Optional.empty();
        } else if (tag.equals(Tag.INT) && number(text).equals(Tag.INT)) {
            return Optional.of(node(integer(text.replace("_", ""))));
        } else if ((tag.equals(Tag.FLOAT) || tag.equals(Tag.INT)) && !NOT_FINITE.contains(text)) {
            return number(text).equals(Tag.STR)
                    ? Optional.empty()
                    : Optional.of(decimal(text.replace("_", "")));
        }
        return Optional.empty();
    }

    /** As Jackson reads it from JSON, so that equal numbers are equal nodes. */
    private static JsonNode node(BigInteger value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value.bitLength() < Integer.SIZE) {
            return nodes.numberNode(value.intValue());
        }
        return value.bitLength() < Long.SIZE
                ? nodes.numberNode(value.longValue())
                : nodes.numberNode(value);
    }

    private static BigInteger integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        BigInteger value = magnitude(digits.toLowerCase(Locale.ROOT));
        return negative ? value.negate() : value;
    }

    private static BigInteger magnitude(String digits) {
        if (digits.startsWith("0x")) {
            return new BigInteger(digits.substring(2), 16);
        } else if (digits.startsWith("0b")) {
            return new BigInteger(digits.substring(2), 2);
        } else if (digits.startsWith("0o")) {
            return new BigInteger(digits.substring(2), 8);
        } else if (digits.startsWith("0")) {
            return new BigInteger(digits, 8);
        }
        return new BigInteger(digits);
    }

    /** {@code 3.0} is 3, as it is after kubectl's way through JSON. */
    private static JsonNode decimal(String text) {
        BigDecimal value = new BigDecimal(text);
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
        if (whole && value.precision() - value.scale() <= MAX_EXPONENT) {
            return node(value.toBigInteger());
        }
        return nodes.numberNode(value);
    }

    /** The words that are read as booleans though nobody would guess it. */
    static boolean surprising(String text) {
        return !List.of("true", "True", "TRUE", "false", "False", "FALSE").contains(text);
    }
}
