/**
 * What the scripts in {@code bench/} measure against and with. Imports {@code core}, {@code json}
 * and {@code adapter.files}.
 */
@NullMarked
package dev.agentrunner.bench;

import org.jspecify.annotations.NullMarked;
