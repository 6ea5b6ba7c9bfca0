package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;

import java.util.ArrayList;
import java.util.List;

/** Endpoints: the addresses behind a Service of the same name. */
final class EndpointsTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.ENDPOINTS,
                    "endpoints",
                    "endpoints",
                    List.of("ep"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    Endpoints.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Endpoints",
                                    0,
                                    "The addresses and ports that are ready",
                                    Endpoints.class,
                                    EndpointsTable::addresses),
                            Cells.age()),
                    new EndpointsRules());

    private EndpointsTable() {}

    private static String addresses(Endpoints endpoints) {
        List<String> all = new ArrayList<>();
        for (EndpointSubset subset : endpoints.getSubsets()) {
            for (EndpointAddress address : subset.getAddresses()) {
                if (subset.getPorts().isEmpty()) {
                    all.add(address.getIp());
                }
                for (EndpointPort port : subset.getPorts()) {
                    all.add(address.getIp() + ":" + port.getPort());
                }
            }
        }
        return all.isEmpty() ? Cells.NONE : Cells.few(all);
    }

    private static final class EndpointsRules implements Rules {
        @Override
        public void setDefaults(ObjectNode document) {
            for (ObjectNode subset : Defaults.objects(document, "subsets")) {
                for (ObjectNode port : Defaults.objects(subset, "ports")) {
                    Defaults.put(port, "protocol", "TCP");
                }
            }
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            JsonNode subsets = document.path("subsets");
            for (int i = 0; i < subsets.size(); i++) {
                subset(subsets.get(i), FieldPath.of("subsets").item(i), findings);
            }
        }

        private static void subset(JsonNode subset, FieldPath path, Findings findings) {
            if (subset.path("addresses").isEmpty() && subset.path("notReadyAddresses").isEmpty()) {
                findings.required(path, "must specify `addresses` or `notReadyAddresses`");
            }
            for (String list : List.of("addresses", "notReadyAddresses")) {
                JsonNode addresses = subset.path(list);
                for (int i = 0; i < addresses.size(); i++) {
                    EndpointAddresses.check(
                            addresses.get(i).path("ip").asText(),
                            path.child(list).item(i).child("ip"),
                            findings);
                }
            }
            JsonNode ports = subset.path("ports");
            for (int i = 0; i < ports.size(); i++) {
                FieldPath at = path.child("ports").item(i);
                Check.port(ports.get(i).path("port"), at.child("port"), findings);
                String name = ports.get(i).path("name").asText();
                if (name.isEmpty() && ports.size() > 1) {
                    findings.required(at.child("name"), "");
                } else if (!name.isEmpty()) {
                    Check.text(name, at.child("name"), Names::label, findings);
                }
            }
        }
    }
}
