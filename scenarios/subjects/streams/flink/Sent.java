/**
 * What the testbed has noted on the message that a result was brought about by: when that was to be sent, null of what was
 * there before, and in which phase of the run.
 */
public record Sent(Double atMs, String phase) {}
