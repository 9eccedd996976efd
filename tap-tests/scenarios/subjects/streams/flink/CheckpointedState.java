import java.util.List;
import java.util.concurrent.RunnableFuture;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.SerializerFactory;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.query.KvStateRegistry;
import org.apache.flink.runtime.state.DefaultKeyedStateStore;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.LocalRecoveryConfig;
import org.apache.flink.runtime.state.SnapshotResult;
import org.apache.flink.runtime.state.UncompressedStreamCompressionDecorator;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder;
import org.apache.flink.runtime.state.heap.HeapPriorityQueueSetFactory;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.runtime.state.metrics.LatencyTrackingStateConfig;
import org.apache.flink.runtime.state.metrics.SizeTrackingStateConfig;
import org.apache.flink.runtime.state.ttl.TtlTimeProvider;

/** The keyed state of one partition as a job has it, in the backend that jobs run with, without any cluster. */
final class CheckpointedState {
	private static final KeyGroupRange groups = KeyGroupRange.of(0, 0);
	private static final ExecutionConfig config = new ExecutionConfig();

	private final HeapKeyedStateBackend<Integer> backend;
	private RunnableFuture<SnapshotResult<KeyedStateHandle>> begun;

	CheckpointedState() throws Exception {
		this(List.of());
	}

	private CheckpointedState(List<KeyedStateHandle> checkpoint) throws Exception {
		backend = new HeapKeyedStateBackendBuilder<>(
						new KvStateRegistry().createTaskRegistry(new JobID(), new JobVertexID()),
						IntSerializer.INSTANCE,
						CheckpointedState.class.getClassLoader(),
						1,
						groups,
						config,
						TtlTimeProvider.DEFAULT,
						LatencyTrackingStateConfig.disabled(),
						SizeTrackingStateConfig.disabled(),
						checkpoint,
						UncompressedStreamCompressionDecorator.INSTANCE,
						LocalRecoveryConfig.BACKUP_AND_RECOVERY_DISABLED,
						new HeapPriorityQueueSetFactory(groups, 1, 16),
						true,
						new CloseableRegistry())
				.build();
		backend.setCurrentKey(0);
	}

	KeyedStateStore store() {
		return new DefaultKeyedStateStore(backend, new SerializerFactory() {
			@Override
			public <T> TypeSerializer<T> createSerializer(TypeInformation<T> type) {
				return type.createSerializer(config.getSerializerConfig());
			}
		});
	}

	/** From here on what is changed is not in it, although it is written down only later. */
	void beginCheckpoint() throws Exception {
		begun = backend.snapshot(
				1,
				0,
				new MemCheckpointStreamFactory(64 * 1024 * 1024),
				CheckpointOptions.forCheckpointWithDefaultLocation());
	}

	/** The state as it was when the checkpoint was begun. */
	CheckpointedState restored() throws Exception {
		begun.run();
		return new CheckpointedState(List.of(begun.get().getJobManagerOwnedSnapshot()));
	}
}
