/**
 * Owns: what a namespace allows the pods and objects in it: LimitRanges, ResourceQuotas, Pod
 * Security levels.
 *
 * <p>Never does: change a state; it completes a pod's body and says why one may not be.
 *
 * <p>Read next: {@link dev.shiplog.decide.admission.PodAdmission}.
 */
@NullMarked
package dev.shiplog.decide.admission;

import org.jspecify.annotations.NullMarked;
