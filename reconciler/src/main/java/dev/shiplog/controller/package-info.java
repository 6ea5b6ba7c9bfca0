/**
 * Owns: what should happen next, as pure functions: one package per kind of controller.
 *
 * <p>Never does: I/O, clocks, threads; it neither submits its commands nor wakes itself. {@code
 * dev.shiplog.loop} does.
 *
 * <p>Read next: {@link dev.shiplog.controller.Controller}, then {@code controller.replicaset}.
 */
@NullMarked
package dev.shiplog.controller;

import org.jspecify.annotations.NullMarked;
