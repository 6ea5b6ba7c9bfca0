/**
 * Owns: which pods stand behind a Service, as Endpoints and EndpointSlices; and the slices of
 * Endpoints that somebody wrote by hand.
 *
 * <p>Never does: touch Endpoints that the Service does not own.
 *
 * <p>Read next: {@link dev.shiplog.controller.endpoints.EndpointsController}.
 */
@NullMarked
package dev.shiplog.controller.endpoints;

import org.jspecify.annotations.NullMarked;
