/** What a job gives away; it goes to the partition that its cause came from. */
public record Result(String topic, int partition, String key, String value) {}
