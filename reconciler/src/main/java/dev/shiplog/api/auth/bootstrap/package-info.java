/**
 * Owns: bootstrap tokens: secrets of an hour or a day with which a machine asks to become a node.
 *
 * <p>Never does: keep a secret; the cluster knows its hash.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.bootstrap.BootstrapTokens}.
 */
@NullMarked
package dev.shiplog.api.auth.bootstrap;

import org.jspecify.annotations.NullMarked;
