/** A message of the input, with the place that it has there. */
public record Message(int partition, long offset, byte[] value) {}
