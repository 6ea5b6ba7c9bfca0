package dev.shiplog.node.image;

import dev.shiplog.node.runtime.RegistryLogin;

import java.util.List;

/** Which of several logins are for an image. */
public final class Logins {
    private Logins() {}

    /**
     * Those that fit, the closest first: a login may be for a part of a registry, and for every
     * host of a domain ({@code *.registry.example}).
     */
    public static List<RegistryLogin> of(ImageName name, List<RegistryLogin> all) {
        return all.stream()
                .filter(login -> fits(name, login.registry()))
                .sorted((a, b) -> b.registry().length() - a.registry().length())
                .toList();
    }

    private static boolean fits(ImageName name, String place) {
        int slash = place.indexOf('/');
        String host = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : place.substring(slash + 1);
        return host(name.registry(), host)
                && (path.isEmpty()
                        || name.repository().equals(path)
                        || name.repository().startsWith(path + "/"));
    }

    private static boolean host(String host, String pattern) {
        String[] parts = host.split("\\.", -1);
        String[] wanted = pattern.split("\\.", -1);
        if (parts.length != wanted.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!wanted[i].equals("*") && !wanted[i].equals(parts[i])) {
                return false;
            }
        }
        return true;
    }
}
