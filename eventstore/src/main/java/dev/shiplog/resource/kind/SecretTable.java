package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.Secret;

import java.util.List;

/** Secret: what only pods and those who may should read, by key. */
final class SecretTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.SECRET,
                    "secrets",
                    "secret",
                    List.of(),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    Secret.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Type",
                                    0,
                                    "Used to facilitate programmatic handling of secret data. More"
                                            + " info:"
                                            + " https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
                                    Secret.class,
                                    secret -> Cells.orElse(secret.getType(), "")),
                            Cells.number(
                                    "Data",
                                    "string",
                                    0,
                                    "Data contains the secret data. Each key must consist of"
                                            + " alphanumeric characters, '-', '_' or '.'. The"
                                            + " serialized form of the secret data is a base64"
                                            + " encoded string, representing the arbitrary (possibly"
                                            + " non-string) data value here. Described in"
                                            + " https://tools.ietf.org/html/rfc4648#section-4",
                                    Secret.class,
                                    secret ->
                                            secret.getData() == null ? 0 : secret.getData().size()),
                            Cells.age()),
                    new SecretRules());

    private SecretTable() {}
}
