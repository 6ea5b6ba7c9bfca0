package dev.shiplog.api.auth;

import dev.shiplog.api.AccessJournal;
import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;

/** Asks whether somebody may do something, and sees to it that every no is written down. */
public final class Access {
    private final Authorizer authorizer;
    private final AccessJournal journal;

    public Access(Authorizer authorizer, AccessJournal journal) {
        this.authorizer = authorizer;
        this.journal = journal;
    }

    /**
     * Lets a request go on if whoever asks may do this.
     *
     * @throws ApiFailure 403 if not, as Kubernetes words it
     */
    public void require(Request request, Authorizer.Action action) {
        require(request.identity(), request.remote(), action);
    }

    /** As above, for somebody else than the request's own identity. */
    public void require(Identity who, String from, Authorizer.Action action) {
        if (authorizer.decide(who, action) instanceof Authorizer.Verdict.Denied denied) {
            String what =
                    action.onResource()
                            ? action.qualifiedResource()
                                    + (action.group().isEmpty() ? "" : "." + action.group())
                            : action.path();
            journal.refused(who.recorded(), from, action.verb(), what, why(action, denied));
            throw new ApiFailure(Authorizer.forbidden(who, action, denied.why()));
        }
    }

    private static String why(Authorizer.Action action, Authorizer.Verdict.Denied denied) {
        String scope =
                !action.onResource()
                        ? ""
                        : action.namespace().isEmpty()
                                ? " at the cluster scope"
                                : " in namespace " + action.namespace();
        return "nothing allows it" + scope + (denied.why().isEmpty() ? "" : ": " + denied.why());
    }

    public Authorizer authorizer() {
        return authorizer;
    }
}
