package dev.shiplog.node.network.dns;

import dev.shiplog.node.link.ClusterView.Update;
import dev.shiplog.node.network.dns.ServiceNames.Port;
import dev.shiplog.node.network.dns.ServiceNames.Shape;
import dev.shiplog.node.network.dns.SliceNames.Endpoint;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names of the cluster at one position of its log: immutable, and pure.
 *
 * <p>A name that has nothing of its own but names below it exists and has no data (RFC 8020).
 *
 * @see <a href="https://github.com/kubernetes/dns/blob/master/docs/specification.md">Kubernetes'
 *     DNS-based service discovery, version 1.1.0</a>
 */
final class ClusterZone {
    /** The kinds of which names are made. */
    static final Set<GroupKind> KINDS =
            Set.of(GroupKind.NAMESPACE, GroupKind.SERVICE, GroupKind.ENDPOINT_SLICE);

    static final String DOMAIN = "cluster.local";

    /** How long an answer is good for, in seconds; as long as CoreDNS says by default. */
    static final long TTL_SECONDS = 5;

    /** Where the log is not needed to know what is true. */
    static final ClusterZone EMPTY =
            new ClusterZone(
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePSet.empty(),
                    0);

    private static final String SCHEMA_VERSION = "1.1.0";
    private static final String REVERSE = ".in-addr.arpa";
    private static final Pattern DASHED =
            Pattern.compile("(\\d{1,3})-(\\d{1,3})-(\\d{1,3})-(\\d{1,3})");
    private static final Name APEX = absolute(DOMAIN);
    private static final Name SERVER = absolute("ns.dns." + DOMAIN);

    private static final Answer NO_DATA = new Answer.NoData();
    private static final Answer NO_NAME = new Answer.NoName();
    private static final Answer NOT_OURS = new Answer.NotOurs();

    private final PMap<String, ServiceNames> services;
    private final PMap<String, PMap<ResourceKey, SliceNames>> slices;

    /** The Service that a slice was last seen to be of: its label may change. */
    private final PMap<ResourceKey, String> owners;

    /** The Services and slices that an address is of, by address. */
    private final PMap<String, PMap<ResourceKey, String>> pointers;

    private final PSet<String> namespaces;
    private final long serial;

    private ClusterZone(
            PMap<String, ServiceNames> services,
            PMap<String, PMap<ResourceKey, SliceNames>> slices,
            PMap<ResourceKey, String> owners,
            PMap<String, PMap<ResourceKey, String>> pointers,
            PSet<String> namespaces,
            long serial) {
        this.services = services;
        this.slices = slices;
        this.owners = owners;
        this.pointers = pointers;
        this.namespaces = namespaces;
        this.serial = serial;
    }

    /** How a Service is called in here. */
    static String id(String namespace, String name) {
        return namespace + "/" + name;
    }

    /** The names after a change; the price is the change's, not the cluster's. */
    ClusterZone with(Update update) {
        ClusterZone zone = update.whole() ? EMPTY : this;
        for (var entry : update.resources().entrySet()) {
            ResourceKey key = entry.getKey();
            if (key.kind().equals(GroupKind.SERVICE)) {
                zone = zone.service(key, entry.getValue().map(ServiceNames::of));
            } else if (key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
                zone = zone.slice(key, entry.getValue());
            } else if (key.kind().equals(GroupKind.NAMESPACE)) {
                zone = zone.namespace(key.name(), entry.getValue().isPresent());
            }
        }
        return new ClusterZone(
                zone.services,
                zone.slices,
                zone.owners,
                zone.pointers,
                zone.namespaces,
                update.at().value());
    }

    private ClusterZone service(ResourceKey key, Optional<ServiceNames> after) {
        String id = id(key.namespace(), key.name());
        PMap<String, PMap<ResourceKey, String>> pointed = pointers;
        ServiceNames before = services.get(id);
        if (before != null && before.shape() instanceof Shape.Virtual(var addresses, var _)) {
            pointed = pointed(pointed, addresses, key, Optional.empty());
        }
        if (after.isPresent()
                && after.get().shape() instanceof Shape.Virtual(var addresses, var _)) {
            pointed = pointed(pointed, addresses, key, Optional.of(id));
        }
        return new ClusterZone(
                after.isPresent() ? services.plus(id, after.get()) : services.minus(id),
                slices,
                owners,
                pointed,
                namespaces,
                serial);
    }

