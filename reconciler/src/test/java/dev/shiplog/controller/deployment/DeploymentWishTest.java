package dev.shiplog.controller.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.shiplog.controller.TemplateHash;
import dev.shiplog.resource.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentWishTest {
    @ParameterizedTest(name = "{0} of {1}: surge {2}, unavailable {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "25%    | 10 | 3  | 2",
                "25%    | 3  | 1  | 0",
                "50%    | 1  | 1  | 0",
                "100%   | 7  | 7  | 7",
                "0%     | 7  | 0  | 0",
                "33%    | 3  | 1  | 0",
            })
    void surgeRoundsUpAndUnavailableDown(String percent, int replicas, int up, int down) {
        var value = Json.parse("\"" + percent.strip() + "\"").toNode();
        assertEquals(up, DeploymentWish.resolve(value, replicas, true));
        assertEquals(down, DeploymentWish.resolve(value, replicas, false));
    }

    @Test
    void numbersStandForThemselvesAndNothingForAQuarter() {
        assertEquals(4, DeploymentWish.resolve(Json.parse("4").toNode(), 2, true));
        assertEquals(2, DeploymentWish.resolve(Json.EMPTY.toNode().path("maxSurge"), 8, true));
    }

    @Test
    void theHashIsOfTheMeaningAndWithoutItself() {
        var one = Json.parse("{\"metadata\":{\"labels\":{\"a\":\"1\"}},\"spec\":{\"x\":1}}");
        var same =
                Json.parse(
                        "{\"spec\":{\"x\":1},\"metadata\":{\"labels\":{\"pod-template-hash\":\"z\",\"a\":\"1\"}}}");
        var other = Json.parse("{\"metadata\":{\"labels\":{\"a\":\"1\"}},\"spec\":{\"x\":2}}");
        assertEquals(TemplateHash.of(one.toNode(), 0), TemplateHash.of(same.toNode(), 0));
        assertNotEquals(TemplateHash.of(one.toNode(), 0), TemplateHash.of(other.toNode(), 0));
        assertNotEquals(TemplateHash.of(one.toNode(), 0), TemplateHash.of(one.toNode(), 1));
    }
}
