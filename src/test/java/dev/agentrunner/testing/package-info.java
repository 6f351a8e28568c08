/** Hand-written fakes of the ports, and the pieces tests are put together from. */
@NullMarked
package dev.agentrunner.testing;

import org.jspecify.annotations.NullMarked;
