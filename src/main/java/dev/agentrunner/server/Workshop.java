package dev.agentrunner.server;

import dev.agentrunner.core.queue.Project;
import dev.agentrunner.core.queue.RunOrder;
import dev.agentrunner.core.queue.Workflow;
import dev.agentrunner.core.queue.WorkflowInput;
import dev.agentrunner.core.task.ProviderCard;
import java.util.List;
import java.util.Map;

/** What the server knows of task lists, workflows and settings only by asking who works on them. */
public interface Workshop {

  /**
   * What keeps a run from being started as it was asked for: faults of its list, its options, its
   * project's settings; none if nothing does. {@link Fault#pointer} leads to the member of {@code
   * POST /runs} that is at fault, such as {@code /tasks}.
   */
  List<Fault> check(Project project, RunOrder order);

  /** Makes a task list of a workflow. */
  Made make(Workflow workflow, Map<String, Object> inputs);

  /** What came of making a task list. */
  sealed interface Made {

    /** Here it is, as YAML or JSON. */
    record List(String tasks) implements Made {}

    /** The inputs, or the workflow itself, are at fault. */
    record Faulty(java.util.List<Fault> faults) implements Made {

      public Faulty {
        faults = java.util.List.copyOf(faults);
      }
    }
  }

  /** What a workflow asks for, in its order; nothing if it cannot be read. */
  List<WorkflowInput> inputs(Workflow workflow);

  /** What is wrong with a workflow's source. */
  Verdict checkWorkflow(String source);

  /**
   * A look at a text.
   *
   * @param readable whether it could be read at all
   * @param faults none if it is sound; always some if it cannot be read
   */
  record Verdict(boolean readable, List<Fault> faults) {

    public Verdict {
      faults = List.copyOf(faults);
    }

    public static Verdict sound() {
      return new Verdict(true, List.of());
    }
  }

  /** The providers that runs can be given to. */
  List<ProviderCard> providers();
}
