/**
 * The way in: {@link dev.agentrunner.Main} puts the parts together. Sees every package; none sees
 * this one.
 */
@NullMarked
package dev.agentrunner;

import org.jspecify.annotations.NullMarked;
