package dev.shiplog.api.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.select.FieldSelector.Requirement;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class FieldSelectorTest {
    @Test
    void requirementsAreRead() {
        assertEquals(
                List.of(
                        new Requirement("a.b", true, "c"),
                        new Requirement("d", false, "e"),
                        new Requirement("f", true, ""),
                        new Requirement("g", true, "h,i=j\\")),
                FieldSelector.parse("a.b=c,d!=e,f==,g=h\\,i\\=j\\\\").requirements());
        assertEquals(Optional.of("c"), FieldSelector.parse("x!=y,a=c").exact("a"));
        assertTrue(FieldSelector.parse("x!=y").exact("x").isEmpty());
        assertThrows(ApiFailure.class, () -> FieldSelector.parse("nothing"));
    }

    private static Resource resource(GroupKind kind, String body, String status) {
        return new Resource(
                new ResourceKey(kind, "ns", "name"),
                "v1",
                new Metadata(
                        new Uid("u"),
                        1,
                        Instant.EPOCH,
                        Collections.emptySortedMap(),
                        Collections.emptySortedMap(),
                        List.of(),
                        List.of(),
                        Optional.empty()),
                Json.parse(body),
                Json.parse(status),
                new Position(1));
    }

    private static String field(Resource resource, String name) {
        return Fields.of(resource.key().kind(), name).orElseThrow().of(resource);
    }

    @Test
    void fieldsAreReadWithoutATree() {
        Resource pod =
                resource(
                        GroupKind.POD,
                        """
                        {"spec":{"containers":[{"nodeName":"no"}],"hostNetwork":true,
                         "nodeName":"n1","other":{"nodeName":"no"}}}
                        """,
                        "{\"phase\":\"Running\",\"conditions\":[{\"phase\":\"no\"}]}");
        assertEquals("n1", field(pod, "spec.nodeName"));
        assertEquals("true", field(pod, "spec.hostNetwork"));
        assertEquals("Running", field(pod, "status.phase"));
        assertEquals("", field(pod, "status.podIP"));
        assertEquals("name", field(pod, "metadata.name"));
        assertEquals("ns", field(pod, "metadata.namespace"));
        assertTrue(Fields.of(GroupKind.POD, "spec.containers").isEmpty());
        assertTrue(Fields.of(GroupKind.DEPLOYMENT, "status.phase").isEmpty());
        Resource node = resource(GroupKind.NODE, "{\"spec\":{}}", "{}");
        assertEquals("false", field(node, "spec.unschedulable"));
    }

    @Test
    void eventsHaveTheirOwnFieldsUnderBothNames() {
        Resource event =
                resource(
                        GroupKind.EVENT,
                        """
                        {"involvedObject":{"kind":"Pod","name":"p","uid":"u1"},"reason":"Pulled",
                         "type":"Normal","source":{"component":"node"},"reportingComponent":"n"}
                        """,
                        "{}");
        assertEquals("Pod", field(event, "involvedObject.kind"));
        assertEquals("p", field(event, "regarding.name"));
        assertEquals("", field(event, "involvedObject.fieldPath"));
        assertEquals("Pulled", field(event, "reason"));
        assertEquals("Normal", field(event, "type"));
        assertEquals("node", field(event, "source"));
        assertEquals("n", field(event, "reportingController"));
        assertTrue(Fields.of(GroupKind.EVENT, "involvedObject.more").isEmpty());
        assertTrue(Fields.of(GroupKind.EVENT, "message").isEmpty());
    }
}
