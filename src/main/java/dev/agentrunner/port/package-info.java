/**
 * What the engine needs from outside, as interfaces. Adapters fulfil them, tests fake them. Imports
 * {@code core} only.
 */
@NullMarked
package dev.agentrunner.port;

import org.jspecify.annotations.NullMarked;
