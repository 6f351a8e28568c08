/**
 * Models served by Ollama over its own /api/chat: settings, what a model can do, requests, streamed
 * replies, failures. Imports {@code core}, {@code port}, {@code adapter.http}, Jackson, OkHttp and
 * Okio.
 */
@NullMarked
package dev.agentrunner.adapter.ollama;

import org.jspecify.annotations.NullMarked;
