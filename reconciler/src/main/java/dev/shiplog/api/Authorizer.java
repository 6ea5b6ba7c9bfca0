package dev.shiplog.api;

/** Says who may do what. The one seam for access control. */
public interface Authorizer {
    /** Whether somebody may do something, and why. Never blocks. */
    Verdict decide(Identity who, Action action);

    default boolean allows(Identity who, Action action) {
        return decide(who, action) instanceof Verdict.Allowed;
    }

    /** An answer, with its reason for people to read. */
    sealed interface Verdict {
        /** The reason; may be empty. */
        String why();

        record Allowed(String why) implements Verdict {}

        /** Nothing allows it, and what is not allowed is forbidden. */
        record Denied(String why) implements Verdict {
            public static final Denied UNSAID = new Denied("");
        }
    }

    /**
     * What somebody wants to do, in the terms of Kubernetes' RBAC.
     *
     * @param verb such as {@code get}, {@code list} or {@code deletecollection}; the HTTP method in
     *     lower case for paths that are no resources
     * @param path the path, for what is no resource; empty for resources
     * @param fieldSelector what a list, watch or deletecollection restricts itself to, as it was
     *     sent; empty for nothing
     */
    record Action(
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String path,
            String fieldSelector) {
        public Action(
                String verb,
                String group,
                String resource,
                String subresource,
                String namespace,
                String name,
                String path) {
            this(verb, group, resource, subresource, namespace, name, path, "");
        }

        /** An action on something that is no resource. */
        public static Action onPath(String verb, String path) {
            return new Action(verb, "", "", "", "", "", path);
        }

        /** An action on one resource, or on a kind of them. */
        public static Action on(
                String verb, String group, String resource, String namespace, String name) {
            return new Action(verb, group, resource, "", namespace, name, "");
        }

        public boolean onResource() {
            return path.isEmpty();
        }

        /** {@code pods}, or {@code pods/log} with a subresource. */
        public String qualifiedResource() {
            return subresource.isEmpty() ? resource : resource + "/" + subresource;
        }

        /** What is not allowed, as Kubernetes words it, without who asks. */
        public String cannot() {
            if (!onResource()) {
                return "cannot " + verb + " path \"" + path + "\"";
            }
            return "cannot "
                    + verb
                    + " resource \""
                    + qualifiedResource()
                    + "\" in API group \""
                    + group
                    + "\""
                    + (namespace.isEmpty()
                            ? " at the cluster scope"
                            : " in the namespace \"" + namespace + "\"");
        }
    }

    /** The whole refusal, as Kubernetes words it. */
    static Status forbidden(Identity who, Action action, String why) {
        String reason = "User \"" + who.name() + "\" " + action.cannot();
        String full = why.isEmpty() ? reason : reason + ": " + why;
        return action.onResource()
                ? Status.forbidden(action.group(), action.resource(), action.name(), full)
                : Status.of(403, "Forbidden", "forbidden: " + full);
    }

    /** Members of {@code system:masters} may do everything, others nothing. */
    static Authorizer masters() {
        return (who, _) ->
                who.groups().contains(Identity.MASTERS)
                        ? new Verdict.Allowed("")
                        : Verdict.Denied.UNSAID;
    }

    /** What any of several allows. They are asked in order. */
    static Authorizer anyOf(Authorizer... authorizers) {
        return (who, action) -> {
            StringBuilder why = new StringBuilder();
            for (Authorizer authorizer : authorizers) {
                Verdict verdict = authorizer.decide(who, action);
                if (verdict instanceof Verdict.Allowed) {
                    return verdict;
                }
                if (!verdict.why().isEmpty()) {
                    why.append(why.isEmpty() ? "" : "; ").append(verdict.why());
                }
            }
            return new Verdict.Denied(why.toString());
        };
    }
}
