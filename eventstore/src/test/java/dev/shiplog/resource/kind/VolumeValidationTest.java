package dev.shiplog.resource.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Findings;

import org.junit.jupiter.api.Test;

import java.util.List;

final class VolumeValidationTest {
    private static Findings admit(String volumes, String mounts) {
        ObjectNode pod =
                Json.parse(
                                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"},\"spec\":{\"volumes\":["
                                        + volumes
                                        + "],\"containers\":[{\"name\":\"c\",\"image\":\"a:1\",\"volumeMounts\":["
                                        + mounts
                                        + "]}]}}")
                        .toObject();
        Findings findings = new Findings();
        Admission.admit(Kinds.of(GroupKind.POD).orElseThrow(), pod, "default", findings);
        return findings;
    }

    private static List<String> errors(String volumes, String mounts) {
        return admit(volumes, mounts).errors().stream()
                .map(error -> error.message())
                .toList();
    }

    @Test
    void volumesThatNodesMakeAreTakenInWithoutAWord() {
        Findings findings =
                admit(
                        """
                        {"name":"a","emptyDir":{"medium":"Memory","sizeLimit":"1Mi"}},
                        {"name":"b","hostPath":{"path":"/x","type":"Directory"}},
                        {"name":"c","configMap":{"name":"c","items":[{"key":"k","path":"d/k","mode":256}]}},
                        {"name":"d","secret":{"secretName":"s","optional":true}},
                        {"name":"e","downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"metadata.labels"}}]}},
                        {"name":"f","projected":{"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":600}}]}}
                        """,
                        "{\"name\":\"a\",\"mountPath\":\"/a\",\"subPath\":\"x/y\"}");
        assertEquals(List.of(), findings.errors());
        assertEquals(List.of(), findings.warnings());
    }

    @Test
    void othersAreWarnedAbout() {
        assertEquals(
                1,
                admit("{\"name\":\"a\",\"persistentVolumeClaim\":{\"claimName\":\"c\"}}", "")
                        .warnings()
                        .size());
    }

    @Test
    void whatLeadsOutOfAVolumeIsRefused() {
        assertEquals(
                List.of(
                        "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
                        "spec.volumes[1].configMap.items[0].path: Invalid value: \"/abs\": must be a relative path",
                        "spec.volumes[2].secret.items[0].path: Invalid value: \"a/../b\": must not contain '..'",
                        "spec.containers[0].volumeMounts[0].subPath: Invalid value: \"../x\": must not contain '..'"),
                errors(
                        """
                        {"name":"a","hostPath":{"path":"/a/../b"}},
                        {"name":"b","configMap":{"name":"c","items":[{"key":"k","path":"/abs"}]}},
                        {"name":"c","secret":{"secretName":"c","items":[{"key":"k","path":"a/../b"}]}}
                        """,
                        "{\"name\":\"a\",\"mountPath\":\"/a\",\"subPath\":\"../x\"}"));
    }

    @Test
    void whatCannotBeIsRefusedInKubernetesWords() {
        assertEquals(
                List.of(
                        "spec.volumes[0].secret.secretName: Required value",
                        "spec.volumes[1].configMap.defaultMode: Invalid value: 512: must be a number"
                                + " between 0 and 0777 (octal), both inclusive",
                        "spec.volumes[2].projected.sources[0].serviceAccountToken.expirationSeconds:"
                                + " Invalid value: 60: may not specify a duration less than 10 minutes",
                        "spec.containers[0].volumeMounts[0].mountPropagation: Forbidden: Bidirectional"
                                + " mount propagation is available only to privileged containers"),
                errors(
                        """
                        {"name":"a","secret":{}},
                        {"name":"b","configMap":{"name":"c","defaultMode":512}},
                        {"name":"c","projected":{"sources":[{"serviceAccountToken":{"path":"t","expirationSeconds":60}}]}}
                        """,
                        "{\"name\":\"b\",\"mountPath\":\"/a\",\"mountPropagation\":\"Bidirectional\"}"));
    }
}