    private ClusterZone slice(ResourceKey key, Optional<Resource> after) {
        ClusterZone without = withoutSlice(key);
        if (after.isEmpty()) {
            return without;
        }
        SliceNames slice = SliceNames.of(after.get());
        PMap<ResourceKey, SliceNames> ofService =
                without.slices.getOrDefault(slice.service(), HashTreePMap.empty());
        return new ClusterZone(
                services,
                without.slices.plus(slice.service(), ofService.plus(key, slice)),
                without.owners.plus(key, slice.service()),
                pointed(without.pointers, addresses(slice), key, Optional.of(slice.service())),
                namespaces,
                serial);
    }

    private ClusterZone withoutSlice(ResourceKey key) {
        String owner = owners.get(key);
        PMap<ResourceKey, SliceNames> ofService = owner == null ? null : slices.get(owner);
        SliceNames before = ofService == null ? null : ofService.get(key);
        if (owner == null || ofService == null || before == null) {
            return this;
        }
        PMap<ResourceKey, SliceNames> rest = ofService.minus(key);
        return new ClusterZone(
                services,
                rest.isEmpty() ? slices.minus(owner) : slices.plus(owner, rest),
                owners.minus(key),
                pointed(pointers, addresses(before), key, Optional.empty()),
                namespaces,
                serial);
    }

    private ClusterZone namespace(String name, boolean there) {
        return new ClusterZone(
                services,
                slices,
                owners,
                pointers,
                there ? namespaces.plus(name) : namespaces.minus(name),
                serial);
    }

    private static List<String> addresses(SliceNames slice) {
        return slice.endpoints().stream().map(Endpoint::address).toList();
    }

    private static PMap<String, PMap<ResourceKey, String>> pointed(
            PMap<String, PMap<ResourceKey, String>> before,
            List<String> addresses,
            ResourceKey key,
            Optional<String> service) {
        PMap<String, PMap<ResourceKey, String>> after = before;
        for (String address : addresses) {
            PMap<ResourceKey, String> of = after.getOrDefault(address, HashTreePMap.empty());
            PMap<ResourceKey, String> next =
                    service.isPresent() ? of.plus(key, service.get()) : of.minus(key);
            after = next.isEmpty() ? after.minus(address) : after.plus(address, next);
        }
        return after;
    }

    /** What goes with an answer that says that something is not there. */
    Record authority() {
        return new SOARecord(
                APEX,
                DClass.IN,
                TTL_SECONDS,
                SERVER,
                absolute("hostmaster." + DOMAIN),
                serial & 0xffff_ffffL,
                7200,
                1800,
                86_400,
                TTL_SECONDS);
    }

    /** Whether the cluster says what there is at and below a name. */
    static boolean holds(Name name) {
        return name.subdomain(APEX);
    }

    /** What there is at a name, in whatever case it is written. */
    Answer answer(Name name, int type) {
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        if (text.endsWith(REVERSE)) {
            return reverse(name, text.substring(0, text.length() - REVERSE.length()), type);
        }
        if (text.equals(DOMAIN)) {
            return apex(type);
        }
        if (!text.endsWith("." + DOMAIN)) {
            return NOT_OURS;
        }
        String[] labels = text.substring(0, text.length() - DOMAIN.length() - 1).split("\\.", -1);
        return switch (labels[labels.length - 1]) {
            case "svc" -> underServices(name, labels, type);
            case "pod" -> underPods(name, labels, type);
            case "dns" -> server(labels, type);
            case "dns-version" -> schemaVersion(name, labels, type);
            default -> NO_NAME;
        };
    }

    private Answer apex(int type) {
        return switch (type) {
            case Type.SOA -> new Answer.Found(List.of(authority()));
            case Type.NS ->
                    new Answer.Found(
                            List.of(new NSRecord(APEX, DClass.IN, TTL_SECONDS, SERVER)),
                            List.of(address(SERVER, serverAddress())));
            default -> NO_DATA;
        };
    }

    /** Where the cluster's names are asked for. */
    private String serverAddress() {
        ServiceNames service = services.get(id("kube-system", "kube-dns"));
        return service != null && service.shape() instanceof Shape.Virtual(var addresses, var _)
                ? addresses.getFirst()
                : ServiceRanges.DEFAULT.dnsAddress();
    }

    private Answer server(String[] labels, int type) {
        if (labels.length == 1) {
            return NO_DATA;
        }
        return labels.length == 2 && labels[0].equals("ns")
                ? addresses(SERVER, List.of(serverAddress()), type)
                : NO_NAME;
    }

    private static Answer schemaVersion(Name name, String[] labels, int type) {
        if (labels.length > 1) {
            return NO_NAME;
        }
        return type == Type.TXT
                ? new Answer.Found(
                        List.of(new TXTRecord(name, DClass.IN, TTL_SECONDS, SCHEMA_VERSION)))
                : NO_DATA;
    }

