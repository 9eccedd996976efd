import t from "tap";
import { javaArgs } from "../../../daemon/stack/java.ts";

t.test(
	"on few cores a service in Java takes none of them to compile what it will not need",
	async (t) => {
		const argsOn = (cores: number) => javaArgs("/libs", "kafka.Kafka", { cores });
		t.match(argsOn(2), ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx512m"]);
		t.same(argsOn(4), argsOn(2));
		t.same(argsOn(8), argsOn(2).slice(2), "on many it does that beside them");
		const tool = javaArgs("/libs", "kafka.Kafka", { cores: 8, isShort: true });
		t.same(tool, argsOn(2), "and a tool nowhere");
	},
);

t.test("the main class is of the jars in its folder, and comes last", async (t) => {
	t.same(javaArgs("/libs", "kafka.Kafka", { heapMb: 384 }).slice(-3), [
		"-cp",
		"/libs/*",
		"kafka.Kafka",
	]);
	t.ok(javaArgs("/libs", "kafka.Kafka", { heapMb: 384 }).includes("-Xmx384m"));
});
