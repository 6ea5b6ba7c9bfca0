package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Service: one stable address for the pods that a selector chooses. */
final class ServiceTable {
    private static final Class<Service> MODEL = Service.class;

    static final Kind KIND =
            new Kind(
                    GroupKind.SERVICE,
                    "services",
                    "service",
                    List.of("svc"),
                    List.of("all"),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    MODEL,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Type",
                                    0,
                                    "How the Service is reached",
                                    MODEL,
                                    service -> Cells.orElse(spec(service).getType(), "ClusterIP")),
                            Cells.text(
                                    "Cluster-IP",
                                    0,
                                    "The address inside the cluster",
                                    MODEL,
                                    service ->
                                            Cells.orElse(spec(service).getClusterIP(), "<none>")),
                            external(),
                            Cells.text(
                                    "Port(s)",
                                    0,
                                    "The ports that it answers on, and the nodes' ports for them",
                                    MODEL,
                                    service -> ports(spec(service).getPorts())),
                            Cells.age(),
                            Cells.text(
                                    "Selector",
                                    1,
                                    "The labels of the pods that it leads to",
                                    MODEL,
                                    service -> Cells.labels(spec(service).getSelector()))),
                    new ServiceRules());

    private ServiceTable() {}

    private static Column external() {
        return new Column(
                "External-IP",
                "string",
                "",
                "The addresses from outside of the cluster",
                0,
                (resource, _) -> externalAddresses(resource));
    }

    private static JsonNode externalAddresses(Resource resource) {
        Service service = resource.as(MODEL);
        ServiceSpec spec = spec(service);
        List<String> chosen = spec.getExternalIPs() == null ? List.of() : spec.getExternalIPs();
        return TextNode.valueOf(
                switch (Cells.orElse(spec.getType(), "ClusterIP")) {
                    case "ExternalName" -> Cells.orElse(spec.getExternalName(), Cells.NONE);
                    case "LoadBalancer" -> {
                        String all =
                                Stream.concat(balancers(service).stream(), chosen.stream())
                                        .collect(Collectors.joining(","));
                        yield Cells.orElse(all, "<pending>");
                    }
                    default -> Cells.orElse(String.join(",", chosen), Cells.NONE);
                });
    }

    private static List<String> balancers(Service service) {
        if (service.getStatus() == null || service.getStatus().getLoadBalancer() == null) {
            return List.of();
        }
        List<LoadBalancerIngress> ingress = service.getStatus().getLoadBalancer().getIngress();
        return ingress.stream()
                .map(one -> Cells.orElse(one.getIp(), Cells.orElse(one.getHostname(), "")))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static String ports(List<ServicePort> ports) {
        String all =
                ports.stream()
                        .map(port ->
                                port.getPort()
                                        + (Cells.orZero(port.getNodePort()) > 0
                                                ? ":" + port.getNodePort()
                                                : "")
                                        + "/"
                                        + Cells.orElse(port.getProtocol(), "TCP"))
                        .collect(Collectors.joining(","));
        return Cells.orElse(all, Cells.NONE);
    }

    private static ServiceSpec spec(Service service) {
        return service.getSpec() == null ? new ServiceSpec() : service.getSpec();
    }
}
