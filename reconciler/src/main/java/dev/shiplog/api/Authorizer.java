package dev.shiplog.api;

/** Says who may do what. The one seam for access control. */
public interface Authorizer {
    boolean allows(Identity who, Action action);

    /**
     * What somebody wants to do, in the terms of Kubernetes' RBAC.
     *
     * @param verb such as {@code get}, {@code list} or {@code deletecollection}; the HTTP method in
     *     lower case for paths that are no resources
     * @param path the path, for what is no resource; empty for resources
     */
    record Action(
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String path) {
        /** An action on something that is no resource. */
        public static Action onPath(String verb, String path) {
            return new Action(verb, "", "", "", "", "", path);
        }
    }

    /** Members of {@code system:masters} may do everything, others nothing. */
    static Authorizer masters() {
        return (who, _) -> who.groups().contains(Identity.MASTERS);
    }
}
