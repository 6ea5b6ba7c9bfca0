package dev.shiplog.resource;

import java.util.Optional;

/** Which Ingresses the cluster itself takes care of. */
public final class IngressClasses {
    /** Whose Ingresses they are, as an IngressClass names it. */
    public static final String CONTROLLER = "shiplog.dev/ingress";

    /** The class that needs no IngressClass. */
    public static final String CLASS = "shiplog";

    private IngressClasses() {}

    /**
     * Whether Ingresses of a class are the cluster's own.
     *
     * @param name what the Ingress says; empty if it says none
     * @param found the IngressClass of that name
     */
    public static boolean ours(String name, Optional<Resource> found) {
        return found.map(known ->
                        known.body()
                                .toNode()
                                .path("spec")
                                .path("controller")
                                .asText()
                                .equals(CONTROLLER))
                .orElse(name.isEmpty() || name.equals(CLASS));
    }
}
