package dev.shiplog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;

import java.util.Set;

/** How every module may use the Kubernetes model. */
public final class ModelRules {
    private static final Set<String> TO_BUILDERS = Set.of("edit", "toBuilder");

    /** The distribution has the model without its ways to builders: see Unedited, of the build. */
    public static final ArchRule NOBODY_ASKS_FOR_A_BUILDER =
            noClasses()
                    .should()
                    .accessTargetWhere(
                            DescribedPredicate.<JavaAccess<?>>describe(
                                    "an object of the model is asked for its builder",
                                    access ->
                                            access.getTargetOwner()
                                                            .getPackageName()
                                                            .startsWith("io.fabric8.kubernetes")
                                                    && TO_BUILDERS.contains(
                                                            access.getTarget().getName())));

    private ModelRules() {}
}
