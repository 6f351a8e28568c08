package dev.agentrunner.core.task;

import dev.agentrunner.core.limit.ModelPrice;
import java.util.Optional;

/**
 * A provider as it can be seen without asking it anything.
 *
 * @param configured whether somebody wrote it, or it is the one that works on tasks
 * @param baseUrl empty for the kind's own address
 * @param credential where its key comes from; empty if it has none
 * @param credentialSet whether there is a key
 * @param missing why asking would be in vain, and how to mend it; empty if nothing is missing
 * @param price of the model; empty if nobody knows
 */
public record ProviderCard(
    String name,
    String kind,
    boolean configured,
    String model,
    Optional<String> baseUrl,
    Optional<String> credential,
    boolean credentialSet,
    Optional<String> missing,
    Optional<ModelPrice> price) {}
