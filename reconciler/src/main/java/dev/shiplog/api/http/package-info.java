/**
 * Owns: the HTTP library: TLS, connections, and the translation between its requests and ours.
 *
 * <p>Never does: know what a resource is.
 *
 * <p>Read next: {@link dev.shiplog.api.http.HttpListener}.
 */
@NullMarked
package dev.shiplog.api.http;

import org.jspecify.annotations.NullMarked;