    private Answer underServices(Name name, String[] labels, int type) {
        int last = labels.length - 1;
        if (last == 0) {
            return NO_DATA;
        }
        String namespace = labels[last - 1];
        if (last == 1) {
            return namespaces.contains(namespace) ? NO_DATA : NO_NAME;
        }
        ServiceNames service = services.get(id(namespace, labels[last - 2]));
        if (service == null) {
            return NO_NAME;
        }
        return switch (last) {
            case 2 -> service(name, service, type);
            case 3 -> underService(name, service, labels[0], type);
            case 4 -> port(name, service, labels[0], labels[1], type);
            default -> NO_NAME;
        };
    }

    private Answer service(Name name, ServiceNames service, int type) {
        return switch (service.shape()) {
            case Shape.Virtual(var addresses, var ports) ->
                    type == Type.SRV
                            ? virtualPorts(name, service, addresses, ports)
                            : addresses(name, addresses, type);
            case Shape.Headless() -> {
                List<Endpoint> endpoints = endpoints(service);
                if (endpoints.isEmpty()) {
                    yield NO_NAME;
                }
                yield type == Type.SRV
                        ? endpointPorts(name, service, _ -> true)
                        : addresses(name, endpoints.stream().map(Endpoint::address).toList(), type);
            }
            case Shape.External(String target) -> alias(name, target, type);
        };
    }

    private static Answer alias(Name name, String target, int type) {
        Name to;
        try {
            to = Name.fromString(target, Name.root);
        } catch (TextParseException _) {
            return NO_DATA;
        }
        Record record = new CNAMERecord(name, DClass.IN, TTL_SECONDS, to);
        return type == Type.CNAME
                ? new Answer.Found(List.of(record))
                : new Answer.Alias(record, to);
    }

    /** A pod's own name under its Service's, or the name above those of ports. */
    private Answer underService(Name name, ServiceNames service, String label, int type) {
        if (label.startsWith("_")) {
            String protocol = label.substring(1);
            return ports(service).stream()
                            .anyMatch(port ->
                                    port.protocol().equals(protocol) && !port.name().isEmpty())
                    ? NO_DATA
                    : NO_NAME;
        }
        if (!(service.shape() instanceof Shape.Headless)) {
            return NO_NAME;
        }
        List<String> addresses =
                endpoints(service).stream()
                        .filter(endpoint -> endpoint.hostname().equals(label))
                        .map(Endpoint::address)
                        .toList();
        return addresses.isEmpty() ? NO_NAME : addresses(name, addresses, type);
    }

    private Answer port(
            Name name, ServiceNames service, String portLabel, String protocolLabel, int type) {
        boolean underscored = portLabel.startsWith("_") && protocolLabel.startsWith("_");
        if (!underscored) {
            return NO_NAME;
        }
        String portName = portLabel.substring(1);
        String protocol = protocolLabel.substring(1);
        List<Port> ports =
                ports(service).stream()
                        .filter(port ->
                                !port.name().isEmpty()
                                        && port.name().equals(portName)
                                        && port.protocol().equals(protocol))
                        .toList();
        if (ports.isEmpty()) {
            return NO_NAME;
        }
        if (type != Type.SRV) {
            return NO_DATA;
        }
        return switch (service.shape()) {
            case Shape.Virtual(var addresses, var _) ->
                    virtualPorts(name, service, addresses, ports);
            case Shape.Headless() -> endpointPorts(name, service, ports::contains);
            case Shape.External(var _) -> NO_NAME;
        };
    }

    private List<Port> ports(ServiceNames service) {
        return switch (service.shape()) {
            case Shape.Virtual(var _, var ports) -> ports;
            case Shape.Headless() ->
                    slicesOf(service).stream()
                            .filter(slice -> !slice.endpoints().isEmpty())
                            .flatMap(slice -> slice.ports().stream())
                            .distinct()
                            .toList();
            case Shape.External(var _) -> List.of();
        };
    }

    private static Answer virtualPorts(
            Name name, ServiceNames service, List<String> addresses, List<Port> ports) {
        Name target = name(service);
        List<Record> records = new ArrayList<>();
        for (Port port : ports) {
            records.add(srv(name, port.number(), target, ports.size()));
        }
        return records.isEmpty() ? NO_DATA : new Answer.Found(records, each(target, addresses));
    }

