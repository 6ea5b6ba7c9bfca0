package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Authorizer.Action;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.auth.TokenAuthenticator;
import dev.shiplog.api.auth.TokenAuthenticator.Outcome;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who asks: by client certificate, or else by a token, as Bearer or as the password of Basic. Who
 * may do so can ask as somebody else, by the headers that {@code kubectl --as} sends.
 */
final class Authentications {
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String IMPERSONATE = "impersonate-";
    private static final String EXTRA = "impersonate-extra-";

    private final TokenAuthenticator tokens;
    private final Access access;

    Authentications(TokenAuthenticator tokens, Access access) {
        this.tokens = tokens;
        this.access = access;
    }

    /**
     * A credential that does not hold is worse than none: its bearer is told so.
     *
     * @throws ApiFailure 403 if somebody may not ask as somebody else
     */
    Identity identify(Identity certified, Request request) {
        Identity who = plain(certified.anonymous() ? byToken(certified, request) : certified);
        return who.refusal().isPresent() ? who : plain(impersonated(who, request));
    }

    /** Names go into commits, logs and headers, a line each: none may hold more than that. */
    private static Identity plain(Identity who) {
        boolean broken = holdsControl(who.name());
        for (String group : who.groups()) {
            broken |= holdsControl(group);
        }
        return broken ? Identity.refused("a name with control characters") : who;
    }

    private static boolean holdsControl(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private Identity byToken(Identity certified, Request request) {
        Optional<String> secret = request.header("Authorization").flatMap(Authentications::secret);
        if (certified.refusal().isPresent() || secret.isEmpty()) {
            return certified;
        }
        return switch (tokens.authenticate(secret.get(), List.of())) {
            case Outcome.Known(var identity, var _) -> identity;
            case Outcome.Refused(var why) -> Identity.refused(why);
            case Outcome.NotMine _ -> Identity.refused("nobody has this token");
        };
    }

    private static Optional<String> secret(String header) {
        int space = header.indexOf(' ');
        String rest = space < 0 ? "" : header.substring(space + 1).strip();
        String scheme = space < 0 ? header : header.substring(0, space);
        if (scheme.equalsIgnoreCase("Bearer")) {
            return Optional.of(rest).filter(token -> !token.isEmpty());
        }
        if (!scheme.equalsIgnoreCase("Basic")) {
            return Optional.empty();
        }
        try {
            String pair = new String(Base64.getDecoder().decode(rest), StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.of("");
        }
    }

    private Identity impersonated(Identity who, Request request) {
        if (!request.anyHeader(IMPERSONATE)) {
            return who;
        }
        Optional<String> user = request.header("Impersonate-User");
        List<String> groups = request.headers("Impersonate-Group");
        Optional<String> uid = request.header("Impersonate-Uid");
        SortedMap<String, List<String>> extra = extra(request);
        if (user.isEmpty()) {
            if (groups.isEmpty() && uid.isEmpty() && extra.isEmpty()) {
                return who;
            }
            throw new ApiFailure(
                    Status.badRequest("requested " + groups + " without impersonating a user"));
        }
        String name = user.get();
        List<String> all = new ArrayList<>(groups);
        String[] account = name.startsWith(ACCOUNT) ? name.split(":", -1) : new String[0];
        if (account.length == 4) {
            require(who, request, "", "serviceaccounts", account[2], account[3]);
            if (groups.isEmpty()) {
                all.add("system:serviceaccounts");
                all.add("system:serviceaccounts:" + account[2]);
            }
        } else {
            require(who, request, "", "users", "", name);
        }
        groups.forEach(group -> require(who, request, "", "groups", "", group));
        uid.ifPresent(value -> require(who, request, "authentication.k8s.io", "uids", "", value));
        extra.forEach(
                (key, values) -> values.forEach(value -> requireExtra(who, request, key, value)));
        Identity other =
                name.equals(Identity.ANONYMOUS.name())
                        ? Identity.ANONYMOUS
                        : Identity.authenticated(name, uid.orElse(""), all, extra);
        return other.impersonatedBy(who.name());
    }

    /** What {@code Impersonate-Extra-<key>} says, by key. */
    private static SortedMap<String, List<String>> extra(Request request) {
        SortedMap<String, List<String>> extra = new TreeMap<>();
        request.allHeaders()
                .forEach((header, values) -> {
                    String lower = header.toLowerCase(Locale.ROOT);
                    if (lower.startsWith(EXTRA)) {
                        String key = decoded(lower.substring(EXTRA.length()));
                        if (Identity.reserved(key)) {
                            throw new ApiFailure(
                                    Status.badRequest("the key " + key + " is this server's own"));
                        }
                        extra.put(key, List.copyOf(values));
                    }
                });
        return extra;
    }

    private static String decoded(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("expected a percent-encoded key, found \"" + key + "\""), e);
        }
    }

    private void requireExtra(Identity who, Request request, String key, String value) {
        access.require(
                who,
                request.remote(),
                new Action(
                        "impersonate", "authentication.k8s.io", "userextras", key, "", value, ""));
    }

    private void require(
            Identity who,
            Request request,
            String group,
            String resource,
            String namespace,
            String name) {
        access.require(
                who, request.remote(), Action.on("impersonate", group, resource, namespace, name));
    }
}
