/**
 * Owns: the wiring: who asks, what they ask for, and which part answers.
 *
 * <p>Never does: contain any of the answers.
 *
 * <p>Read next: {@link dev.shiplog.api.server.ApiServer}.
 */
@NullMarked
package dev.shiplog.api.server;

import org.jspecify.annotations.NullMarked;
