/** What a job gives away; it goes to the partition that its cause came from, whose input was taken up to this position. */
public record Result(String topic, int partition, long position, String key, String value) {}
