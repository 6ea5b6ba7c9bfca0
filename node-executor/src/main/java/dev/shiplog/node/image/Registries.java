package dev.shiplog.node.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * From where images are fetched besides, or instead of, the registry that their names say.
 *
 * @param mirrors asked first for images of Docker's own registry, each a URL: {@code
 *     https://mirror.example}, {@code http://127.0.0.1:5000}
 * @param insecure registries, host with port, that may speak plain HTTP or have a certificate that
 *     nobody vouches for
 * @param repository where images come from whose names say no registry, instead of Docker's own:
 *     {@code registry.example/google_containers}
 */
public record Registries(List<String> mirrors, List<String> insecure, Optional<String> repository) {
    /** Every image from where its name says. */
    public static final Registries NONE = new Registries(List.of(), List.of(), Optional.empty());

    static final String DOCKER = "docker.io";
    private static final String LIBRARY = "library/";

    public Registries {
        mirrors = List.copyOf(mirrors);
        insecure = List.copyOf(insecure);
        mirrors.forEach(Registries::host);
        repository.ifPresent(place -> ImageName.parse(place + "/image"));
    }

    /**
     * A place where an image may be.
     *
     * @param insecure whether what it says is believed without proof
     */
    record Place(ImageName name, boolean insecure) {}

    /** Where to look for an image, in this order. */
    List<Place> places(ImageName name) {
        List<Place> places = new ArrayList<>();
        boolean docker = name.registry().equals(DOCKER);
        if (docker && repository.isPresent()) {
            String path =
                    name.repository().startsWith(LIBRARY)
                            ? name.repository().substring(LIBRARY.length())
                            : name.repository();
            ImageName instead = ImageName.parse(repository.get() + "/" + path + name.suffix());
            return List.of(new Place(instead, isInsecure(instead.registry())));
        }
        if (docker) {
            for (String mirror : mirrors) {
                String host = host(mirror);
                places.add(
                        new Place(
                                new ImageName(host, name.repository(), name.suffix()),
                                mirror.startsWith("http://") || isInsecure(host)));
            }
        }
        places.add(new Place(name, isInsecure(name.registry())));
        return places;
    }

    /** Whether an image is fetched in a way that only this program knows. */
    public boolean concern(ImageName name) {
        List<Place> places = places(name);
        return places.size() > 1
                || !places.getFirst().name().equals(name)
                || insecure.contains(name.registry());
    }

    /**
     * Registries on this machine may speak plain HTTP without being named, as Docker allows too.
     */
    private boolean isInsecure(String registry) {
        return insecure.contains(registry)
                || registry.startsWith("localhost")
                || registry.startsWith("127.");
    }

    /**
     * @throws IllegalArgumentException if it is no URL of a registry
     */
    private static String host(String mirror) {
        String rest = mirror.replaceFirst("^https?://", "").replaceFirst("/+$", "");
        if (rest.isEmpty() || rest.contains("/") || rest.contains("@")) {
            throw new IllegalArgumentException(
                    "expected a registry such as https://mirror.example or http://127.0.0.1:5000,"
                            + " found \""
                            + mirror
                            + "\"");
        }
        return rest;
    }

    /** The registries that this is about, for people. */
    public Set<String> hosts() {
        Set<String> hosts = new TreeSet<>(insecure);
        mirrors.forEach(mirror -> hosts.add(host(mirror)));
        repository.ifPresent(place -> hosts.add(ImageName.parse(place + "/image").registry()));
        return hosts;
    }
}
