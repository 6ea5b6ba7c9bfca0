package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Handler;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Route;
import dev.shiplog.api.Status;
import dev.shiplog.api.discovery.Discovery;
import dev.shiplog.api.discovery.OpenApi;
import dev.shiplog.api.discovery.Version;
import dev.shiplog.api.git.GitMount;
import dev.shiplog.resource.Json;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** From path to answer. Everything but health and version needs somebody who is known. */
final class Router implements Handler {
    private final Authorizer authorizer;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final Resources resources;
    private final List<Route> routes;

    Router(
            Authorizer authorizer,
            Discovery discovery,
            OpenApi openApi,
            Resources resources,
            List<Route> routes) {
        this.authorizer = authorizer;
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
                return Reply.text(200, "ok");
            }
            case "version" -> {
                return Version.reply();
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

    private Reply core(Request request, List<String> parts)
            throws IOException, InterruptedException {
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
        return switch (parts.size()) {
            case 1 -> discovery.groups(request);
            case 2 -> discovery.group(parts.get(1));
            case 3 -> discovery.resources(parts.get(1) + "/" + parts.get(2));
            default ->
                    resources.answer(
                            request,
                            Target.of(
                                    parts.get(1) + "/" + parts.get(2),
                                    parts.subList(3, parts.size())));
        };
    }

    private Reply other(Request request, String first, List<String> parts)
            throws IOException, InterruptedException {
        Authorizer.Action action =
                Authorizer.Action.onPath(
                        request.method().toLowerCase(Locale.ROOT), request.rawPath());
        // A route that is open checks by itself who asks, as a webhook does by its signature.
        if (!open(request) && !authorizer.allows(request.identity(), action)) {
            throw new ApiFailure(
                    Status.of(
                            403,
                            "Forbidden",
                            "forbidden: User \""
                                    + request.identity().name()
                                    + "\" cannot "
                                    + action.verb()
                                    + " path \""
                                    + action.path()
                                    + "\""));
        }
        if (first.equals("openapi")) {
            return openApi(request, parts);
        }
        if (first.isEmpty()) {
            return paths();
        }
        return route(request);
    }

    private Reply openApi(Request request, List<String> parts) {
        if (parts.size() == 2 && parts.get(1).equals("v2")) {
            return openApi.v2(request);
        }
        if (parts.size() == 2 && parts.get(1).equals("v3")) {
            return openApi.index();
        }
        if (parts.size() > 3 && parts.get(1).equals("v3")) {
            return openApi.version(String.join("/", parts.subList(3, parts.size())));
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
        throw new ApiFailure(
                found
                        ? Status.of(
                                405,
                                "MethodNotAllowed",
                                "the server does not allow this method on the requested resource")
                        : Status.noSuchPath());
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
    private static Reply unauthorized(Request request) {
        Reply reply = Status.unauthorized().reply();
        if (!request.rawPath().startsWith(GitMount.PREFIX + "/")) {
            return reply;
        }
        SortedMap<String, String> headers = new TreeMap<>(reply.headers());
        headers.put("WWW-Authenticate", "Basic realm=\"shiplog\"");
        return new Reply.Whole(401, headers, Status.unauthorized().json().bytes());
    }
}
