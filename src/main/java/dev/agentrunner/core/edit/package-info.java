/**
 * Edits as text in, text out: what a file becomes, or why the edit does not apply. Imports JDK
 * values only.
 */
@NullMarked
package dev.agentrunner.core.edit;

import org.jspecify.annotations.NullMarked;
