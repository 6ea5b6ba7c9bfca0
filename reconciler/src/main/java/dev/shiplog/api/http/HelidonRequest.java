package dev.shiplog.api.http;

import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Request;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A request as the library has it. */
record HelidonRequest(
        ServerRequest request, String id, Identity identity, Query query, BodyBudget.Share share)
        implements Request {

    HelidonRequest as(Identity value) {
        return new HelidonRequest(request, id, value, query, share);
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    @Override
    public String rawPath() {
        return request.path().rawPath();
    }

    @Override
    public Optional<String> header(String name) {
        return request.headers().first(HeaderNames.create(name));
    }

    @Override
    public List<String> headers(String name) {
        HeaderName header = HeaderNames.create(name);
        return request.headers().contains(header)
                ? request.headers().get(header).allValues()
                : List.of();
    }

    @Override
    public String remote() {
        return request.remotePeer().address() instanceof InetSocketAddress peer
                        && peer.getAddress() != null
                ? peer.getAddress().getHostAddress()
                : request.remotePeer().host();
    }

    @Override
    public SortedMap<String, List<String>> allHeaders() {
        SortedMap<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : request.headers()) {
            headers.put(header.name(), header.allValues());
        }
        return headers;
    }

    @Override
    public boolean anyHeader(String prefix) {
        for (Header header : request.headers()) {
            if (header.name().regionMatches(true, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String rawQuery() {
        return request.query().rawValue();
    }

    @Override
    public InputStream kept(InputStream body) {
        return new CountedBody(body, share);
    }

    @Override
    public InputStream body() throws IOException {
        if (!request.content().hasEntity()) {
            return InputStream.nullInputStream();
        }
        InputStream raw = request.content().inputStream();
        return header("Content-Encoding")
                        .filter(encoding ->
                                encoding.equalsIgnoreCase("gzip")
                                        || encoding.equalsIgnoreCase("x-gzip"))
                        .isPresent()
                ? new Unzipped(raw)
                : raw;
    }
}
