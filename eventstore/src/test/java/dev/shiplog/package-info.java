/** Rules about the module as a whole. */
@NullMarked
package dev.shiplog;

import org.jspecify.annotations.NullMarked;
