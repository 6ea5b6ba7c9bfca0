package dev.shiplog.api.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.Json;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is declared, what the client saw, what it wants; what is declared then. */
class CarriedTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    # Nothing was changed: what the cluster filled in is not declared.
                    {"a":1}            | {"a":1,"ip":"x"}          | {"a":1,"ip":"x"}          | {"a":1}
                    # Only what was changed is carried over.
                    {"a":1}            | {"a":1,"ip":"x"}          | {"a":2,"ip":"x"}          | {"a":2}
                    {"a":1,"b":1}      | {"a":1,"b":1,"ip":"x"}    | {"b":1,"ip":"x"}          | {"b":1}
                    # One that leaves out what was filled in does not take it out of Git.
                    {"a":1}            | {"a":1,"ip":"x"}          | {"a":2}                   | {"a":2}
                    # What the client itself sets is declared.
                    {"a":1}            | {"a":1,"ip":"x"}          | {"a":1,"ip":"y"}          | {"a":1,"ip":"y"}
                    # Items of lists: changed in place, moved, added, taken away.
                    {"p":[{"n":1}]}    | {"p":[{"n":1,"np":9}]}    | {"p":[{"n":2,"np":9}]}    | {"p":[{"n":2}]}
                    {"p":[1,{"n":1}]}  | {"p":[1,{"n":1,"np":9}]}  | {"p":[{"n":1,"np":9},1]}  | {"p":[{"n":1},1]}
                    {"p":[{"n":1}]}    | {"p":[{"n":1,"np":9}]}    | {"p":[{"n":1,"np":9},2]}  | {"p":[{"n":1},2]}
                    {"p":[1,{"n":1}]}  | {"p":[1,{"n":1,"np":9}]}  | {"p":[{"n":1,"np":9}]}    | {"p":[{"n":1}]}
                    """)
    void onlyWhatTheClientChanged(String said, String live, String wish, String expected) {
        assertEquals(
                Json.parse(expected),
                Carried.over(Json.parse(said), Json.parse(live), Json.parse(wish)));
    }
}
