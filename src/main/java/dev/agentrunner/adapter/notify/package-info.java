/**
 * Ways to tell people who are not looking: a command of theirs, their desktop, a webhook. Imports
 * core, port, json and OkHttp.
 */
@NullMarked
package dev.agentrunner.adapter.notify;

import org.jspecify.annotations.NullMarked;
