/**
 * Owns: the addresses in the status of Ingresses, under which they are answered.
 *
 * <p>Never does: answer them; nodes do ({@code node.network.ingress}).
 *
 * <p>Read next: {@link dev.shiplog.controller.ingress.IngressController}.
 */
@NullMarked
package dev.shiplog.controller.ingress;

import org.jspecify.annotations.NullMarked;
