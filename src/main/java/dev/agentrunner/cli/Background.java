package dev.agentrunner.cli;

import dev.agentrunner.core.task.TaskId;

/** What a person may want to see of a task before deciding about it; all of it may be empty. */
interface Background {

  /** What it has changed so far, as a unified diff. */
  String diff(TaskId task);

  /** What the agent is to do, as the task list has it. */
  String brief(TaskId task);

  /** What a person has had the agent told on top of that. */
  String advice(TaskId task);

  /** Of a task that nothing is known of. */
  Background NONE =
      new Background() {
        @Override
        public String diff(TaskId task) {
          return "";
        }

        @Override
        public String brief(TaskId task) {
          return "";
        }

        @Override
        public String advice(TaskId task) {
          return "";
        }
      };
}
