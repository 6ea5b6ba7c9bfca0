/**
 * Owns: HTTP through the API server to pods, services and nodes.
 *
 * <p>Never does: know how a pod is reached.
 *
 * <p>Read next: {@link dev.shiplog.api.proxy.Proxies}.
 */
@NullMarked
package dev.shiplog.api.proxy;

import org.jspecify.annotations.NullMarked;
