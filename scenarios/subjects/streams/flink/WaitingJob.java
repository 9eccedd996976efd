import java.util.Collection;

/** A job that goes on with the time of others where nothing comes. */
public interface WaitingJob extends PartitionJob {
	/** Nothing is on its way here, and others have come so far. */
	void waitWith(Collection<Long> othersMs, Output output) throws Exception;
}
