/**
 * Tools for models that have none: what they may ask for is told in words, read from what they
 * write, and answered in words. Imports {@code core}, {@code port} and {@code adapter.http}.
 */
@NullMarked
package dev.agentrunner.adapter.text;

import org.jspecify.annotations.NullMarked;
