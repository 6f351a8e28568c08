/**
 * The pure part: what to do next is decided here, and nothing is done. No I/O, clock, threads, JSON
 * or logging; only JDK values.
 */
@NullMarked
package dev.agentrunner.core;

import org.jspecify.annotations.NullMarked;
