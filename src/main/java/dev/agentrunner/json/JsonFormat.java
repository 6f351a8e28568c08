package dev.agentrunner.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;

/** How JSON looks here: UTF-8, no blanks, half a surrogate pair as an escape. */
final class JsonFormat {

  /**
   * What a provider may send nests up to 1,000 levels; it stands a few levels deep in our own
   * objects.
   */
  private static final int DEPTH_MAX = 2_000;

  /** Whatever was written can be read: lengths were bounded where the data came in. */
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
          .build();

  /** What strangers send: no member twice, nothing deep, no number or name without end. */
  static final JsonFactory STRICT =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(RequestJson.DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(100)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private JsonFormat() {}
}
