/** Time as it goes by outside of the program. Imports port and JDK values only. */
@NullMarked
package dev.agentrunner.adapter.clock;

import org.jspecify.annotations.NullMarked;
