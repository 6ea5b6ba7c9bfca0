package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.Kind;

import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * Who may decide for a signer: {@code approve} and {@code sign} on the resource {@code signers}, by
 * the signer's name or by its whole domain. And nobody may ask for what no signer should give away.
 */
public final class SignerRights implements WriteGuard {
    private final Authorizer authorizer;

    public SignerRights(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    @Override
    public boolean concerns(Identity who, Kind kind) {
        return SigningRequest.is(kind.groupKind());
    }

    @Override
    public Optional<Status> objection(Identity who, Write write) {
        if (!concerns(who, write.kind())) {
            return Optional.empty();
        }
        return switch (write.verb() + " " + write.subresource()) {
            case "create " -> masters(write);
            case "update approval" -> required(who, "approve", write);
            case "update status" ->
                    decided(write) ? required(who, "sign", write) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Status> masters(Write write) {
        JsonNode spec = document(write.after()).path("spec");
        SigningRequest request = new SigningRequest(spec, document(Optional.empty()));
        try {
            return request.signer().equals(SigningRequest.CLIENTS)
                            && request.parsed().organisations().contains(Identity.MASTERS)
                    ? Optional.of(
                            write.forbidden(
                                    "use of "
                                            + SigningRequest.CLIENTS
                                            + " signer with "
                                            + Identity.MASTERS
                                            + " group is not allowed"))
                    : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty(); // Told of as invalid.
        }
    }

    /** Whether a write of the status takes a decision, rather than only a note. */
    private static boolean decided(Write write) {
        JsonNode before = document(write.before()).path("status");
        JsonNode after = document(write.after()).path("status");
        return !before.path("certificate").equals(after.path("certificate"))
                || !before.path("conditions").equals(after.path("conditions"));
    }

    private Optional<Status> required(Identity who, String verb, Write write) {
        String signer = document(write.before()).path("spec").path("signerName").asText();
        String domain = signer.substring(0, Math.max(0, signer.indexOf('/'))) + "/*";
        return may(who, verb, signer) || may(who, verb, domain)
                ? Optional.empty()
                : Optional.of(
                        write.forbidden(
                                "user not permitted to %s requests with signerName \"%s\""
                                        .formatted(verb, signer)));
    }

    private boolean may(Identity who, String verb, String signer) {
        return authorizer.allows(
                who, Authorizer.Action.on(verb, "certificates.k8s.io", "signers", "", signer));
    }

    private static JsonNode document(Optional<Json> json) {
        return json.orElse(Json.EMPTY).toNode();
    }
}
