package dev.shiplog.api.served;

import java.util.Locale;

/**
 * A kind of which objects can be created and none are kept: questions, mostly.
 *
 * @param apiVersion such as {@code authorization.k8s.io/v1}
 * @param plural such as {@code tokenreviews}
 * @param kind such as {@code TokenReview}
 * @param namespaced whether it is asked in a namespace
 */
public record Virtual(String apiVersion, String plural, String kind, boolean namespaced) {
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    public String version() {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    public String singular() {
        return kind.toLowerCase(Locale.ROOT);
    }
}
