import t from "tap";
import {
	isOnDemand,
	isServiceId,
	processesOf,
	serviceIds,
	standingServices,
} from "../../base/services.ts";

t.test("each service stands from the start on, or is started on demand", async (t) => {
	t.same(standingServices, ["postgres", "redis", "kafka"]);
	for (const id of serviceIds)
		t.not(
			isOnDemand(id),
			standingServices.some((standing) => standing === id),
			id,
		);
	t.notOk(isOnDemand("toxiproxy"));
	t.notOk(isServiceId("toString"));
});

t.test("a service's own process is the first of its processes", async (t) => {
	t.same(processesOf("kafka"), ["kafka", "kafka-2", "kafka-3"]);
	for (const id of serviceIds) t.equal(processesOf(id)[0], id);
});
