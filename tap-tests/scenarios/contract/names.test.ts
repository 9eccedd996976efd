import fc from "fast-check";
import t from "tap";
import { ownPrefixes, runNames } from "../../../scenarios/contract/names.ts";

t.test("a run's names carry the house's prefixes and the run's id", (t) => {
	t.same(runNames("20261123T190501Z-retry-storm-7f3a"), {
		database: "flt_20261123t190501z_retry_storm_7f3a",
		topicPrefix: "flt.20261123T190501Z-retry-storm-7f3a.",
		keyPrefix: "flt:20261123T190501Z-retry-storm-7f3a:",
		bucketPrefix: "flt-20261123t190501z-retry-storm-7f3a-",
	});
	t.end();
});

t.test("with a slot's suffix, no name is longer than Postgres keeps, and all are plain", (t) => {
	fc.assert(
		fc.property(fc.string({ minLength: 1, maxLength: 120, size: "max" }), (name) => {
			const { database, bucketPrefix } = runNames(`20261123T190501Z-${name}-7f3a`);
			return (
				// What S3 takes as a name, with ten signs of the run's own.
				/^[a-z0-9-]{1,53}$/.test(bucketPrefix) &&
				Buffer.byteLength(`${database}_slot_9999`) <= 63 &&
				/^[a-z_][a-z0-9_]*$/.test(database) &&
				database.startsWith(ownPrefixes.database) &&
				database.endsWith("7f3a")
			);
		}),
	);
	t.end();
});

t.test("two runs of one second with a long name differ by their end", (t) => {
	const name = "a-scenario-with-a-name-that-is-much-longer-than-postgres-would-keep";
	const [a, b] = ["7f3a", "0001"].map((end) => runNames(`20261123T190501Z-${name}-${end}`));
	t.not(a!.database, b!.database);
	t.end();
});

t.test("what one run's prefix finds is never another run's", (t) => {
	const [one, longer] = [runNames("r-1"), runNames("r-12")];
	t.notOk(`${longer.topicPrefix}orders`.startsWith(one.topicPrefix));
	t.notOk(`${longer.keyPrefix}orders`.startsWith(one.keyPrefix));
	t.notOk(`${longer.bucketPrefix}orders`.startsWith(one.bucketPrefix));
	t.end();
});
