package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.ServiceAccount;

import java.util.List;

/** ServiceAccount: who a pod is when it asks the API. */
final class ServiceAccountTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.SERVICE_ACCOUNT,
                    "serviceaccounts",
                    "serviceaccount",
                    List.of("sa"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    ServiceAccount.class,
                    List.of(
                            Cells.name(0),
                            Cells.text(
                                    "Secrets",
                                    0,
                                    "Secrets is a list of the secrets in the same namespace that pods"
                                            + " running using this ServiceAccount are allowed to use.",
                                    ServiceAccount.class,
                                    account -> Integer.toString(account.getSecrets().size())),
                            Cells.age()),
                    Rules.NONE);

    private ServiceAccountTable() {}
}