    private Answer endpointPorts(
            Name name, ServiceNames service, java.util.function.Predicate<Port> wanted) {
        Set<Record> records = new LinkedHashSet<>();
        Set<Record> additional = new LinkedHashSet<>();
        for (SliceNames slice : slicesOf(service)) {
            List<Port> ports = slice.ports().stream().filter(wanted).toList();
            for (Endpoint endpoint : slice.endpoints()) {
                Name target = below(endpoint.hostname(), service);
                for (Port port : ports) {
                    records.add(srv(name, port.number(), target, slice.endpoints().size()));
                    additional.add(address(target, endpoint.address()));
                }
            }
        }
        return records.isEmpty()
                ? NO_DATA
                : new Answer.Found(List.copyOf(records), List.copyOf(additional));
    }

    /** Alike for all: weights that sum up to about a hundred. */
    private static Record srv(Name name, int port, Name target, int among) {
        return new SRVRecord(
                name,
                DClass.IN,
                TTL_SECONDS,
                0,
                Math.max(1, 100 / Math.max(1, among)),
                port,
                target);
    }

    private Answer underPods(Name name, String[] labels, int type) {
        int last = labels.length - 1;
        if (last == 0) {
            return NO_DATA;
        }
        if (last > 2 || !namespaces.contains(labels[last - 1])) {
            return NO_NAME;
        }
        if (last == 1) {
            return NO_DATA;
        }
        String address = labels[0].replace('-', '.');
        return DASHED.matcher(labels[0]).matches() && Ipv4.is(address)
                ? addresses(name, List.of(address), type)
                : NO_NAME;
    }

    private Answer reverse(Name name, String reversed, int type) {
        String[] parts = reversed.split("\\.", -1);
        if (parts.length != 4) {
            return NOT_OURS;
        }
        String address = parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0];
        List<Name> targets = names(address);
        if (targets.isEmpty()) {
            return NOT_OURS;
        }
        if (type != Type.PTR) {
            return NO_DATA;
        }
        List<Record> records = new ArrayList<>();
        targets.forEach(target -> records.add(new PTRRecord(name, DClass.IN, TTL_SECONDS, target)));
        return new Answer.Found(records);
    }

    /** The names that an address has: a Service's own, or a pod's under headless Services. */
    private List<Name> names(String address) {
        PMap<ResourceKey, String> of = pointers.get(address);
        if (of == null) {
            return List.of();
        }
        Set<Name> names = new LinkedHashSet<>();
        for (ResourceKey key : of.keySet().stream().sorted().toList()) {
            ServiceNames service = services.get(of.get(key));
            if (service == null) {
                continue;
            }
            boolean own = key.kind().equals(GroupKind.SERVICE);
            if (own) {
                names.add(name(service));
            } else if (service.shape() instanceof Shape.Headless) {
                endpoints(service).stream()
                        .filter(endpoint -> endpoint.address().equals(address))
                        .forEach(endpoint -> names.add(below(endpoint.hostname(), service)));
            }
        }
        return List.copyOf(names);
    }

    private List<SliceNames> slicesOf(ServiceNames service) {
        PMap<ResourceKey, SliceNames> of = slices.get(id(service.namespace(), service.name()));
        return of == null
                ? List.of()
                : of.entrySet().stream()
                        .sorted(Comparator.comparing(java.util.Map.Entry::getKey))
                        .map(java.util.Map.Entry::getValue)
                        .toList();
    }

    private List<Endpoint> endpoints(ServiceNames service) {
        return slicesOf(service).stream()
                .flatMap(slice -> slice.endpoints().stream())
                .distinct()
                .toList();
    }

    private static Answer addresses(Name name, List<String> addresses, int type) {
        List<Record> records =
                each(name, addresses).stream().filter(record -> record.getType() == type).toList();
        return records.isEmpty() ? NO_DATA : new Answer.Found(records);
    }

    private static List<Record> each(Name name, List<String> addresses) {
        return addresses.stream().map(address -> address(name, address)).distinct().toList();
    }

    private static Record address(Name name, String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        return address instanceof Inet4Address
                ? new ARecord(name, DClass.IN, TTL_SECONDS, address)
                : new AAAARecord(name, DClass.IN, TTL_SECONDS, address);
    }

    private static Name name(ServiceNames service) {
        return absolute(service.name() + "." + service.namespace() + ".svc." + DOMAIN);
    }

    private static Name below(String hostname, ServiceNames service) {
        return absolute(
                hostname + "." + service.name() + "." + service.namespace() + ".svc." + DOMAIN);
    }

    private static Name absolute(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("expected a domain name, found " + text, e);
        }
    }
}
