package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.networking.v1.ServiceCIDR;

import java.util.ArrayList;
import java.util.List;

/** ServiceCIDR: the range of addresses that the cluster's Services are given. There is one. */
final class ServiceCidrTable {
    private static final FieldPath CIDRS = FieldPath.of("spec", "cidrs");

    static final Kind KIND =
            new Kind(
                    GroupKind.SERVICE_CIDR,
                    "servicecidrs",
                    "servicecidr",
                    List.of(),
                    List.of(),
                    false,
                    "networking.k8s.io/v1",
                    List.of("networking.k8s.io/v1"),
                    true,
                    ServiceCIDR.class,
                    List.of(
                            Cells.name(0),
                            new Column(
                                    "CIDRs",
                                    "string",
                                    "",
                                    "CIDRs defines the IP blocks in CIDR notation (e.g."
                                            + " \"192.168.0.0/24\" or \"2001:db8::/64\") from which"
                                            + " to assign service cluster IPs.",
                                    0,
                                    (resource, _) ->
                                            TextNode.valueOf(
                                                    cidrs(
                                                            resource.body()
                                                                    .toNode()
                                                                    .path("spec")
                                                                    .path("cidrs")))),
                            Cells.age()),
                    new ServiceCidrRules());

    private ServiceCidrTable() {}

    private static String cidrs(JsonNode cidrs) {
        List<String> texts = new ArrayList<>();
        cidrs.forEach(cidr -> texts.add(cidr.asText()));
        return String.join(",", texts);
    }

    private static final class ServiceCidrRules implements Rules {
        @Override
        public void validate(ObjectNode document, Findings findings) {
            if (!document.path("metadata").path("name").asText().equals(ServiceRanges.KEY.name())) {
                findings.forbidden(
                        FieldPath.of("metadata", "name"),
                        "this cluster has one range for Services, the ServiceCIDR "
                                + ServiceRanges.KEY.name()
                                + ": start it with --service-cidr to choose it");
            }
            JsonNode cidrs = document.path("spec").path("cidrs");
            if (cidrs.size() != 1) {
                findings.invalid(CIDRS, cidrs.toString(), "must have exactly one range, of IPv4");
                return;
            }
            try {
                ServiceRanges.parse(cidrs.path(0).asText());
            } catch (IllegalArgumentException none) {
                findings.invalid(CIDRS.item(0), cidrs.path(0).toString(), message(none));
            }
        }

        private static String message(IllegalArgumentException none) {
            return String.valueOf(none.getMessage());
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            JsonNode cidrs = after.path("spec").path("cidrs");
            if (!before.path("spec").path("cidrs").equals(cidrs)) {
                findings.invalid(CIDRS, cidrs.toString(), "field is immutable");
            }
        }
    }
}
