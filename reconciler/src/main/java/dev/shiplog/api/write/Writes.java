package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.WriteGuard;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.patch.PatchType;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.util.Optional;

/** Answers the writes of clients, deletions apart. */
public final class Writes {
    private final Commands commands;
    private final Creates creates;
    private final Updates updates;
    private final Statuses statuses;
    private final Scales scales;
    private final PodWrites pods;

    /**
     * @param guard looks at what is written, whoever may write it
     */
    public Writes(Commits commits, Commands commands, WriteGuard guard) {
        Landing landing = new Landing(commits, commands, guard);
        this.commands = commands;
        this.creates = new Creates(commands, landing);
        this.updates = new Updates(commands, landing, creates);
        this.statuses = new Statuses(commands, guard);
        this.scales = new Scales(commands, updates);
        this.pods = new PodWrites(commands);
    }

    /** POST of a collection. */
    public Reply create(Request request, ServedResource served, Optional<String> namespace)
            throws IOException, InterruptedException {
        return creates.create(Call.of(request, served, namespace));
    }

    /** PUT. */
    public Reply update(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return updates.put(Call.of(request, served, namespace), name);
    }

    /** PATCH in its four forms. */
    public Reply patch(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return updates.patch(Call.of(request, served, namespace), name);
    }

    /** Whether a PATCH would create what it names, and so needs the right to. */
    public boolean wouldCreate(
            Request request, ServedResource served, Optional<String> namespace, String name) {
        return request.method().equals("PATCH")
                && request.header("Content-Type")
                        .filter(type -> type.startsWith(PatchType.APPLY.mediaType()))
                        .isPresent()
                && commands.state().resource(served.key(namespace, name)).isEmpty();
    }

    /** {@code status}, by PUT or PATCH. */
    public Reply status(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        Call call = Call.of(request, served, namespace);
        return statuses.answer(call, name, "status");
    }

    /** {@code approval} of a CertificateSigningRequest, by PUT or PATCH. */
    public Reply approval(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return statuses.answer(Call.of(request, served, namespace), name, "approval");
    }

    /** {@code scale}, by GET, PUT or PATCH. */
    public Reply scale(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return scales.answer(Call.of(request, served, namespace), name);
    }

    /**
     * {@code pods/<name>/binding}, and {@code bindings}.
     *
     * @param name empty if only the body names the pod
     */
    public Reply bind(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return pods.bind(Call.of(request, served, namespace), name);
    }

    /** {@code pods/<name>/ephemeralcontainers}, by PUT or PATCH. */
    public Reply debug(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        return pods.debug(Call.of(request, served, namespace), name);
    }

    /**
     * {@code namespaces/<name>/finalize}: takes {@code spec.finalizers}. The cluster empties a
     * namespace that is being deleted whatever they say; they are kept for those who look.
     */
    public Reply finalizeNamespace(Request request, ServedResource served, String name)
            throws IOException, InterruptedException {
        Call call = Call.of(request, served, Optional.empty());
        ObjectNode sent = Bodies.read(request).document();
        Resource live =
                updates.find(call, name).orElseThrow(() -> new ApiFailure(served.notFound(name)));
        String said = sent.path("metadata").path("name").asText(name);
        if (!said.equals(name)) {
            throw new ApiFailure(
                    Status.badRequest(
                            "the name of the object (%s) does not match the name on the URL (%s)"
                                    .formatted(said, name)));
        }
        ObjectNode body = live.body().toObject();
        body.withObject("/spec").set("finalizers", finalizers(sent));
        Outcome outcome =
                commands.submit(request, PodWrites.withBody(live, Json.of(body)), call.dryRun());
        Commands.check(served, name, outcome);
        return call.reply(200, updates.find(call, name).orElse(live), commands.now());
    }

    /** None if the document does not speak of them. */
    private static ArrayNode finalizers(ObjectNode namespace) {
        JsonNode sent = namespace.path("spec").path("finalizers");
        if (sent.isMissingNode() || sent.isNull()) {
            return JsonNodeFactory.instance.arrayNode();
        }
        if (sent instanceof ArrayNode names && names.valueStream().allMatch(JsonNode::isTextual)) {
            return names;
        }
        throw new ApiFailure(
                Status.badRequest(
                        "Namespace in version \"v1\" cannot be handled as a Namespace:"
                                + " spec.finalizers: expected a list of strings, found "
                                + sent));
    }
}
