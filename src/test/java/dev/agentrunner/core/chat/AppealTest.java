package dev.agentrunner.core.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppealTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NEEDS DECISION: Red or blue?",
        "I looked.\n\nNEEDS DECISION: Red or blue?\n\n",
        "I looked.\r\nNEEDS DECISION: Red or blue?",
        "I looked.\n**NEEDS DECISION:** Red or blue?",
        "Needs decision: Red or blue?",
        "```\ncode\n```\n\nNEEDS DECISION:\nRed or blue?"
      })
  void the_last_line_asks(String reply) {
    assertThat(Appeal.in(reply)).contains("Red or blue?");
  }

  @Test
  void a_last_paragraph_asks_with_all_its_lines() {
    assertThat(Appeal.in("I looked.\n\nNEEDS DECISION: Which one?\n1. red\n2. blue\n"))
        .contains("Which one?\n1. red\n2. blue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Done.",
        "NEEDS DECISION:",
        "NEEDS DECISION: Red or blue?\n\nI took red.",
        "The page says\n> NEEDS DECISION: Red or blue?",
        "The log says\n```\nNEEDS DECISION: Red or blue?\n```",
        "The log says\n```\nNEEDS DECISION: Red or blue?",
        "It is told to write NEEDS DECISION: Red or blue?"
      })
  void anything_else_does_not(String reply) {
    assertThat(Appeal.in(reply)).isEmpty();
  }
}
