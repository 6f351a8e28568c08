/**
 * Workers: they take runs out of the store, play them with the engine, and heed what people want
 * meanwhile. Sees {@code core}, {@code port} and {@code engine}.
 */
@NullMarked
package dev.agentrunner.server.work;

import org.jspecify.annotations.NullMarked;
