package dev.shiplog.resource;

import java.util.Optional;
import java.util.function.Function;

/** Which Ingresses the cluster itself takes care of. */
public final class IngressClasses {
    /** Whose Ingresses they are, as an IngressClass names it. */
    public static final String CONTROLLER = "shiplog.dev/ingress";

    /** The class that needs no IngressClass. */
    public static final String CLASS = "shiplog";

    private IngressClasses() {}

    /**
     * Whether an Ingress is the cluster's own.
     *
     * @param classes the IngressClass of a key
     */
    public static boolean ours(
            Resource ingress, Function<ResourceKey, Optional<Resource>> classes) {
        String name = ingress.body().toNode().path("spec").path("ingressClassName").asText();
        if (name.isEmpty()) {
            return true;
        }
        return classes.apply(new ResourceKey(GroupKind.INGRESS_CLASS, "", name))
                .map(known ->
                        known.body()
                                .toNode()
                                .path("spec")
                                .path("controller")
                                .asText()
                                .equals(CONTROLLER))
                .orElse(name.equals(CLASS));
    }
}
