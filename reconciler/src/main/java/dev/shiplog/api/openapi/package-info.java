/**
 * Owns: the OpenAPI documents of the served API, in versions 3 and 2: schemas out of the kinds'
 * shapes and facts, descriptions out of the Kubernetes model, paths out of what is served.
 *
 * <p>Never does: know the state, or describe what is not served.
 *
 * <p>Read next: {@link dev.shiplog.api.openapi.OpenApi}, then {@link
 * dev.shiplog.api.openapi.Components}.
 */
@NullMarked
package dev.shiplog.api.openapi;

import org.jspecify.annotations.NullMarked;
