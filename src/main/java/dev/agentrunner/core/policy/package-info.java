/**
 * Which commands of a model may run, decided from their text alone: what a shell line comes down
 * to, the rules, the verdict. Imports JDK values only; nothing here runs anything.
 */
@NullMarked
package dev.agentrunner.core.policy;

import org.jspecify.annotations.NullMarked;
