package dev.shiplog.cli;

import dev.shiplog.boot.Settings;
import dev.shiplog.node.network.ingress.ProxyKind;
import dev.shiplog.node.network.plane.PlaneKind;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What carries traffic on a node. What is not said stays as it was. */
final class ProxyOptions {
    @Option(
            names = "--ingress-proxy",
            paramLabel = "PROXY",
            converter = OfIngresses.class,
            description =
                    "What answers Ingresses on this machine: in-process, or haproxy, which has to be"
                            + " installed (default: in-process).")
    private @Nullable ProxyKind ingressProxy;

    @Option(
            names = "--service-proxy",
            paramLabel = "PROXY",
            converter = OfServices.class,
            description =
                    "What leads to Services on this machine: nftables, userspace, or auto for the"
                            + " one that works (default: auto).")
    private @Nullable PlaneKind serviceProxy;

    /** Whether any of them was said. */
    boolean given() {
        return ingressProxy != null || serviceProxy != null;
    }

    /** The settings before, but for what was said. */
    Settings over(Settings before) {
        Settings.Network network = before.network();
        return before.withNetwork(
                new Settings.Network(
                        network.services(),
                        network.pods(),
                        network.pool(),
                        ingressProxy == null ? network.ingressProxy() : ingressProxy.text(),
                        serviceProxy == null ? network.serviceProxy() : serviceProxy.text()));
    }

    /** For picocli. */
    static final class OfIngresses implements ITypeConverter<ProxyKind> {
        @Override
        public ProxyKind convert(String text) {
            try {
                return ProxyKind.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** For picocli. */
    static final class OfServices implements ITypeConverter<PlaneKind> {
        @Override
        public PlaneKind convert(String text) {
            try {
                return PlaneKind.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
