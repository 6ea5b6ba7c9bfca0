package dev.shiplog.api.certificates;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.tls.CertificateRequest;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What should happen next to a request: the rules of the two signers that issue certificates for
 * clients of the API server, as Kubernetes has them, and of what is approved by itself. Pure.
 */
final class Signing {
    /** How long a certificate holds if nobody asks for less: Kubernetes' default. */
    static final Duration LONGEST = Duration.ofDays(365);

    /** No certificate for less, as Kubernetes has it. */
    static final Duration SHORTEST = Duration.ofMinutes(10);

    static final String NODE_PREFIX = "system:node:";
    static final String NODE_GROUP = "system:nodes";

    private static final String CLIENT_AUTH = "client auth";
    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";

    private Signing() {}

    /** The next step. */
    sealed interface Step {
        /** Nothing, for now or for good: somebody must decide, or it is decided, or not ours. */
        record Wait() implements Step {}

        record Approve(String message) implements Step {}

        record Issue(CertificateRequest request, boolean encipherment, Duration life)
                implements Step {}

        /** It was approved and cannot be signed. */
        record Fail(String message) implements Step {}
    }

    /**
     * @param nodeLife how long a node's certificate holds at most, even if somebody asks for more
     */
    static Step next(
            SigningRequest request, ClusterState state, Authorizer authorizer, Duration nodeLife) {
        boolean ours =
                request.signer().equals(SigningRequest.CLIENTS)
                        || request.signer().equals(SigningRequest.NODES);
        if (!ours
                || request.issued()
                || request.has(SigningRequest.DENIED)
                || request.has(SigningRequest.FAILED)) {
            return new Step.Wait();
        }
        return request.has(SigningRequest.APPROVED)
                ? sign(request, nodeLife)
                : approve(request, state, authorizer);
    }

    private static Step sign(SigningRequest request, Duration nodeLife) {
        try {
            CertificateRequest parsed = request.parsed();
            Optional<String> objection =
                    request.signer().equals(SigningRequest.NODES)
                            ? nodeObjection(parsed, request.usages())
                            : usageObjection(request.usages());
            return objection
                    .<Step>map(Step.Fail::new)
                    .orElseGet(() ->
                            new Step.Issue(
                                    parsed,
                                    request.usages().contains(ENCIPHERMENT),
                                    life(request, nodeLife)));
        } catch (GeneralSecurityException e) {
            return new Step.Fail(String.valueOf(e.getMessage()));
        }
    }

    private static Duration life(SigningRequest request, Duration nodeLife) {
        long seconds = request.expirationSeconds().orElse(LONGEST.toSeconds());
        Duration asked =
                Duration.ofSeconds(Math.clamp(seconds, SHORTEST.toSeconds(), LONGEST.toSeconds()));
        return request.signer().equals(SigningRequest.NODES) && asked.compareTo(nodeLife) > 0
                ? nodeLife
                : asked;
    }

    private static Optional<String> usageObjection(List<String> usages) {
        for (String usage : usages) {
            if (!List.of(CLIENT_AUTH, SIGNATURE, ENCIPHERMENT).contains(usage)) {
                return Optional.of("invalid usage for client certificate: " + usage);
            }
        }
        return usages.contains(CLIENT_AUTH)
                ? Optional.empty()
                : Optional.of("missing required usage for client certificate: " + CLIENT_AUTH);
    }

    /** What speaks against a node's certificate. */
    private static Optional<String> nodeObjection(CertificateRequest request, List<String> usages) {
        if (!request.organisations().equals(List.of(NODE_GROUP))) {
            return Optional.of("subject organization is not " + NODE_GROUP);
        }
        if (!request.commonName().startsWith(NODE_PREFIX)) {
            return Optional.of("subject common name does not begin with " + NODE_PREFIX);
        }
        if (request.alternatives() > 0) {
            return Optional.of("subjectAltNames are not allowed");
        }
        if (!NodeName.isValid(request.commonName().substring(NODE_PREFIX.length()))) {
            return Optional.of("subject common name does not name a node");
        }
        boolean known =
                usages.contains(CLIENT_AUTH)
                        && usages.contains(SIGNATURE)
                        && List.of(CLIENT_AUTH, SIGNATURE, ENCIPHERMENT).containsAll(usages);
        return known
                ? Optional.empty()
                : Optional.of(
                        "usages did not match ["
                                + String.join(" ", usages)
                                + "], expected client"
                                + " auth and digital signature");
    }

    /**
     * A node that asks for its next certificate, and a new one that shows the right to join, need
     * nobody who looks. The name of a node that is there already is not given to a newcomer.
     */
    private static Step approve(SigningRequest request, ClusterState state, Authorizer authorizer) {
        if (!request.signer().equals(SigningRequest.NODES)) {
            return new Step.Wait();
        }
        CertificateRequest parsed;
        try {
            parsed = request.parsed();
        } catch (GeneralSecurityException _) {
            return new Step.Wait();
        }
        if (nodeObjection(parsed, request.usages()).isPresent()) {
            return new Step.Wait();
        }
        String node = parsed.commonName().substring(NODE_PREFIX.length());
        if (request.requestor().name().equals(parsed.commonName())
                && may(request, authorizer, "selfnodeclient")) {
            return new Step.Approve(
                    "Auto approving self kubelet client certificate after SubjectAccessReview.");
        }
        boolean taken = state.resource(ResourceKey.node(new NodeName(node))).isPresent();
        return !taken && may(request, authorizer, "nodeclient")
                ? new Step.Approve(
                        "Auto approving kubelet client certificate after SubjectAccessReview.")
                : new Step.Wait();
    }

    private static boolean may(SigningRequest request, Authorizer authorizer, String what) {
        return authorizer.allows(
                request.requestor(),
                new Authorizer.Action(
                        "create",
                        "certificates.k8s.io",
                        "certificatesigningrequests",
                        what,
                        "",
                        "",
                        ""));
    }
}
