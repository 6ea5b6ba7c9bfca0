package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.resource.yaml.Manifests;
import dev.shiplog.resource.yaml.Manifests.Decoded;
import dev.shiplog.resource.yaml.Manifests.Warning;
import dev.shiplog.resource.yaml.PlainSecrets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decodes manifests whose Secrets are sealed, or are sealed here before anything else sees them.
 *
 * <p>Invariant: what {@link #kept} gives holds no plain value of a Secret.
 */
public final class SealedManifests implements ManifestDecoder {
    private final SecretDocuments secrets;
    private final PlainSecrets plain;

    public SealedManifests(SecretDocuments secrets, PlainSecrets plain) {
        this.secrets = secrets;
        this.plain = plain;
    }

    @Override
    public Decoded decode(String path, byte[] content, String defaultNamespace) {
        Decoded decoded = Manifests.decode(path, content, defaultNamespace, plain);
        List<Warning> warnings = new ArrayList<>(decoded.warnings());
        for (DeclaredResource declared : decoded.resources()) {
            if (secret(declared)) {
                secrets.closed(declared.key(), declared.body())
                        .forEach((key, why) ->
                                warnings.add(
                                        new Warning(
                                                path,
                                                declared.line(),
                                                1,
                                                declared.key()
                                                        + ": the value of "
                                                        + key
                                                        + " does not open in this cluster: "
                                                        + why
                                                        + "; seal it again")));
            }
        }
        return new Decoded(decoded.resources(), decoded.problems(), warnings);
    }

    /** A value that is as it was keeps its sealed text: sealing again is no change. */
    @Override
    public DeclaredResource kept(DeclaredResource decoded, Optional<Json> before) {
        if (!secret(decoded)) {
            return decoded;
        }
        return new DeclaredResource(
                decoded.path(),
                decoded.line(),
                decoded.key(),
                decoded.apiVersion(),
                decoded.labels(),
                decoded.annotations(),
                decoded.owners(),
                decoded.finalizers(),
                secrets.sealBody(decoded.key(), before, decoded.body()));
    }

    private static boolean secret(DeclaredResource declared) {
        return declared.key().kind().equals(GroupKind.SECRET);
    }
}
