/**
 * What must not be shown: which values are secrets, what a secret looks like, and the mask that
 * puts its name in its place. Imports JDK values, {@code core.task} and {@code core.chat}.
 */
@NullMarked
package dev.agentrunner.core.secret;

import org.jspecify.annotations.NullMarked;
