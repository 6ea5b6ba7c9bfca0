package dev.shiplog.api.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.shiplog.api.ApiFailure;

import org.junit.jupiter.api.Test;

import java.util.Map;

class LabelSelectorTest {
    private static final Map<String, String> LABELS =
            Map.of("env", "prod", "tier", "web", "n", "5", "example.org/x", "", "dash-ed", "a_b.c");

    private static void matches(boolean expected, String selector) {
        assertEquals(expected, LabelSelector.parse(selector).matches(LABELS), selector);
    }

    @Test
    void everyOperator() {
        matches(true, "");
        matches(true, "env=prod");
        matches(true, "env==prod");
        matches(true, " env = prod , tier = web ");
        matches(false, "env=dev");
        matches(false, "env=prod,tier=db");
        matches(true, "env!=dev");
        matches(false, "env!=prod");
        matches(true, "none!=x");
        matches(true, "env in (prod,devel)");
        matches(true, "env in ( devel , prod )");
        matches(false, "env in (devel)");
        matches(false, "none in (a)");
        matches(false, "env notin (prod,devel)");
        matches(true, "none notin (prod)");
        matches(true, "env in (prod),tier notin (db),n");
        matches(true, "env");
        matches(false, "none");
        matches(false, "!env");
        matches(true, "!none");
        matches(true, "n>4");
        matches(false, "n>5");
        matches(true, "n<6");
        matches(false, "env>4");
        matches(true, "example.org/x=");
        matches(true, "example.org/x in ()");
        matches(true, "dash-ed=a_b.c");
    }

    @Test
    void whatIsNoSelectorIsRefused() {
        for (String text :
                new String[] {
                    "a b",
                    "a in b",
                    "a in (b",
                    "a)",
                    "=b",
                    "a=b,,c=d",
                    "a=b c",
                    "a>x",
                    "-a",
                    "!",
                    "a//b=c"
                }) {
            ApiFailure failure =
                    assertThrows(ApiFailure.class, () -> LabelSelector.parse(text), text);
            assertEquals(400, failure.status().code());
        }
    }
}
