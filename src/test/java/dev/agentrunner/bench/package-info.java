/**
 * What the scripts in {@code bench/} measure against and with. Imports {@code core}, {@code json},
 * {@code port}, {@code adapter.files} and {@code adapter.sql}.
 */
@NullMarked
package dev.agentrunner.bench;

import org.jspecify.annotations.NullMarked;
