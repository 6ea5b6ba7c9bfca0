package dev.shiplog.resource.secret;

import dev.shiplog.resource.ResourceKey;

import java.nio.charset.StandardCharsets;

/**
 * Where a sealed value belongs. Authenticated along with it, so that it opens nowhere else: not in
 * another namespace, not under another name, not under another key.
 *
 * @param namespace of the Secret
 * @param name of the Secret
 * @param key of the value in the Secret's data
 */
public record ValuePlace(String namespace, String name, String key) {
    /** A value of the Secret's data. */
    public static ValuePlace of(ResourceKey secret, String key) {
        return new ValuePlace(secret.namespace(), secret.name(), key);
    }

    /** No part can hold the separator: none of the three may have a zero in it. */
    byte[] bytes() {
        return (namespace + '\0' + name + '\0' + key).getBytes(StandardCharsets.UTF_8);
    }
}
