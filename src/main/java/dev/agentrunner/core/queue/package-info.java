/**
 * What a server keeps of a run beside its events: what was asked for, how far it is, who works on
 * it, what people want of it meanwhile. Pure; sees {@code core.run}, {@code core.task} and the JDK.
 */
@NullMarked
package dev.agentrunner.core.queue;

import org.jspecify.annotations.NullMarked;
