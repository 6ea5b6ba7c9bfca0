/**
 * Owns: that what Git declares is there.
 *
 * <p>Never does: delete; what Git no longer declares is deleted by the commit itself.
 *
 * <p>Read next: {@link dev.shiplog.controller.declaration.DeclarationController}.
 */
@NullMarked
package dev.shiplog.controller.declaration;

import org.jspecify.annotations.NullMarked;
