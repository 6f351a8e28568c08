/**
 * Claude over the Anthropic Messages API: settings, requests, streamed replies, failures. Imports
 * {@code core}, {@code port}, {@code adapter.http}, Jackson and OkHttp.
 */
@NullMarked
package dev.agentrunner.adapter.claude;

import org.jspecify.annotations.NullMarked;
