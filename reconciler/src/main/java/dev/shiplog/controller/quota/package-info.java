/**
 * Owns: the status of ResourceQuotas: what is used of what may be.
 *
 * <p>Never does: enforce a quota; the decision to create something does.
 *
 * <p>Read next: {@link dev.shiplog.controller.quota.QuotaController}.
 */
@NullMarked
package dev.shiplog.controller.quota;

import org.jspecify.annotations.NullMarked;
