import t from "tap";
import { EventLog, type RunEvent } from "../../../daemon/record/events.ts";

function log() {
	const kept: RunEvent[] = [];
	let ms = 0;
	const events = new EventLog({ keep: (event) => kept.push(event), nowMs: () => ++ms });
	const say = (message: string) => events.emit({ type: "log", message });
	return { events, kept, say };
}
const texts = (heard: RunEvent[]) =>
	heard.map((event) => (event.type === "log" ? event.message : event.type));

t.test("events are numbered from 1, timed and kept, in order", (t) => {
	const { kept, say } = log();
	say("a");
	say("b");
	t.same(kept, [
		{ id: 1, ms: 1, type: "log", message: "a" },
		{ id: 2, ms: 2, type: "log", message: "b" },
	]);
	t.end();
});

t.test("a follower hears what was, then what comes, each once and in order", (t) => {
	const { events, say } = log();
	say("a");
	say("b");
	const heard: RunEvent[] = [];
	events.follow(0, (event) => heard.push(event));
	say("c");
	t.same(texts(heard), ["a", "b", "c"]);
	const later: RunEvent[] = [];
	events.follow(2, (event) => later.push(event));
	say("d");
	t.same(texts(later), ["c", "d"], "after the event it names");
	t.same(texts(heard), ["a", "b", "c", "d"]);
	t.end();
});

t.test("who follows no more hears no more, also out of the middle of an event", (t) => {
	const { events, say } = log();
	const heard: RunEvent[] = [];
	const stop = events.follow(0, (event) => heard.push(event));
	const once: RunEvent[] = [];
	const stopOnce = events.follow(0, (event) => {
		once.push(event);
		stopOnce();
	});
	say("a");
	say("b");
	t.same(texts(once), ["a"]);
	stop();
	stop();
	say("c");
	t.same(texts(heard), ["a", "b"]);
	t.end();
});

t.test("an event is kept before anybody hears of it", (t) => {
	const { events, kept, say } = log();
	events.follow(0, (event) => t.equal(kept.at(-1), event));
	say("a");
	t.equal(kept.length, 1);
	t.end();
});
