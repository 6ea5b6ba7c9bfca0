package dev.shiplog.api.patch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Schema;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class ServerSideApplyTest {
    private static final Schema POD = Schema.of(Pod.class);
    private static final Schema DEPLOYMENT = Schema.of(Deployment.class);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static ObjectNode pod(String metadata, String spec) {
        return Trees.tree(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p','namespace':'d'"
                        + metadata
                        + "},'spec':{"
                        + spec
                        + "}}");
    }

    private static ObjectNode deployment(String spec) {
        return Trees.tree(
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'w','namespace':'d'},"
                        + "'spec':{"
                        + spec
                        + "}}");
    }

    private static ObjectNode apply(Optional<ObjectNode> live, ObjectNode wanted, String name) {
        return apply(live, wanted, name, false);
    }

    private static ObjectNode apply(
            Optional<ObjectNode> live, ObjectNode wanted, String name, boolean force) {
        return apply(live, wanted, name, force, NOW);
    }

    private static ObjectNode apply(
            Optional<ObjectNode> live, ObjectNode wanted, String name, boolean force, Instant now) {
        String version = wanted.path("apiVersion").asText();
        return ServerSideApply.apply(
                version.equals("v1") ? POD : DEPLOYMENT,
                version,
                live,
                wanted,
                FieldManager.applying(name, version, ""),
                force,
                now);
    }

    /** As the server stores it: with what it gives a new object. */
    private static ObjectNode stored(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        copy.withObjectProperty("metadata").put("uid", "u");
        return copy;
    }

    private static ObjectNode update(ObjectNode before, ObjectNode after, String name) {
        String version = after.path("apiVersion").asText();
        return ManagedFields.afterUpdate(
                version.equals("v1") ? POD : DEPLOYMENT,
                before,
                after,
                FieldManager.updating(name, version, ""),
                NOW);
    }

    private static Json fields(ObjectNode document, String manager) {
        for (JsonNode entry : document.path("metadata").path("managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                return Json.of(entry.path("fieldsV1"));
            }
        }
        return Json.EMPTY;
    }

    private static List<String> managers(ObjectNode document) {
        return document.path("metadata").path("managedFields").findValuesAsText("manager");
    }

    private static Status refused(Optional<ObjectNode> live, ObjectNode wanted, String name) {
        return assertThrows(ApiFailure.class, () -> apply(live, wanted, name)).status();
    }

    @Test
    void whatIsAppliedIsOwned() {
        ObjectNode live =
                apply(
                        Optional.empty(),
                        pod(
                                ",'labels':{'a':'1'},'finalizers':['f']",
                                "'containers':[{'name':'c','image':'i','args':['x'],"
                                        + "'ports':[{'containerPort':80}]}]"),
                        "me");
        assertEquals(
                Trees.json(
                        "{'f:metadata':{'f:labels':{'f:a':{}},'f:finalizers':{'v:\\\"f\\\"':{}}},"
                                + "'f:spec':{'f:containers':{'k:{\\\"name\\\":\\\"c\\\"}':"
                                + "{'.':{},'f:name':{},'f:image':{},'f:args':{},'f:ports':"
                                + "{'k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}':"
                                + "{'.':{},'f:containerPort':{}}}}}}}"),
                fields(live, "me"));
        JsonNode entry = live.path("metadata").path("managedFields").path(0);
        assertEquals("Apply", entry.path("operation").asText());
        assertEquals("v1", entry.path("apiVersion").asText());
        assertEquals("FieldsV1", entry.path("fieldsType").asText());
        assertEquals("2026-01-02T03:04:05Z", entry.path("time").asText());
        assertFalse(entry.has("subresource"));
    }

    @Test
    void applyingTheSameAgainChangesNothingNotEvenATime() {
        ObjectNode wanted = deployment("'replicas':2");
        ObjectNode once = apply(Optional.empty(), wanted, "me");
        ObjectNode twice = apply(Optional.of(once), wanted, "me", false, NOW.plusSeconds(60));
        assertEquals(Json.of(once), Json.of(twice));
    }

    @Test
    void aConflictNamesTheOwnerAndTheField() {
        ObjectNode live =
                stored(
                        update(
                                Trees.tree("{}"),
                                deployment("'replicas':1,'paused':true"),
                                "kubectl"));
        Status one = refused(Optional.of(live), deployment("'replicas':2"), "me");
        assertEquals(409, one.code());
        assertEquals("Conflict", one.reason());
        assertEquals(
                "Apply failed with 1 conflict: conflict with \"kubectl\" using apps/v1:"
                        + " .spec.replicas",
                one.message());
        assertEquals(
                Trees.json(
                        "{'causes':[{'reason':'FieldManagerConflict','message':'conflict with"
                                + " \\\"kubectl\\\" using apps/v1','field':'.spec.replicas'}]}"),
                one.details());
        Status two = refused(Optional.of(live), deployment("'replicas':2,'paused':false"), "me");
        assertEquals(
                "Apply failed with 2 conflicts: conflicts with \"kubectl\" using apps/v1:\n"
                        + "- .spec.paused\n- .spec.replicas",
                two.message());
    }

    @Test
    void anApplierIsNamedWithoutItsVersion() {
        ObjectNode live = stored(apply(Optional.empty(), deployment("'replicas':1"), "a"));
        assertEquals(
                "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas",
                refused(Optional.of(live), deployment("'replicas':2"), "b").message());
    }

    @Test
    void forceTakesTheField() {
        ObjectNode live = stored(apply(Optional.empty(), deployment("'replicas':1"), "a"));
        ObjectNode forced = apply(Optional.of(live), deployment("'replicas':2"), "b", true);
        assertEquals(2, forced.path("spec").path("replicas").asInt());
        assertEquals(List.of("b"), managers(forced));
    }

    @Test
    void theSameValueIsSharedWithoutConflict() {
        ObjectNode live = stored(apply(Optional.empty(), deployment("'replicas':1"), "a"));
        ObjectNode shared = apply(Optional.of(live), deployment("'replicas':1"), "b");
        assertEquals(List.of("a", "b"), managers(shared));
        ObjectNode given = apply(Optional.of(shared), deployment(""), "a");
        assertEquals(1, given.path("spec").path("replicas").asInt(), "b still wants it");
        ObjectNode gone = apply(Optional.of(given), deployment(""), "b");
        assertFalse(gone.path("spec").has("replicas"), "nobody wants it");
    }

    @Test
    void whatIsNoLongerAppliedGoesAndOthersStay() {
        ObjectNode live =
                stored(
                        apply(
                                Optional.empty(),
                                pod(
                                        ",'labels':{'a':'1','b':'2'},'finalizers':['x','y']",
                                        "'containers':[{'name':'c1','image':'i'},{'name':'c2','image':'i'}],"
                                                + "'nodeSelector':{'k':'v'}"),
                                "me"));
        ObjectNode other = apply(Optional.of(live), pod(",'labels':{'o':'1'}", ""), "other");
        ObjectNode less =
                apply(
                        Optional.of(other),
                        pod(
                                ",'labels':{'a':'1'},'finalizers':['y']",
                                "'containers':[{'name':'c2','image':'i'}]"),
                        "me");
        less.withObjectProperty("metadata").remove("managedFields");
        assertEquals(
                Json.of(
                        pod(
                                ",'uid':'u','labels':{'a':'1','o':'1'},'finalizers':['y']",
                                "'containers':[{'name':'c2','image':'i'}]")),
                Json.of(less));
    }

    @Test
    void anItemStaysWhileAnotherOwnsAPartOfIt() {
        ObjectNode live =
                stored(
                        apply(
                                Optional.empty(),
                                pod("", "'containers':[{'name':'c','image':'i'},{'name':'d'}]"),
                                "me"));
        ObjectNode other =
                apply(
                        Optional.of(live),
                        pod("", "'containers':[{'name':'c','workingDir':'/w'}]"),
                        "other");
        ObjectNode less = apply(Optional.of(other), pod("", "'containers':[{'name':'d'}]"), "me");
        assertEquals(
                Trees.json("{'c':[{'name':'c','workingDir':'/w'},{'name':'d'}]}"),
                Json.of(Trees.tree("{}").set("c", less.path("spec").path("containers"))));
    }

    @Test
    void whatOnlyUpdatesSetIsNotRemoved() {
        ObjectNode live = stored(apply(Optional.empty(), pod(",'labels':{'a':'1'}", ""), "me"));
        ObjectNode changed = live.deepCopy();
        changed.withObjectProperty("metadata").withObjectProperty("labels").put("x", "1");
        ObjectNode updated = update(live, changed, "editor");
        ObjectNode less = apply(Optional.of(updated), pod("", ""), "me");
        assertEquals(Trees.json("{'x':'1'}"), Json.of(less.path("metadata").path("labels")));
    }

    @Test
    void anAtomicListOrMappingIsOwnedAsAWhole() {
        ObjectNode live =
                stored(
                        apply(
                                Optional.empty(),
                                pod("", "'nodeSelector':{'a':'1'},'tolerations':[{'key':'a'}]"),
                                "a"));
        Status status =
                refused(
                        Optional.of(live),
                        pod("", "'nodeSelector':{'b':'1'},'tolerations':[{'key':'b'}]"),
                        "b");
        assertTrue(status.message().contains("- .spec.nodeSelector\n- .spec.tolerations"));
        ObjectNode forced =
                apply(Optional.of(live), pod("", "'nodeSelector':{'b':'1'}"), "b", true);
        assertEquals(Trees.json("{'b':'1'}"), Json.of(forced.path("spec").path("nodeSelector")));
    }

    @Test
    void setsAreSharedItemByItem() {
        ObjectNode live = stored(apply(Optional.empty(), pod(",'finalizers':['a']", ""), "a"));
        ObjectNode both = apply(Optional.of(live), pod(",'finalizers':['b']", ""), "b");
        assertEquals("[\"a\",\"b\"]", both.path("metadata").path("finalizers").toString());
        ObjectNode one = apply(Optional.of(both), pod("", ""), "a");
        assertEquals("[\"b\"]", one.path("metadata").path("finalizers").toString());
    }

    @Test
    void itemsComeInTheConfigurationsOrderAndOthersKeepTheirs() {
        ObjectNode live =
                stored(
                        pod(
                                "",
                                "'containers':[{'name':'a'},{'name':'x'},{'name':'b'},{'name':'y'}]"));
        ObjectNode applied =
                apply(
                        Optional.of(live),
                        pod("", "'containers':[{'name':'b'},{'name':'a'},{'name':'n'}]"),
                        "me");
        assertEquals(
                List.of("x", "b", "y", "a", "n"),
                applied.path("spec").path("containers").findValuesAsText("name"));
    }

    @Test
    void whatWasThereBeforeTheFirstApplyHasAnOwner() {
        ObjectNode live = stored(deployment("'replicas':1"));
        assertEquals(
                "Apply failed with 1 conflict: conflict with \"before-first-apply\" using"
                        + " apps/v1: .spec.replicas",
                refused(Optional.of(live), deployment("'replicas':2"), "me").message());
        ObjectNode applied = apply(Optional.of(live), deployment("'paused':true"), "me");
        assertEquals(List.of("me", "before-first-apply"), managers(applied));
    }

    @Test
    void kubectlGoesOnFromClientSideApply() {
        ObjectNode live = stored(deployment("'replicas':1,'paused':true"));
        live.withObjectProperty("metadata")
                .putObject("annotations")
                .put(LastApplied.ANNOTATION, deployment("'replicas':1").toString());
        ObjectNode applied = apply(Optional.of(live), deployment("'replicas':3"), "kubectl");
        assertEquals(3, applied.path("spec").path("replicas").asInt());
        assertTrue(
                applied.path("metadata")
                        .path("annotations")
                        .path(LastApplied.ANNOTATION)
                        .asText()
                        .contains("\"replicas\":3"));
        assertEquals(
                409, refused(Optional.of(live), deployment("'paused':false"), "kubectl").code());
        assertEquals(409, refused(Optional.of(live), deployment("'replicas':3"), "me").code());
    }

    @Test
    void theStatusBelongsToItsSubresource() {
        ObjectNode live = stored(apply(Optional.empty(), deployment("'replicas':1"), "me"));
        ObjectNode wanted = deployment("'replicas':9");
        wanted.putObject("status").put("observedGeneration", 4);
        ObjectNode status =
                ServerSideApply.apply(
                        DEPLOYMENT,
                        "apps/v1",
                        Optional.of(live),
                        wanted,
                        FieldManager.applying("ctl", "apps/v1", "status"),
                        false,
                        NOW);
        assertEquals(1, status.path("spec").path("replicas").asInt());
        assertEquals(4, status.path("status").path("observedGeneration").asInt());
        assertEquals(Trees.json("{'f:status':{'f:observedGeneration':{}}}"), fields(status, "ctl"));
        assertEquals(
                "status",
                status.path("metadata")
                        .path("managedFields")
                        .findParents("subresource")
                        .getFirst()
                        .path("subresource")
                        .asText());
        ObjectNode main = apply(Optional.of(status), wanted, "me");
        assertEquals(4, main.path("status").path("observedGeneration").asInt());
        assertEquals(Trees.json("{'f:spec':{'f:replicas':{}}}"), fields(main, "me"));
    }

    @Test
    void whatCannotBeOwnedIsRefused() {
        assertEquals(
                "failed to create typed patch object (d/w; apps/v1, Kind=Deployment):"
                        + " .spec.replica: field not declared in schema",
                refused(Optional.empty(), deployment("'replica':1"), "me").message());
        assertEquals(
                "failed to create typed patch object (d/p; v1, Kind=Pod): .spec.containers:"
                        + " duplicate entries for key [name=\"a\"]",
                refused(Optional.empty(), pod("", "'containers':[{'name':'a'},{'name':'a'}]"), "me")
                        .message());
        assertEquals(
                "failed to create typed patch object (d/p; v1, Kind=Pod): .spec.containers:"
                        + " element 0: associative list with keys has an element that omits key"
                        + " field \"name\" (and doesn't have default value)",
                refused(Optional.empty(), pod("", "'containers':[{'image':'a'}]"), "me").message());
        assertEquals(
                "metadata.managedFields must be nil",
                refused(Optional.empty(), pod(",'managedFields':[]", ""), "me").message());
        Status version =
                assertThrows(
                                ApiFailure.class,
                                () ->
                                        ServerSideApply.apply(
                                                DEPLOYMENT,
                                                "apps/v1beta2",
                                                Optional.empty(),
                                                deployment(""),
                                                FieldManager.applying("me", "apps/v1beta2", ""),
                                                false,
                                                NOW))
                        .status();
        assertEquals(
                "Incorrect version specified in apply patch. Specified patch version: apps/v1,"
                        + " expected: apps/v1beta2",
                version.message());
        assertEquals(400, version.code());
    }

    @Test
    void anUpdateMovesWhatItChanges() {
        ObjectNode live =
                stored(apply(Optional.empty(), deployment("'replicas':1,'paused':true"), "me"));
        ObjectNode changed = live.deepCopy();
        ((ObjectNode) changed.get("spec")).put("replicas", 5);
        ObjectNode updated = update(live, changed, "scaler");
        assertEquals(Trees.json("{'f:spec':{'f:replicas':{}}}"), fields(updated, "scaler"));
        assertEquals(Trees.json("{'f:spec':{'f:paused':{}}}"), fields(updated, "me"));
        ObjectNode more = updated.deepCopy();
        ((ObjectNode) more.get("spec")).put("minReadySeconds", 3);
        assertEquals(
                Trees.json("{'f:spec':{'f:minReadySeconds':{},'f:replicas':{}}}"),
                fields(update(updated, more, "scaler"), "scaler"));
    }

    @Test
    void anUpdateThatRemovesAFieldRemovesItFromItsOwner() {
        ObjectNode live =
                stored(apply(Optional.empty(), deployment("'replicas':1,'paused':true"), "me"));
        ObjectNode changed = live.deepCopy();
        ((ObjectNode) changed.get("spec")).remove("paused");
        ObjectNode updated = update(live, changed, "editor");
        assertEquals(List.of("me"), managers(updated));
        assertEquals(Trees.json("{'f:spec':{'f:replicas':{}}}"), fields(updated, "me"));
    }

    @Test
    void anUpdateWithoutAChangeChangesNothing() {
        ObjectNode live = stored(update(Trees.tree("{}"), deployment("'replicas':1"), "a"));
        ObjectNode again =
                ManagedFields.afterUpdate(
                        DEPLOYMENT,
                        live,
                        live,
                        FieldManager.updating("b", "apps/v1", ""),
                        NOW.plusSeconds(9));
        assertEquals(Json.of(live), Json.of(again));
    }

    @Test
    void anUnownedDocumentStaysSoUnlessItIsNew() {
        ObjectNode live = stored(deployment("'replicas':1"));
        assertEquals(
                List.of(), managers(update(live, stored(deployment("'replicas':2")), "editor")));
        assertEquals(
                List.of("editor"),
                managers(update(Trees.tree("{}"), deployment("'replicas':2"), "editor")));
    }

    @Test
    void anEmptyListResetsTheEntries() {
        ObjectNode live = stored(apply(Optional.empty(), deployment("'replicas':1"), "me"));
        for (String empty : List.of("[]", "[{}]")) {
            ObjectNode sent = live.deepCopy();
            ((ObjectNode) sent.get("metadata"))
                    .set("managedFields", Trees.tree("{'l':" + empty + "}").get("l"));
            assertEquals(List.of(), managers(update(live, sent, "editor")));
        }
        ObjectNode silent = live.deepCopy();
        ((ObjectNode) silent.get("metadata")).remove("managedFields");
        assertEquals(List.of("me"), managers(update(live, silent, "editor")));
    }

    @Test
    void tenUpdatersAreKeptApartAndOlderOnesAreJoined() {
        ObjectNode document = update(Trees.tree("{}"), pod(",'labels':{'l':'0'}", ""), "m0");
        for (int i = 1; i <= 12; i++) {
            ObjectNode before = stored(document);
            ObjectNode after = before.deepCopy();
            after.withObjectProperty("metadata").withObjectProperty("labels").put("l" + i, "1");
            document =
                    ManagedFields.afterUpdate(
                            POD,
                            before,
                            after,
                            FieldManager.updating("m" + i, "v1", ""),
                            NOW.plusSeconds(i));
        }
        List<String> managers = managers(document);
        assertEquals(Ownership.MAX_UPDATE_ENTRIES, managers.size());
        assertEquals("ancient-changes", managers.getFirst());
        assertEquals("m12", managers.getLast());
        assertTrue(fields(document, "ancient-changes").toString().contains("f:l3"));
    }

    @Test
    void randomConfigurationsAreAppliedOnceAndLeaveOthersAlone() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ObjectNode ofA = RandomPods.pod(random);
            ObjectNode ofB = RandomPods.pod(random);
            ObjectNode start = apply(Optional.empty(), ofB, "b");
            ObjectNode once = apply(Optional.of(start), ofA, "a", true);
            ObjectNode twice = apply(Optional.of(once), ofA, "a", false, NOW.plusSeconds(5));
            assertEquals(Json.of(once), Json.of(twice), "twice is once, seed " + seed);
            assertTrue(
                    OwnedFields.of(ofA, POD).minus(OwnedFields.of(once, POD)).isEmpty(),
                    "everything wanted is there, seed " + seed);

            ObjectNode least = Trees.tree("{'apiVersion':'v1','metadata':{'name':'p'}}");
            ObjectNode left = apply(Optional.of(once), least, "a");
            FieldSet stillB = FieldSet.parse(fields(once, "b").toNode());
            assertTrue(
                    stillB.minus(OwnedFields.of(left, POD)).isEmpty(),
                    "what b owns is there, seed " + seed);
            FieldSet onlyA =
                    OwnedFields.of(ofA, POD)
                            .minus(onTheWay(stillB))
                            .intersection(OwnedFields.of(left, POD));
            assertTrue(
                    Reset.owned(onlyA).isEmpty(),
                    "what only a wanted is gone, seed " + seed + ": " + onlyA.toJson());
        }
    }

    /** The paths of a set and those on the way to them. */
    private static FieldSet onTheWay(FieldSet set) {
        FieldSet.Builder prefixes = new FieldSet.Builder();
        for (List<PathElement> path : set.paths()) {
            for (int length = 1; length <= path.size(); length++) {
                prefixes.add(path.subList(0, length));
            }
        }
        return prefixes.build();
    }

    @Test
    void fieldsAreReadAsTheyAreWritten() {
        ObjectNode live =
                apply(
                        Optional.empty(),
                        pod(
                                ",'finalizers':['f'],'labels':{'a/b':'1'}",
                                "'containers':[{'name':'c','ports':[{'containerPort':80,'protocol':'UDP'}]}]"),
                        "me");
        Json written = fields(live, "me");
        assertEquals(written, Json.of(FieldSet.parse(written.toNode()).toJson()));
    }
}
