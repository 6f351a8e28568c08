/**
 * OpenAI by the Responses API, and by Chat Completions everyone who speaks it as well: settings,
 * requests, streamed replies, failures. Imports {@code core}, {@code port}, {@code adapter.http},
 * Jackson and OkHttp.
 */
@NullMarked
package dev.agentrunner.adapter.openai;

import org.jspecify.annotations.NullMarked;
