package dev.shiplog.controller.endpoints;

import dev.shiplog.controller.Pods;
import dev.shiplog.resource.Resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One pod behind a Service.
 *
 * @param ports where this pod answers what the Service's ports promise; without those that the pod
 *     does not name
 * @param hostname the pod's own name under the Service's; empty if it has none
 * @param ready whether it should get traffic
 * @param serving whether it could answer, even while it is on its way out
 */
record Backend(
        Resource pod,
        String ip,
        List<Port> ports,
        String node,
        String hostname,
        boolean ready,
        boolean serving,
        boolean terminating) {

    /**
     * @param name of the Service's port; empty for its only one
     */
    record Port(String name, int port, String protocol, String appProtocol) {}

    /** The pod as a backend; empty while it has no address, or when it has ended. */
    static Optional<Backend> of(Resource service, Resource resource) {
        Pod pod = resource.as(Pod.class);
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        if (ip == null || ip.isEmpty() || Pods.finished(resource)) {
            return Optional.empty();
        }
        Service view = service.as(Service.class);
        boolean always = Boolean.TRUE.equals(view.getSpec().getPublishNotReadyAddresses());
        boolean serving = always || Pods.ready(resource);
        boolean terminating = resource.metadata().deleting();
        PodSpec spec = pod.getSpec();
        boolean named =
                spec.getHostname() != null && service.key().name().equals(spec.getSubdomain());
        return Optional.of(
                new Backend(
                        resource,
                        ip,
                        ports(view, spec),
                        Pods.nodeName(resource),
                        named ? spec.getHostname() : "",
                        serving && (always || !terminating),
                        serving,
                        terminating));
    }

    private static List<Port> ports(Service service, PodSpec pod) {
        List<Port> ports = new ArrayList<>();
        for (ServicePort port : service.getSpec().getPorts()) {
            String protocol = port.getProtocol() == null ? "TCP" : port.getProtocol();
            target(port, protocol, pod)
                    .ifPresent(number ->
                            ports.add(
                                    new Port(
                                            port.getName() == null ? "" : port.getName(),
                                            number,
                                            protocol,
                                            port.getAppProtocol() == null
                                                    ? ""
                                                    : port.getAppProtocol())));
        }
        return ports;
    }

    private static Optional<Integer> target(ServicePort port, String protocol, PodSpec pod) {
        IntOrString target = port.getTargetPort();
        if (target == null) {
            return Optional.of(port.getPort());
        }
        if (target.getStrVal() == null) {
            return Optional.of(target.getIntVal());
        }
        return Stream.concat(
                        pod.getContainers().stream(),
                        pod.getInitContainers().stream()
                                .filter(init -> "Always".equals(init.getRestartPolicy())))
                .map(Container::getPorts)
                .flatMap(List::stream)
                .filter(named -> target.getStrVal().equals(named.getName()))
                .filter(named ->
                        protocol.equals(named.getProtocol() == null ? "TCP" : named.getProtocol()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }
}
