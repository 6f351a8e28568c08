/**
 * One vocabulary for all providers: what is asked, what comes back, what it cost. The wire shapes
 * of Anthropic, OpenAI (Responses and Chat Completions), Gemini and Ollama all map onto it without
 * loss; what a provider wants back verbatim travels as an {@link dev.agentrunner.core.chat.Echo}.
 * Imports JDK values only.
 */
@NullMarked
package dev.agentrunner.core.chat;

import org.jspecify.annotations.NullMarked;
