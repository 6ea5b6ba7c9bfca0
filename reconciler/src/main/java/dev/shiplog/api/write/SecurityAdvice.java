package dev.shiplog.api.write;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.admission.PodSecurity;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.Optional;

/**
 * What Pod Security says beside what it enforces: of the level that a namespace warns of, to who
 * writes; of the level that it audits, to who reads the events (k8s.io/pod-security-admission, for
 * the words).
 */
final class SecurityAdvice {
    private static final String AUDIT_REASON = "PodSecurityAudit";
    private static final String COMPONENT = "pod-security";

    private SecurityAdvice() {}

    /** The warning that a write of a pod, or of what makes pods, is answered with. */
    static Optional<String> warning(ClusterState state, ResourceKey key, Json body) {
        return PodSecurity.warned(state, key.namespace())
                .flatMap(level -> violation(level, key, body));
    }

    /** The note that is taken of a write. */
    static Optional<ResourceCommand> note(ClusterState state, Resource written) {
        ResourceKey key = written.key();
        return PodSecurity.audited(state, key.namespace())
                .flatMap(level -> violation(level, key, written.body()))
                .map(violation ->
                        new ResourceCommand.AddNote(
                                new ResourceCommand.Note(
                                        key,
                                        written.uid(),
                                        true,
                                        AUDIT_REASON,
                                        violation,
                                        COMPONENT,
                                        "")));
    }

    private static Optional<String> violation(
            PodSecurity.Level level, ResourceKey key, Json body) {
        return PodSecurity.pod(key.kind(), body.toNode())
                .flatMap(pod -> PodSecurity.violation(level, pod))
                .map(violation -> "would " + violation.replaceFirst("^violates", "violate"));
    }
}
