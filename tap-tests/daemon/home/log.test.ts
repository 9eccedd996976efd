import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createLog } from "../../../daemon/home/log.ts";

t.test("log lines have their time, lines that programs wait for have none", (t) => {
	let written = "";
	const log = createLog((text) => {
		written += text;
	});
	log.line("up");
	log.plain("ready http://127.0.0.1:7070");
	t.match(written, /^\d\d:\d\d:\d\d\.\d{3} up\nready http:\/\/127\.0\.0\.1:7070\n$/);
	t.end();
});

t.test("while the dashboard has the terminal, lines go into the file, and back afterwards", (t) => {
	const file = join(t.testdir(), "daemon.log");
	const written: string[] = [];
	const log = createLog((text) => written.push(text));
	log.toFile(file);
	log.plain("hidden");
	log.plain("too");
	t.same(written, []);
	t.equal(readFileSync(file, "utf8"), "hidden\ntoo\n");
	log.toTerminal();
	log.plain("seen");
	t.same(written, ["seen\n"]);
	t.end();
});

t.test("a line that can't be written ends nobody", (t) => {
	const file = join(t.testdir(), "nowhere", "daemon.log");
	const log = createLog();
	log.toFile(file);
	log.line("lost");
	t.notOk(existsSync(file));
	t.end();
});
