package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.decide.admission.PodSecurity;
import dev.shiplog.resource.yaml.Manifests.Warning;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;

/**
 * Says which declared pods, and which templates of pods, are against the Pod Security level that
 * their namespace warns of.
 */
final class SecurityWarnings {
    private SecurityWarnings() {}

    static List<Warning> beside(
            List<Warning> others, ClusterState state, List<DeclaredResource> declared) {
        List<Warning> warnings = new ArrayList<>(others);
        for (DeclaredResource resource : declared) {
            PodSecurity.warned(state, resource.key().namespace())
                    .flatMap(level ->
                            PodSecurity.pod(resource.key().kind(), resource.body().toNode())
                                    .flatMap(pod -> PodSecurity.violation(level, pod)))
                    .ifPresent(violation ->
                            warnings.add(
                                    new Warning(
                                            resource.path(),
                                            resource.line(),
                                            1,
                                            "would "
                                                    + violation.replaceFirst(
                                                            "^violates", "violate"))));
        }
        return warnings;
    }
}
