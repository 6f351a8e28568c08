/**
 * What an agent may have done to the checks it is measured by: tests that are gone or skipped, CI
 * and build files that were touched, thresholds that went down. Told from the text of files alone.
 * Imports JDK values only.
 */
@NullMarked
package dev.agentrunner.core.tamper;

import org.jspecify.annotations.NullMarked;
