/**
 * Owns: the vocabulary of the API server: requests, replies, failures, identities, and the ports
 * that others fill ({@link dev.shiplog.api.Handler}, {@link dev.shiplog.api.PodLogs}, {@link
 * dev.shiplog.api.Authorizer}).
 *
 * <p>Never does: speak HTTP itself (see {@code api.http}), or change the cluster other than by
 * commands submitted to the ledger.
 *
 * <p>Read next: {@link dev.shiplog.api.Handler}, then {@code api.server.ApiServer}.
 */
@NullMarked
package dev.shiplog.api;

import org.jspecify.annotations.NullMarked;
