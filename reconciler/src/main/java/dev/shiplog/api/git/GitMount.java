package dev.shiplog.api.git;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer;
import dev.shiplog.api.Headroom;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.source.GitRepository;
import dev.shiplog.source.GitRepository.Service;
import dev.shiplog.source.GitService;
import dev.shiplog.source.Pusher;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves repositories at {@code /git/<name>.git}, as {@link GitRepository} says. */
public final class GitMount {
    public static final String PREFIX = "/git";

    private static final Pattern PATH =
            Pattern.compile("/git/([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\\.git)?/(.+)");

    private final GitService service;
    private final Access access;
    private final Function<Request, Pusher> pushers;
    private final Headroom headroom = Headroom.ofThisProcess();

    /**
     * @param access whether somebody may read ({@code get}) or push to ({@code post}) the path of a
     *     repository
     * @param pushers whoever asks, with the rights that the push is held against
     */
    public GitMount(GitService service, Access access, Function<Request, Pusher> pushers) {
        this.service = service;
        this.access = access;
        this.pushers = pushers;
    }

    public Reply handle(Request request) throws IOException {
        Matcher path = PATH.matcher(request.rawPath());
        if (!path.matches()) {
            throw new ApiFailure(Status.noSuchPath());
        }
        access.require(
                request,
                Authorizer.Action.onPath(
                        pushes(request, path.group(2)) ? "post" : "get",
                        PREFIX + "/" + path.group(1) + ".git"));
        GitRepository repository =
                service.open(path.group(1))
                        .orElseThrow(() ->
                                new ApiFailure(
                                        Status.of(
                                                404,
                                                "NotFound",
                                                "repository \"" + path.group(1) + "\" not found")));
        String protocol = request.header("Git-Protocol").orElse("");
        return switch (request.method() + " " + path.group(2)) {
            case "GET info/refs" -> infoRefs(request, repository, protocol);
            case "POST git-upload-pack" ->
                    exchange(
                            Service.UPLOAD_PACK,
                            request.body(),
                            (in, out) -> repository.uploadPack(in, false, out, protocol));
            case "POST git-receive-pack" -> {
                headroom.require();
                Pusher pusher = pushers.apply(request);
                yield exchange(
                        Service.RECEIVE_PACK,
                        request.body(),
                        (in, out) -> repository.receivePack(in, false, out, pusher));
            }
            default -> throw new ApiFailure(Status.noSuchPath());
        };
    }

    private static boolean pushes(Request request, String rest) {
        return rest.equals("git-receive-pack")
                || (rest.equals("info/refs")
                        && request.query().first("service").orElse("").equals("git-receive-pack"));
    }

    /** One of the repository's two exchanges. */
    private interface Exchange {
        void run(InputStream in, OutputStream out) throws IOException;
    }

    private static Reply infoRefs(Request request, GitRepository repository, String protocol)
            throws IOException {
        String name = request.query().first("service").orElse("");
        Service wanted =
                Service.of(name)
                        .orElseThrow(() ->
                                new ApiFailure(
                                        Status.of(
                                                403,
                                                "Forbidden",
                                                "expected service=git-upload-pack or"
                                                        + " git-receive-pack, found \""
                                                        + name
                                                        + "\"")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        repository.infoRefs(wanted, protocol, out);
        return new Reply.Whole(
                200,
                headers("application/x-" + wanted.wireName() + "-advertisement"),
                out.toByteArray());
    }

    private static Reply exchange(Service service, InputStream in, Exchange exchange) {
        return new Reply.Streamed(
                200,
                headers("application/x-" + service.wireName() + "-result"),
                stream -> exchange.run(in, stream.out()));
    }

    private static SortedMap<String, String> headers(String contentType) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", contentType);
        headers.put("Cache-Control", "no-cache");
        return headers;
    }
}
