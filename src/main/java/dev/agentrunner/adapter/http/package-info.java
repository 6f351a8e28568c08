/**
 * What every provider reached over HTTP shares: one POST with its timeouts, its cancellation and
 * its heartbeat; streams of lines and events; keys; hints about when to try again; and what a
 * broken connection means. Imports {@code core}, {@code port}, Jackson, OkHttp and Okio.
 */
@NullMarked
package dev.agentrunner.adapter.http;

import org.jspecify.annotations.NullMarked;
