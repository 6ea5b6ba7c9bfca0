/**
 * Owns: the Service {@code default/kubernetes}, by which pods find the API server.
 *
 * <p>Never does: change one that is there.
 *
 * <p>Read next: {@link dev.shiplog.controller.apiservice.ApiServiceController}.
 */
@NullMarked
package dev.shiplog.controller.apiservice;

import org.jspecify.annotations.NullMarked;
