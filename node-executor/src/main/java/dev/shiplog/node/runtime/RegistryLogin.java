package dev.shiplog.node.runtime;

import org.jspecify.annotations.Nullable;

/** How to log in at a registry. The password is not printed. */
public final class RegistryLogin implements Comparable<RegistryLogin> {
    private final String registry;
    private final String username;
    private final String password;

    /**
     * @param registry host, with a port if there is one; {@code docker.io} for Docker's own
     */
    public RegistryLogin(String registry, String username, String password) {
        this.registry = registry;
        this.username = username;
        this.password = password;
    }

    public String registry() {
        return registry;
    }

    public String username() {
        return username;
    }

    public String password() {
        return password;
    }

    @Override
    public int compareTo(RegistryLogin other) {
        int byRegistry = registry.compareTo(other.registry);
        return byRegistry != 0 ? byRegistry : username.compareTo(other.username);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RegistryLogin that
                && registry.equals(that.registry)
                && username.equals(that.username)
                && password.equals(that.password);
    }

    @Override
    public int hashCode() {
        return registry.hashCode() * 31 + username.hashCode();
    }

    @Override
    public String toString() {
        return username + " at " + registry;
    }
}
