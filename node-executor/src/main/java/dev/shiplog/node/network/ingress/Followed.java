package dev.shiplog.node.network.ingress;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.link.ClusterView.Update;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.IngressClasses;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What of the cluster matters to its Ingresses, at one position of the log. Immutable and pure. */
final class Followed {
    static final Set<GroupKind> KINDS =
            Set.of(
                    GroupKind.INGRESS,
                    GroupKind.INGRESS_CLASS,
                    GroupKind.SERVICE,
                    GroupKind.ENDPOINT_SLICE,
                    GroupKind.SECRET);

    static final Followed NOTHING =
            new Followed(HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final PMap<ResourceKey, Resource> resources;
    private final PMap<ResourceKey, PMap<ResourceKey, Resource>> slices;
    private final PMap<ResourceKey, ResourceKey> owners;

    private Followed(
            PMap<ResourceKey, Resource> resources,
            PMap<ResourceKey, PMap<ResourceKey, Resource>> slices,
            PMap<ResourceKey, ResourceKey> owners) {
        this.resources = resources;
        this.slices = slices;
        this.owners = owners;
    }

    /** Where requests go: an address, or a name that is looked up. */
    record Address(String host, int port) {}

    /** A certificate and its key, in PEM. */
    record KeyPair(String chain, String key) {
        @Override
        public String toString() {
            return "KeyPair[" + chain.length() + " characters]";
        }
    }

    Followed with(Update update) {
        Followed after = update.whole() ? NOTHING : this;
        for (var entry : update.resources().entrySet()) {
            ResourceKey key = entry.getKey();
            if (key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
                after = after.slice(key, entry.getValue());
            } else {
                after =
                        new Followed(
                                entry.getValue().isPresent()
                                        ? after.resources.plus(key, entry.getValue().get())
                                        : after.resources.minus(key),
                                after.slices,
                                after.owners);
            }
        }
        return after;
    }

    private Followed slice(ResourceKey key, Optional<Resource> slice) {
        PMap<ResourceKey, PMap<ResourceKey, Resource>> all = slices;
        ResourceKey before = owners.get(key);
        PMap<ResourceKey, Resource> old = before == null ? null : all.get(before);
        if (before != null && old != null) {
            PMap<ResourceKey, Resource> rest = old.minus(key);
            all = rest.isEmpty() ? all.minus(before) : all.plus(before, rest);
        }
        if (slice.isEmpty()) {
            return new Followed(resources, all, owners.minus(key));
        }
        ResourceKey service =
                service(
                        key.namespace(),
                        slice.get().metadata().labels().getOrDefault(SERVICE_LABEL, "-"));
        PMap<ResourceKey, Resource> of = all.getOrDefault(service, HashTreePMap.empty());
        return new Followed(
                resources, all.plus(service, of.plus(key, slice.get())), owners.plus(key, service));
    }

    private static ResourceKey service(String namespace, String name) {
        return new ResourceKey(GroupKind.SERVICE, namespace, name);
    }

    /** The Ingresses that are taken care of here. */
    List<Resource> ingresses() {
        return of(GroupKind.INGRESS).stream()
                .filter(this::ours)
                .filter(ingress -> !ingress.metadata().deleting())
                .toList();
    }

    private boolean ours(Resource ingress) {
        return IngressClasses.ours(ingress, key -> Optional.ofNullable(resources.get(key)));
    }

    private List<Resource> of(GroupKind kind) {
        return resources.values().stream()
                .filter(resource -> resource.key().kind().equals(kind))
                .sorted((one, two) -> one.key().compareTo(two.key()))
                .toList();
    }

    /** Certificates by the host that they are for; {@code ""} for any other. */
    Map<String, KeyPair> certificates() {
        Map<String, KeyPair> all = new TreeMap<>();
        for (Resource ingress : ingresses()) {
            JsonNode spec = ingress.body().toNode().path("spec");
            for (JsonNode tls : spec.path("tls")) {
                Resource secret =
                        resources.get(
                                new ResourceKey(
                                        GroupKind.SECRET,
                                        ingress.key().namespace(),
                                        tls.path("secretName").asText("-")));
                if (secret == null) {
                    continue;
                }
                JsonNode data = secret.body().toNode().path("data");
                KeyPair pair = new KeyPair(decoded(data, "tls.crt"), decoded(data, "tls.key"));
                if (tls.path("hosts").isEmpty()) {
                    all.putIfAbsent("", pair);
                }
                tls.path("hosts").forEach(host -> all.putIfAbsent(host.asText(), pair));
            }
        }
        return all;
    }

    private static String decoded(JsonNode data, String name) {
        try {
            return new String(
                    java.util.Base64.getDecoder().decode(data.path(name).asText()),
                    java.nio.charset.StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    /** Where the pods behind a Service's port answer. */
    Map<Target, List<Address>> addresses(Set<Target> targets) {
        Map<Target, List<Address>> all = new LinkedHashMap<>();
        targets.forEach(target -> all.put(target, addresses(target)));
        return all;
    }

    private List<Address> addresses(Target target) {
        ResourceKey key = service(target.namespace(), target.service());
        Resource service = resources.get(key);
        if (service == null) {
            return List.of();
        }
        JsonNode spec = service.body().toNode().path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            Optional<Integer> port = externalPort(spec.path("ports"), target.port());
            return port.map(number ->
                            List.of(new Address(spec.path("externalName").asText(), number)))
                    .orElse(List.of());
        }
        for (JsonNode port : spec.path("ports")) {
            boolean meant =
                    port.path("name").asText().equals(target.port())
                            || port.path("port").asText().equals(target.port());
            if (meant) {
                return behind(key, port.path("name").asText());
            }
        }
        return List.of();
    }

    /** A name elsewhere needs no ports of the Service. */
    private static Optional<Integer> externalPort(JsonNode ports, String asked) {
        for (JsonNode port : ports) {
            if (port.path("name").asText().equals(asked)) {
                return Optional.of(port.path("port").asInt());
            }
        }
        return asked.chars().allMatch(Character::isDigit)
                ? Optional.of(Integer.parseInt(asked))
                : Optional.empty();
    }

    private List<Address> behind(ResourceKey service, String portName) {
        List<Address> addresses = new ArrayList<>();
        PMap<ResourceKey, Resource> of = slices.getOrDefault(service, HashTreePMap.empty());
        for (Resource slice :
                of.values().stream()
                        .sorted((one, two) -> one.key().compareTo(two.key()))
                        .toList()) {
            JsonNode body = slice.body().toNode();
            for (JsonNode port : body.path("ports")) {
                if (port.path("name").asText().equals(portName) && port.path("port").isInt()) {
                    ready(body.path("endpoints"), port.path("port").asInt(), addresses);
                }
            }
        }
        return addresses.stream().distinct().toList();
    }

    private static void ready(JsonNode endpoints, int port, List<Address> addresses) {
        for (JsonNode endpoint : endpoints) {
            if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                endpoint.path("addresses")
                        .forEach(address -> addresses.add(new Address(address.asText(), port)));
            }
        }
    }
}
