/** How far event time has come in a partition, by the messages that were read of it. */
public record PartitionTime(int partition, long watermarkMs) {}
