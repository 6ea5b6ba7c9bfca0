package dev.shiplog.api.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Schema;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

class PatchesTest {
    private static final Schema POD = Schema.of(Pod.class);
    private static final Schema DEPLOYMENT = Schema.of(Deployment.class);

    /**
     * @param rule what it shows
     */
    private record Case(
            String rule,
            PatchType type,
            Schema schema,
            String before,
            String patch,
            String after) {}

    private static Case json(String rule, String before, String patch, String after) {
        return new Case(rule, PatchType.JSON_PATCH, POD, before, patch, after);
    }

    private static Case merge(String rule, String before, String patch, String after) {
        return new Case(rule, PatchType.MERGE_PATCH, POD, before, patch, after);
    }

    private static Case strategic(String rule, String before, String patch, String after) {
        return new Case(rule, PatchType.STRATEGIC_MERGE_PATCH, POD, before, patch, after);
    }

    private static String spec(String inner) {
        return "{'spec':{" + inner + "}}";
    }

    private static final List<Case> CASES =
            List.of(
                    json(
                            "add sets a member",
                            "{'a':1}",
                            "[{'op':'add','path':'/b','value':2}]",
                            "{'a':1,'b':2}"),
                    json(
                            "add at an index moves the rest",
                            "{'a':[1,3]}",
                            "[{'op':'add','path':'/a/1','value':2}]",
                            "{'a':[1,2,3]}"),
                    json(
                            "add at - appends",
                            "{'a':[1]}",
                            "[{'op':'add','path':'/a/-','value':2}]",
                            "{'a':[1,2]}"),
                    json(
                            "a tilde escapes slashes",
                            "{'metadata':{'annotations':{'a/b':'x'}}}",
                            "[{'op':'remove','path':'/metadata/annotations/a~1b'}]",
                            "{'metadata':{'annotations':{}}}"),
                    json(
                            "replace needs what it replaces, and has it",
                            "{'a':{'b':1}}",
                            "[{'op':'replace','path':'/a/b','value':[]}]",
                            "{'a':{'b':[]}}"),
                    json(
                            "move takes away and adds",
                            "{'a':1,'b':{}}",
                            "[{'op':'move','from':'/a','path':'/b/c'}]",
                            "{'b':{'c':1}}"),
                    json(
                            "copy leaves the original",
                            "{'a':[1]}",
                            "[{'op':'copy','from':'/a','path':'/b'},"
                                    + "{'op':'add','path':'/b/-','value':2}]",
                            "{'a':[1],'b':[1,2]}"),
                    json(
                            "test compares numbers by value",
                            "{'a':1.0}",
                            "[{'op':'test','path':'/a','value':1}]",
                            "{'a':1.0}"),
                    json(
                            "a negative index counts from the end",
                            "{'a':[1,2]}",
                            "[{'op':'remove','path':'/a/-1'}]",
                            "{'a':[1]}"),
                    merge(
                            "null deletes, mappings merge, lists are replaced",
                            "{'a':{'b':1,'c':2},'l':[1,2],'x':1}",
                            "{'a':{'b':null},'l':[3],'x':null,'y':null}",
                            "{'a':{'c':2},'l':[3]}"),
                    merge(
                            "a mapping takes a scalar's place",
                            "{'a':1}",
                            "{'a':{'b':2}}",
                            "{'a':{'b':2}}"),
                    strategic(
                            "items merge by key, and a new one comes ahead of what the patch does not name",
                            spec("'containers':[{'name':'a','image':'1'},{'name':'b'}]"),
                            spec("'containers':[{'name':'a','image':'2'},{'name':'c'}]"),
                            spec(
                                    "'containers':[{'name':'a','image':'2'},{'name':'c'},{'name':'b'}]")),
                    strategic(
                            "$patch: delete removes an item",
                            spec("'containers':[{'name':'a'},{'name':'b'}]"),
                            spec("'containers':[{'$patch':'delete','name':'a'}]"),
                            spec("'containers':[{'name':'b'}]")),
                    strategic(
                            "$patch: replace in a list replaces the list",
                            spec("'containers':[{'name':'a'},{'name':'b'}]"),
                            spec("'containers':[{'name':'c'},{'$patch':'replace'}]"),
                            spec("'containers':[{'name':'c'}]")),
                    strategic(
                            "$patch: replace in a mapping replaces the mapping",
                            "{'metadata':{'labels':{'a':'1','b':'2'}}}",
                            "{'metadata':{'labels':{'$patch':'replace','c':'3'}}}",
                            "{'metadata':{'labels':{'c':'3'}}}"),
                    strategic(
                            "$patch: delete in a mapping empties it",
                            "{'metadata':{'labels':{'a':'1'}}}",
                            "{'metadata':{'labels':{'$patch':'delete'}}}",
                            "{'metadata':{'labels':{}}}"),
                    strategic(
                            "$patch: merge is what happens anyway",
                            "{'metadata':{'labels':{'a':'1'}}}",
                            "{'metadata':{'labels':{'$patch':'merge','b':'2'}}}",
                            "{'metadata':{'labels':{'a':'1','b':'2'}}}"),
                    strategic(
                            "a list without a strategy is replaced",
                            spec("'tolerations':[{'key':'a'}]"),
                            spec("'tolerations':[{'key':'b'}]"),
                            spec("'tolerations':[{'key':'b'}]")),
                    strategic(
                            "scalars of a merged list are joined",
                            "{'metadata':{'finalizers':['a','b']}}",
                            "{'metadata':{'finalizers':['c','a']}}",
                            "{'metadata':{'finalizers':['c','a','b']}}"),
                    strategic(
                            "$deleteFromPrimitiveList removes scalars",
                            "{'metadata':{'finalizers':['a','b','c']}}",
                            "{'metadata':{'$deleteFromPrimitiveList/finalizers':['b']}}",
                            "{'metadata':{'finalizers':['a','c']}}"),
                    strategic(
                            "$setElementOrder orders; what it does not name keeps its place",
                            spec("'containers':[{'name':'a'},{'name':'x'},{'name':'b'}]"),
                            spec(
                                    "'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],"
                                            + "'containers':[{'name':'a','image':'2'}]"),
                            spec(
                                    "'containers':[{'name':'x'},{'name':'b'},{'name':'a','image':'2'}]")),
                    strategic(
                            "$setElementOrder orders what is deleted beside it",
                            spec("'containers':[{'name':'a'},{'name':'b'},{'name':'c'}]"),
                            spec(
                                    "'$setElementOrder/containers':[{'name':'c'},{'name':'a'}],"
                                            + "'containers':[{'$patch':'delete','name':'b'}]"),
                            spec("'containers':[{'name':'c'},{'name':'a'}]")),
                    strategic(
                            "$retainKeys drops what it does not name",
                            spec("'volumes':[{'name':'v','emptyDir':{}}]"),
                            spec(
                                    "'volumes':[{'$retainKeys':['name','hostPath'],'name':'v',"
                                            + "'hostPath':{'path':'/x'}}]"),
                            spec("'volumes':[{'name':'v','hostPath':{'path':'/x'}}]")),
                    strategic(
                            "null deletes, in items too, and is not kept where nothing was",
                            spec("'containers':[{'name':'a','image':'1','tty':true}]"),
                            spec(
                                    "'nodeName':null,'containers':[{'name':'a','tty':null},"
                                            + "{'name':'b','tty':null}]"),
                            spec("'containers':[{'name':'a','image':'1'},{'name':'b'}]")),
                    new Case(
                            "the strategy of a Deployment retains keys",
                            PatchType.STRATEGIC_MERGE_PATCH,
                            DEPLOYMENT,
                            spec(
                                    "'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}"),
                            spec("'strategy':{'$retainKeys':['type'],'type':'Recreate'}"),
                            spec("'strategy':{'type':'Recreate'}")),
                    new Case(
                            "lists merge below lists and mappings",
                            PatchType.STRATEGIC_MERGE_PATCH,
                            DEPLOYMENT,
                            spec(
                                    "'template':{'spec':{'containers':[{'name':'a','env':[{'name':'X','value':'1'}]}]}}"),
                            spec(
                                    "'template':{'spec':{'containers':[{'name':'a','env':[{'name':'Y','value':'2'}]}]}}"),
                            spec(
                                    "'template':{'spec':{'containers':[{'name':'a','env':[{'name':'Y','value':'2'},{'name':'X','value':'1'}]}]}}")));

