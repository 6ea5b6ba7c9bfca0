package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Handler;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.discovery.Version;
import dev.shiplog.api.git.GitMount;
import dev.shiplog.api.metrics.MetricsApi;
import dev.shiplog.api.openapi.OpenApi;
import dev.shiplog.api.review.Reviews;
import dev.shiplog.api.served.ServedResources;
import dev.shiplog.api.served.Virtual;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** From path to answer. Everything but health and version needs somebody who is known. */
final class Router implements Handler {
    private final Access access;
    private final ServedResources served;
    private final Reviews reviews;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Resources resources;
    private final MetricsApi metrics;
    private final List<Route> routes;

    Router(
            Access access,
            ServedResources served,
            Reviews reviews,
            Discovery discovery,
            OpenApi openApi,
            Resources resources,
            MetricsApi metrics,
            List<Route> routes) {
        this.access = access;
        this.served = served;
        this.reviews = reviews;
        this.metrics = metrics;
        this.discovery = discovery;
        this.openApi = openApi;
        this.resources = resources;
        this.routes = List.copyOf(routes);
    }

    @Override
    public Reply handle(Request request) throws IOException, InterruptedException {
        List<String> parts = Target.split(request.rawPath());
        String first = parts.isEmpty() ? "" : parts.getFirst();
        switch (first) {
            case "healthz", "livez", "readyz" -> {
                return asked(request, Reply.text(200, "ok"));
            }
            case "version" -> {
                return asked(request, Version.reply());
            }
            default -> {
                // Whatever else there is, is for those who are known.
            }
        }
        if (request.identity().anonymous() && !open(request)) {
            return unauthorized(request);
        }
        return switch (first) {
            case "api" -> core(request, parts);
            case "apis" -> groups(request, parts);
            default -> other(request, first, parts);
        };
    }

    /** What everybody may read; nobody may do anything else with it. */
    private static Reply asked(Request request, Reply reply) {
        return reads(request) ? reply : Status.methodNotAllowed().reply();
    }

    /** Whether a request changes nothing, by its method. */
    static boolean reads(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private Reply core(Request request, List<String> parts)
            throws IOException, InterruptedException {
        if (parts.size() <= 2) {
            authorize(request);
        }
        if (parts.size() == 1) {
            return discovery.core(request);
        }
        if (parts.size() == 2) {
            return discovery.resources(parts.get(1));
        }
        return resources.answer(request, Target.of(parts.get(1), parts.subList(2, parts.size())));
    }

    private Reply groups(Request request, List<String> parts)
            throws IOException, InterruptedException {
        if (parts.size() <= 3) {
            authorize(request);
        }
        return switch (parts.size()) {
            case 1 -> discovery.groups(request);
            case 2 -> discovery.group(parts.get(1));
            case 3 -> discovery.resources(parts.get(1) + "/" + parts.get(2));
            default ->
                    object(
                            request,
                            Target.of(
                                    parts.get(1) + "/" + parts.get(2),
                                    parts.subList(3, parts.size())),
                            parts);
        };
    }

    private Reply object(Request request, Target target, List<String> parts)
            throws IOException, InterruptedException {
        if (target.apiVersion().startsWith(MetricsApi.GROUP + "/")) {
            return metrics(request, parts);
        }
        Optional<Virtual> review = served.virtual(target.apiVersion(), target.plural());
        return review.isPresent() && target.name().isEmpty()
                ? reviews.answer(request, review.get(), target.namespace().orElse(""))
                : resources.answer(request, target);
    }

    private Reply metrics(Request request, List<String> parts) throws InterruptedException {
        if (!MetricsApi.API_VERSION.equals(parts.get(1) + "/" + parts.get(2))) {
            throw new ApiFailure(Status.noSuchPath());
        }
        return metrics.answer(request, parts.subList(3, parts.size()));
    }

    private Reply other(Request request, String first, List<String> parts)
            throws IOException, InterruptedException {
        if (!first.equals("git") && !open(request)) {
            authorize(request);
        }
        if (first.equals("openapi")) {
            return openApi(request, parts);
        }
        if (first.isEmpty()) {
            return paths();
        }
        return route(request);
    }

    /** For what is no resource. Repositories are looked at where Git's own words are known. */
    private void authorize(Request request) {
        access.require(
                request,
                Authorizer.Action.onPath(
                        request.method().toLowerCase(Locale.ROOT), request.rawPath()));
    }

    private Reply openApi(Request request, List<String> parts) {
        if (parts.size() == 2 && parts.get(1).equals("v2")) {
            return openApi.v2(request);
        }
        if (parts.size() == 2 && parts.get(1).equals("v3")) {
            return openApi.index();
        }
        if (parts.size() > 3 && parts.get(1).equals("v3")) {
            return openApi.version(String.join("/", parts.subList(3, parts.size())), request);
        }
        throw new ApiFailure(Status.noSuchPath());
    }

    private Reply route(Request request) throws IOException, InterruptedException {
        boolean found = false;
        for (Route route : routes) {
            if (route.leadsTo(request.rawPath())) {
                if (route.accepts(request.method())) {
                    return route.handler().handle(request);
                }
                found = true;
            }
        }
        throw new ApiFailure(found ? Status.methodNotAllowed() : Status.noSuchPath());
    }

    private boolean open(Request request) {
        return routes.stream().anyMatch(route -> route.open() && route.leadsTo(request.rawPath()));
    }

    private Reply paths() {
        StringBuilder paths = new StringBuilder("{\"paths\":[\"/api\",\"/apis\"");
        for (String path : List.of("/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz")) {
            paths.append(",\"").append(path).append('"');
        }
        for (Route route : routes) {
            paths.append(",\"").append(route.prefix()).append('"');
        }
        return Reply.json(200, Json.parse(paths + ",\"/version\"]}").bytes());
    }

    /** Git asks for a password only if the reply says how to present one. */
    static Reply unauthorized(Request request) {
        Reply reply = Status.unauthorized().reply();
        if (!request.rawPath().startsWith(GitMount.PREFIX + "/")) {
            return reply;
        }
        SortedMap<String, String> headers = new TreeMap<>(reply.headers());
        headers.put("WWW-Authenticate", "Basic realm=\"shiplog\"");
        return new Reply.Whole(401, headers, Status.unauthorized().json().bytes());
    }
}
