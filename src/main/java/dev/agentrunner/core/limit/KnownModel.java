package dev.agentrunner.core.limit;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What is known of a model without asking anybody.
 *
 * @param from the first day it holds
 * @param price empty if nobody knows
 * @param contextTokens how much room prompt and reply have together
 */
public record KnownModel(
    ModelPattern name,
    LocalDate from,
    Optional<ModelPrice> price,
    Optional<Long> contextTokens,
    Optional<Long> outputTokensMax) {}