    private static ObjectNode apply(Case example, String before) {
        return Patches.apply(
                example.type(),
                Trees.tree(before),
                example.patch().replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                example.schema());
    }

    @Test
    void everyRuleHolds() {
        for (Case example : CASES) {
            assertEquals(
                    Trees.json(example.after()),
                    Json.of(apply(example, example.before())),
                    example.rule());
        }
    }

    @Test
    void aPatchLeavesItsDocumentAlone() {
        for (Case example : CASES) {
            ObjectNode document = Trees.tree(example.before());
            Patches.apply(
                    example.type(),
                    document,
                    example.patch().replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                    example.schema());
            assertEquals(Trees.json(example.before()), Json.of(document), example.rule());
        }
    }

    /** Merging patches say what is wanted, so saying it again changes nothing. */
    @Test
    void mergingTwiceIsMergingOnce() {
        for (Case example : CASES) {
            if (example.type() != PatchType.JSON_PATCH) {
                ObjectNode once = apply(example, example.before());
                assertEquals(
                        Json.of(once), Json.of(apply(example, once.toString())), example.rule());
            }
        }
    }

    @Test
    void randomStrategicPatchesAreIdempotentAndSetWhatTheySay() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ObjectNode before = RandomPods.pod(random);
            ObjectNode patch = RandomPods.pod(random);
            byte[] bytes = patch.toString().getBytes(StandardCharsets.UTF_8);
            ObjectNode once = Patches.apply(PatchType.STRATEGIC_MERGE_PATCH, before, bytes, POD);
            ObjectNode twice = Patches.apply(PatchType.STRATEGIC_MERGE_PATCH, once, bytes, POD);
            assertEquals(Json.of(once), Json.of(twice), "seed " + seed);
            assertTrue(
                    OwnedFields.of(once, POD).union(OwnedFields.of(patch, POD)).paths().size()
                            == OwnedFields.of(once, POD).paths().size(),
                    "seed " + seed + ": everything of the patch is there");
            assertTrue(
                    Comparison.of(before, once, POD).removed().isEmpty(),
                    "seed " + seed + ": nothing is lost");
        }
    }

    private static Status refused(PatchType type, String before, String patch) {
        return assertThrows(
                        ApiFailure.class,
                        () ->
                                Patches.apply(
                                        type,
                                        Trees.tree(before),
                                        patch.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                                        POD))
                .status();
    }

    @Test
    void whatDoesNotFitIsUnprocessable() {
        for (String operation :
                List.of(
                        "{'op':'remove','path':'/b'}",
                        "{'op':'replace','path':'/b','value':1}",
                        "{'op':'add','path':'/b/c','value':1}",
                        "{'op':'test','path':'/a','value':2}",
                        "{'op':'remove','path':'/l/9'}",
                        "{'op':'move','from':'/l','path':'/l/0'}",
                        "{'op':'jump','path':'/a'}",
                        "{'op':'add','path':'/a'}",
                        "{'op':'add','path':'a','value':1}")) {
            Status status = refused(PatchType.JSON_PATCH, "{'a':1,'l':[]}", "[" + operation + "]");
            assertEquals(422, status.code(), operation);
            assertEquals("Invalid", status.reason());
            assertEquals(
                    "the server rejected our request due to an error in our request",
                    status.message());
            assertTrue(status.details().toString().contains("patch[0]"), operation);
        }
    }

    @Test
    void malformedPatchesAreBadRequests() {
        assertEquals(400, refused(PatchType.JSON_PATCH, "{}", "{}").code());
        assertEquals(400, refused(PatchType.MERGE_PATCH, "{}", "[]").code());
        assertEquals(400, refused(PatchType.STRATEGIC_MERGE_PATCH, "{}", "{").code());
        assertEquals(
                "map: {\"image\":\"x\"} does not contain declared merge key: name",
                refused(
                                PatchType.STRATEGIC_MERGE_PATCH,
                                spec("'containers':[{'name':'a'}]"),
                                spec("'containers':[{'image':'x'}]"))
                        .message());
        assertEquals(
                "invalid patch format of retainKeys",
                refused(PatchType.STRATEGIC_MERGE_PATCH, "{}", "{'$retainKeys':['a'],'b':1}")
                        .message());
        assertTrue(
                refused(PatchType.STRATEGIC_MERGE_PATCH, "{}", "{'$patch':'jump'}")
                        .message()
                        .startsWith("unknown patch type: jump in map"));
        assertTrue(
                refused(
                                PatchType.STRATEGIC_MERGE_PATCH,
                                spec("'containers':[{'name':'a'}]"),
                                spec(
                                        "'$setElementOrder/containers':[{'name':'b'},{'name':'c'}],"
                                                + "'containers':[{'name':'c'},{'name':'b'}]"))
                        .message()
                        .startsWith("The order in patch list"));
    }

    @Test
    void aJsonPatchIsBounded() {
        StringBuilder many = new StringBuilder("[");
        for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
            many.append(i == 0 ? "" : ",").append("{'op':'test','path':'/a','value':1}");
        }
        Status status = refused(PatchType.JSON_PATCH, "{'a':1}", many + "]");
        assertEquals(413, status.code());
        assertTrue(status.message().endsWith("is 10000, got 10001"), status.message());

        StringBuilder doubling = new StringBuilder("[");
        for (int i = 0; i < 40; i++) {
            doubling.append(i == 0 ? "" : ",")
                    .append("{'op':'copy','from':'/a','path':'/a/x%d'}".formatted(i));
        }
        Status grown = refused(PatchType.JSON_PATCH, "{'a':{'b':'c'}}", doubling + "]");
        assertEquals(422, grown.code());
        assertTrue(grown.details().toString().contains("exceeding the limit"));
    }

    @Test
    void mediaTypesNameTheLanguage() {
        assertEquals(
                PatchType.MERGE_PATCH, PatchType.of("application/merge-patch+json; charset=utf-8"));
        ApiFailure failure = assertThrows(ApiFailure.class, () -> PatchType.of("application/json"));
        assertEquals(415, failure.status().code());
        assertEquals(
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json,"
                        + " application/strategic-merge-patch+json, application/apply-patch+yaml",
                failure.status().message());
    }
}
