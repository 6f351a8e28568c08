/**
 * Gemini over the Gemini API's generateContent: settings, requests, streamed replies, failures.
 * Imports {@code core}, {@code port}, {@code adapter.http}, Jackson, OkHttp and Okio.
 */
@NullMarked
package dev.agentrunner.adapter.gemini;

import org.jspecify.annotations.NullMarked;
