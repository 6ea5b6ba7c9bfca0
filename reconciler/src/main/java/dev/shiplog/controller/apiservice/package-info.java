/**
 * Owns: the Services of the cluster itself, by which pods find the API server and names.
 *
 * <p>Never does: change one that is there.
 *
 * <p>Read next: {@link dev.shiplog.controller.apiservice.ApiServiceController}.
 */
@NullMarked
package dev.shiplog.controller.apiservice;

import org.jspecify.annotations.NullMarked;
