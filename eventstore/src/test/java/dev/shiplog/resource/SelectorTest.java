package dev.shiplog.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;
import java.util.TreeMap;

class SelectorTest {
    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''                      | ''                | true
                    ''                      | app=web           | true
                    app=web                 | app=web           | true
                    app==web                | app=web           | true
                    app = web               | app=web           | true
                    app=web                 | app=db            | false
                    app=web                 | ''                | false
                    app=web,tier=front      | app=web           | false
                    app=web,tier=front      | app=web tier=front| true
                    app!=web                | app=db            | true
                    app!=web                | app=web           | false
                    app!=web                | ''                | true
                    app in (web,db)         | app=db            | true
                    app in (web, db)        | app=cache         | false
                    app in (web,db)         | ''                | false
                    app notin (web,db)      | app=cache         | true
                    app notin (web,db)      | app=web           | false
                    app notin (web,db)      | ''                | true
                    app                     | app=web           | true
                    app                     | tier=front        | false
                    !app                    | tier=front        | true
                    !app                    | app=web           | false
                    a.io/b in (x),!c,d!=e   | a.io/b=x d=f      | true
                    a.io/b in (x),!c,d!=e   | a.io/b=x c=1      | false
                    """)
    void choosesByLabels(String selector, String labels, boolean chosen) {
        Selector parsed = Selector.parse(selector);
        assertEquals(chosen, parsed.matches(labels(labels)));
        assertEquals(parsed, Selector.parse(parsed.toString()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"matchLabels":{"b":"2","a":"1"}}                                           | a=1,b=2
                    {"matchExpressions":[{"key":"a","operator":"In","values":["2","1"]}]}      | a in (1,2)
                    {"matchExpressions":[{"key":"a","operator":"NotIn","values":["2"]}]}       | a!=2
                    {"matchExpressions":[{"key":"a","operator":"Exists"}]}                     | a
                    {"matchLabels":{"z":"1"},"matchExpressions":[{"key":"a","operator":"DoesNotExist"}]} | z=1,!a
                    {}                                                                          | ''
                    """)
    void readsLabelSelectors(String json, String text) {
        assertEquals(text, Selector.of(Json.parse(json).toNode()).toString());
    }

    @Test
    void readsMapsOfLabels() {
        assertEquals("a=1,b=2", Selector.ofLabels(Map.of("b", "2", "a", "1")).toString());
        assertEquals("a=1", Selector.ofLabels(Json.parse("{\"a\":\"1\"}").toNode()).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"=web", "!", "a b", "a like (b)", "a in b", "app in (web"})
    void saysWhatItCannotRead(String text) {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Selector.parse(text)).toString();
        assertTrue(message.contains("expected") && message.contains("found"), message);
    }

    @Test
    void refusesOperatorsThatDoNotFitTheirValues() {
        for (String operator : new String[] {"In", "NotIn", "Equals"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            Selector.of(
                                    Json.parse(
                                                    "{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\""
                                                            + operator
                                                            + "\"}]}")
                                            .toNode()));
        }
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        for (String label : text.split(" ", -1)) {
            if (!label.isEmpty()) {
                labels.put(label.split("=", 2)[0], label.split("=", 2)[1]);
            }
        }
        return labels;
    }
}
