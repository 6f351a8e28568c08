/**
 * Agents that come as command lines of their own: Claude Code, Codex, Gemini CLI, opencode, aider,
 * goose, and whatever else takes a prompt and edits a folder. Each is a {@link
 * dev.agentrunner.port.ChatModel} whose one reply tells what the agent did. Imports {@code core},
 * {@code port}, {@code adapter.http} and Jackson.
 */
@NullMarked
package dev.agentrunner.adapter.command;

import org.jspecify.annotations.NullMarked;
