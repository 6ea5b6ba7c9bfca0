package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** EndpointSlice: some of the addresses behind a Service, with the state of each. */
final class EndpointSliceTable {
    private static final Class<EndpointSlice> MODEL = EndpointSlice.class;

    private static final int MAX_ENDPOINTS = 1_000;

    static final Kind KIND =
            new Kind(
                    GroupKind.ENDPOINT_SLICE,
                    "endpointslices",
                    "endpointslice",
                    List.of(),
                    List.of(),
                    true,
                    "discovery.k8s.io/v1",
                    List.of("discovery.k8s.io/v1"),
                    true,
                    MODEL,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "AddressType",
                                    0,
                                    "The kind of addresses",
                                    MODEL,
                                    slice -> Cells.orElse(slice.getAddressType(), "")),
                            Cells.text(
                                    "Ports",
                                    0,
                                    "The ports of every endpoint",
                                    MODEL,
                                    slice ->
                                            slice.getPorts().isEmpty()
                                                    ? "<unset>"
                                                    : shown(
                                                            slice.getPorts().stream(),
                                                            port ->
                                                                    port.getPort() == null
                                                                            ? "*"
                                                                            : port.getPort()
                                                                                    .toString())),
                            Cells.text(
                                    "Endpoints",
                                    0,
                                    "The addresses",
                                    MODEL,
                                    slice ->
                                            slice.getEndpoints().isEmpty()
                                                    ? "<unset>"
                                                    : shown(
                                                            slice.getEndpoints().stream()
                                                                    .flatMap(e ->
                                                                            e
                                                                                    .getAddresses()
                                                                                    .stream()),
                                                            Function.identity())),
                            Cells.age()),
                    new SliceRules());

    private EndpointSliceTable() {}

    private static <T> String shown(Stream<T> items, Function<T, String> text) {
        return Cells.few(items.map(text).toList());
    }

    private static final class SliceRules implements Rules {
        @Override
        public void setDefaults(ObjectNode document) {
            for (ObjectNode port : Defaults.objects(document, "ports")) {
                if (!port.has("name")) {
                    port.put("name", "");
                }
                Defaults.put(port, "protocol", "TCP");
            }
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            String type = document.path("addressType").asText();
            if (type.isEmpty()) {
                findings.required(FieldPath.of("addressType"), "");
            }
            JsonNode endpoints = document.path("endpoints");
            FieldPath path = FieldPath.of("endpoints");
            if (endpoints.size() > MAX_ENDPOINTS) {
                findings.error(
                        path,
                        "Too many: "
                                + endpoints.size()
                                + ": must have at most "
                                + MAX_ENDPOINTS
                                + " items");
            }
            for (int i = 0; i < endpoints.size(); i++) {
                JsonNode addresses = endpoints.get(i).path("addresses");
                FieldPath at = path.item(i).child("addresses");
                if (addresses.isEmpty()) {
                    findings.required(at, "must contain at least 1 address");
                }
                for (int j = 0; j < addresses.size() && type.equals("IPv4"); j++) {
                    EndpointAddresses.check(addresses.get(j).asText(), at.item(j), findings);
                }
            }
        }
    }
}
