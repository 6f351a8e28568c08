/**
 * The API of {@code agent-runner serve}: REST, live events over SSE and WebSocket, access by keys.
 * Reads runs from their store and leaves commands there; it works on none itself. Imports {@code
 * core}, {@code port}, {@code json} and {@code engine}, Helidon for HTTP, Prometheus for figures.
 */
@NullMarked
package dev.agentrunner.server;

import org.jspecify.annotations.NullMarked;
