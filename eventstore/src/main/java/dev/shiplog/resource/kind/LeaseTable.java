package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;

import java.util.List;

/**
 * Lease: who holds something for the next seconds: nodes their life, one of several controllers the
 * lead. Renewed all the time, and so kept beside the log.
 */
final class LeaseTable {
    private static final FieldPath SPEC = FieldPath.of("spec");

    static final Kind KIND =
            new Kind(
                    GroupKind.LEASE,
                    "leases",
                    "lease",
                    List.of(),
                    List.of(),
                    true,
                    "coordination.k8s.io/v1",
                    List.of("coordination.k8s.io/v1"),
                    false,
                    Lease.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Holder",
                                    "holderIdentity contains the identity of the holder of a current"
                                            + " lease. If Coordinated Leader Election is used, the"
                                            + " holder identity must be equal to the elected"
                                            + " LeaseCandidate.metadata.name field.",
                                    lease ->
                                            lease.body()
                                                    .toNode()
                                                    .path("spec")
                                                    .path("holderIdentity")
                                                    .asText()),
                            Cells.age()),
                    new LeaseRules());

    private LeaseTable() {}

    private static final class LeaseRules implements Rules {
        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode spec = document.path("spec");
            Check.positive(spec, "leaseDurationSeconds", SPEC, findings);
            Check.notNegative(spec, "leaseTransitions", SPEC, findings);
        }
    }
}
