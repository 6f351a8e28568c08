/**
 * Configuration and task lists as people write them, in YAML or JSON, made into {@code core.task}
 * values. Every fault of a file is found at one reading and told with its place and its cure.
 *
 * <p>The way in: {@link dev.agentrunner.adapter.yaml.ConfigurationFiles} reads the settings, {@link
 * dev.agentrunner.adapter.yaml.TaskListFile} a task list against them; both answer with a {@link
 * dev.agentrunner.adapter.yaml.Loaded}. What keys there are is written down once, in {@code
 * ConfigurationKeys} and {@code TaskKeys}; checks, spelling advice, environment variables and the
 * JSON Schemas follow from there.
 *
 * <p>Reads files through {@code Disk} and nothing else from its surroundings. Imports {@code core},
 * {@code port}, SnakeYAML's event parser and Jackson's JSON parser.
 */
@NullMarked
package dev.agentrunner.adapter.yaml;

import org.jspecify.annotations.NullMarked;
