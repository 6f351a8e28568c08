/**
 * Edits as bytes in, bytes out: what a model's reply wants done to files, what the files become, or
 * why it cannot be done. A reply is read into an {@link dev.agentrunner.core.edit.EditPlan} and
 * applied whole or not at all.
 *
 * <p>Texts of files and replies are held as ISO-8859-1 strings, one char a byte, so that whatever a
 * file holds, UTF-8 or not, comes out as it went in; see {@link dev.agentrunner.core.edit.Bytes}.
 * Imports JDK values only.
 */
@NullMarked
package dev.agentrunner.core.edit;

import org.jspecify.annotations.NullMarked;
