/** A result, and the attempt that it is of. */
record Posting(Result result, String attempt) {}
