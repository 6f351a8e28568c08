package dev.agentrunner.engine;

import dev.agentrunner.core.chat.Usage;
import dev.agentrunner.core.limit.Budget;
import dev.agentrunner.core.task.AgentChoice;
import dev.agentrunner.core.task.Settings;
import dev.agentrunner.core.task.Task;
import dev.agentrunner.port.EnvironmentException;
import dev.agentrunner.port.Models;
import dev.agentrunner.port.Payer;
import dev.agentrunner.port.UsageException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is found out before a run begins, and not in the middle of its list.
 *
 * @param tasks that may be worked on
 */
public record Preflight(Settings settings, List<Task> tasks) {

  private static final Usage SOME_TOKENS = new Usage(1_000, 0, 0, 1_000, 0, true);

  /** Asked before anything is begun: that somebody else pays is not found out on the bill. */
  public List<Payer> payers(Function<AgentChoice, Payer> whoPays) {
    return agents().map(whoPays).distinct().toList();
  }

  /**
   * @throws EnvironmentException if the key or the program of somebody who may work is missing
   */
  public void checkProviders(Models models) {
    tasks.forEach(task -> checkProviders(task, models));
  }

  private static void checkProviders(Task task, Models models) {
    models.provider(task.agent().provider(), task);
    for (String name : task.agent().fallback()) {
      try {
        models.provider(name, task);
      } catch (EnvironmentException missing) {
        throw new EnvironmentException(
            "%s It is named in the fallback of %s.".formatted(missing.getMessage(), task.id()),
            missing);
      }
    }
  }

  /** A budget in money binds nobody whose price is not known. */
  public void checkPrices(Models models) {
    Budget budget = settings.allowance().budget();
    String key = budget.run().micros().isPresent() ? "budget.run_usd" : "budget.task_usd";
    if (budget.run().micros().isEmpty() && budget.task().micros().isEmpty()) {
      return;
    }
    agents()
        .filter(agent -> !settings.worksAlone(agent.provider()))
        .forEach(agent -> {
          String model = models.modelName(agent);
          if (!models.cost(agent.provider(), model, SOME_TOKENS).complete()) {
            throw new UsageException(
                "%s: nobody knows what %s of %s costs; say it under prices, or set budgets in tokens"
                    .formatted(key, model, agent.provider()));
          }
        });
  }

  /** Everybody who may work, those who stand in included. */
  private Stream<AgentChoice> agents() {
    return tasks.stream()
        .map(Task::agent)
        .flatMap(agent -> Stream.concat(Stream.of(agent), agent.fallback().stream().map(agent::of)))
        .distinct();
  }
}
