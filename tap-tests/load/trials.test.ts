import t from "tap";
import { closedDues } from "../../load/dues.ts";
import { scheduleOf } from "../../load/schedule.ts";

t.test("trials are so many operations and no more, each as soon as one has ended", (t) => {
	const dues = closedDues(2, 0, 3);
	t.equal(dues.nextMs(), 0);
	dues.take();
	t.equal(dues.nextMs(), 0, "two at a time");
	dues.take();
	t.equal(dues.nextMs(), Number.POSITIVE_INFINITY, "the third waits for one of them");
	dues.ended(50);
	t.equal(dues.nextMs(), 50);
	dues.take();
	t.equal(dues.nextMs(), null, "there is no fourth");
	dues.ended(60);
	t.equal(dues.nextMs(), null);
	t.end();
});

t.test("their number is in the schedule, and has to be a whole one", async (t) => {
	t.match(await scheduleOf({ kind: "trials", count: 12 }, 1), {
		shape: "closed",
		thinkMs: 0,
		operations: 12,
	});
	t.match(await scheduleOf({ kind: "closed", thinkMs: 5 }, 1), {
		operations: Number.POSITIVE_INFINITY,
	});
	await t.rejects(scheduleOf({ kind: "trials", count: 0 }, 1), { message: /count/ });
	await t.rejects(scheduleOf({ kind: "trials", count: 1.5 }, 1), { message: /count/ });
});
