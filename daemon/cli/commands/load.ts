import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { FaultlineError, messageOf } from "../../../base/errors.ts";
import { exitCodes } from "../../../base/exit-codes.ts";
import { forTerminal } from "../../../base/terminal.ts";
import { ratePerSecMax } from "../../../load/arrival.ts";
import { arrivalOf } from "../../../load/arrival-text.ts";
import type { DriverId } from "../../../load/driver.ts";
import { refuseTooMany } from "../../../load/file-limit.ts";
import type { FoundMax } from "../../../load/find-max.ts";
import { intervalMs, type Measured, measure } from "../../../load/measure.ts";
import { measureMax } from "../../../load/measure-max.ts";
import { judgeObjective, type Objective, parseObjective } from "../../../load/objective.ts";
import { progressLines } from "../../../load/progress.ts";
import { durationMs, numberIn, someDurationMs } from "../../../load/quantities.ts";
import type { RepeatParams } from "../../../load/repeat-plan.ts";
import { resultOf, resultText } from "../../../load/result.ts";
import { scheduleOf } from "../../../load/schedule.ts";
import { type OperationFlags, type Target, targetOf } from "../../../load/target.ts";
import { threadsMax } from "../../../load/threads.ts";
import { cutOff, refuseEmpty } from "../../../load/window.ts";
import { histogramLog } from "../../record/hlog.ts";
import { LoadMeter } from "../../watch/meter.ts";
import { endOnSignals } from "../signals.ts";

interface Flags extends OperationFlags {
	rate?: string;
	arrival: string;
	closed?: boolean;
	duration: string;
	warmup: string;
	connections: string;
	inFlight?: string;
	workers: string;
	deadline: string;
	driver?: string;
	seed: string;
	objective?: string;
	findMax?: string;
	json?: boolean;
	quiet?: boolean;
	hlog?: string;
}

/** `faultline load TARGET`: the load engine on anything, in this process; no daemon, no stack. */
export default function addLoad(program: Command): void {
	program
		.command("load <target>")
		.description(
			"put load on http(s)://, postgres://, redis(s)://, unix:///socket or kafka://host:port/topic",
		)
		.option("--rate <n>", "operations per second, over all workers")
		.option(
			"--arrival <kind>",
			"constant, poisson, ramp, steps, spike, sine (with :name=value,…), replay:FILE, or JSON",
			"constant",
		)
		.option("--closed", "as fast as it goes: each connection starts when its last operation ended")
		.option("--duration <time>", "length of the measured window", "10s")
		.option("--warmup <time>", "load before the window, which is not measured", "0s")
		.option("--connections <n>", "over all workers", "16")
		.option("--in-flight <n>", "most operations in flight; default: connections, for Kafka 10000")
		.option("--workers <n>", "threads", "1")
		.option("--deadline <time>", "an operation that takes longer is unknown", "30s")
		.option("--driver <name>", "another driver for this kind of target, such as postgres or kafka")
		.option("--seed <n>", "of random arrivals and {random(a,b)} in templates", "1")
		.option("--objective <text>", "fail unless it is met: p99<20ms, errors<1%")
		.option("--find-max <objective>", "search for the highest rate that meets it; --duration a try")
		.option("--json", "the result as one JSON object on stdout")
		.option("--hlog <file>", "response times as an HdrHistogram log")
		.option("--quiet", "no progress on stderr")
		.option("--method <name>", "http: method; default GET, with a body POST")
		.option("--header <line>", 'http: "Name: value"; may be repeated', collect)
		.option(
			"--body <text>",
			"http: body, @FILE, or @- for stdin; other than UTF-8 text it is sent as it is",
		)
		.option("--query <sql>", 'postgres: a statement; default "select 1"')
		.option("--value <text>", "postgres: value of $1, $2, …; may be repeated", collect)
		.option(
			"--statements <file>",
			"postgres: a statement a line, SQL or JSON; begin … commit is one",
		)
		.option("--command <words>", "redis: a command; default PING")
		.option("--ca <file>", "https, rediss: PEM of who is trusted, instead of whom Node trusts")
		.option("--cert <file>", "https, rediss: PEM of a client certificate")
		.option("--cert-key <file>", "https, rediss: PEM of its key, where --cert does not hold it")
		.option("--message-bytes <n>", "kafka: length of a message's value; default 200")
		.option("--key <text>", "kafka: key of the messages; default none")
		.option("--consume", "kafka: an operation ends when its message was consumed")
		.action(load);
}

function collect(value: string, known: string[] = []): string[] {
	return [...known, value];
}

async function load(url: string, flags: Flags): Promise<void> {
	const request = await requestOf(url, flags);
	// Before the load, for afterwards it would be too late.
	if (flags.hlog !== undefined) writeHlog(flags.hlog, "");
	const say = (line: string) => {
		if (!flags.quiet) process.stderr.write(forTerminal(`${line}\n`));
	};
	const ending = endOnSignals(
		(name) => say(`${name}: no new operations, waiting for those in flight`),
		() => process.exit(ending.exitCode ?? 1),
	);
	try {
		const { measured, found } = await measureAsAsked(request, say, ending.signal);
		const { user, system } = process.cpuUsage();
		const objective = request.findMax ?? request.objective;
		const result = resultOf({
			target: request.target.shown,
			driver: request.load.driver,
			measured,
			objective: objective === null ? null : judgeObjective(objective, measured.summary),
			max: found,
			notes: request.notes,
			cpuS: (user + system) / 1e6,
		});
		process.stdout.write(
			forTerminal(flags.json ? `${JSON.stringify(result)}\n` : resultText(result)),
		);
		process.exitCode = ending.exitCode ?? exitCodes[result.verdict];
		if (flags.hlog !== undefined) writeHlog(flags.hlog, hlogOf(request, measured));
	} finally {
		ending.release();
	}
}

function writeHlog(file: string, text: string): void {
	try {
		writeFileSync(file, text);
	} catch (error) {
		throw new FaultlineError(
			"FLT_USAGE",
			`--hlog ${file}: ${messageOf(error)}`,
			"name a file that can be written",
		);
	}
}

/** Where a search begins, unless --rate says it. */
const firstPerSec = 100;

interface Request {
	target: Target;
	load: RepeatParams;
	warmupMs: number;
	durationMs: number;
	objective: Objective | null;
	findMax: Objective | null;
	notes: string[];
}

async function requestOf(url: string, flags: Flags): Promise<Request> {
	const { method, header, body, query, value, statements } = flags;
	const { command, messageBytes, key, consume, ca, cert, certKey } = flags;
	const target = targetOf(url, {
		method,
		header,
		body,
		query,
		value,
		statements,
		command,
		messageBytes,
		key,
		consume,
		ca,
		cert,
		certKey,
	});
	const whole = { min: 1, max: 100_000, whole: true };
	const connections = numberIn(flags.connections, "--connections", whole);
	const workers = numberIn(flags.workers, "--workers", { ...whole, max: threadsMax });
	refuseTooMany(connections, workers);
	const inFlightMax =
		flags.inFlight === undefined
			? target.inFlight(connections)
			: numberIn(flags.inFlight, "--in-flight", { ...whole, max: 10_000_000 });
	const fewest =
		connections < workers ? `--connections ${connections}` : `--in-flight ${inFlightMax}`;
	if (Math.min(connections, inFlightMax) < workers)
		throw new FaultlineError(
			"FLT_USAGE",
			`--workers ${workers} with ${fewest}: each of them needs one`,
			"give as many of the one as of the other, or fewer workers",
		);
	const warmupMs = durationMs(flags.warmup, "--warmup");
	const lengthMs = someDurationMs(flags.duration, "--duration");
	const findMax = flags.findMax === undefined ? null : parseObjective(flags.findMax);
	if (findMax !== null && flags.objective !== undefined)
		throw new FaultlineError(
			"FLT_USAGE",
			"--objective beside --find-max, which has its own",
			"leave out one of them",
		);
	if (
		flags.closed &&
		(flags.rate !== undefined || flags.arrival !== "constant" || findMax !== null)
	)
		throw new FaultlineError(
			"FLT_USAGE",
			"--closed has no rate: the target sets it",
			"leave out --rate, --arrival and --find-max, or --closed",
		);
	const given =
		flags.rate === undefined
			? null
			: numberIn(flags.rate, "--rate", { min: 0.001, max: ratePerSecMax });
	const hasOwnRate = flags.arrival.startsWith("replay:") || flags.arrival.startsWith("{");
	if (given !== null && hasOwnRate)
		throw new FaultlineError(
			"FLT_USAGE",
			`--rate beside --arrival ${flags.arrival}, which has its own`,
			'leave out one of them; a replay is faster by {"kind":"replay","file":"…","speed":2}',
		);
	const ratePerSec = given ?? (findMax === null ? null : firstPerSec);
	const arrival = await arrivalOf(flags.closed ? "closed" : flags.arrival, {
		ratePerSec,
		durationMs: warmupMs + lengthMs,
	});
	if (findMax !== null && arrival.kind !== "constant" && arrival.kind !== "poisson")
		throw new FaultlineError(
			"FLT_USAGE",
			`--find-max with arrival "${arrival.kind}"`,
			"it searches for one rate: constant or poisson",
		);
	const seed = numberIn(flags.seed, "--seed", { min: 0, max: 2 ** 32 - 1, whole: true });
	const schedule = await scheduleOf(arrival, seed);
	const window = { fromMs: warmupMs, toMs: warmupMs + lengthMs };
	refuseEmpty(arrival, schedule, window);
	const load: RepeatParams = {
		arrival,
		driver: (flags.driver ?? target.driver) as DriverId,
		connections,
		inFlightMax,
		deadlineMs: someDurationMs(flags.deadline, "--deadline"),
		workers,
		repeat: target.repeat,
		seed,
	};
	const objective = flags.objective === undefined ? null : parseObjective(flags.objective);
	const notes = cutOff(arrival, schedule, window);
	return { target, load, warmupMs, durationMs: lengthMs, objective, findMax, notes };
}

/** Once, or again and again at the rates of a search. */
async function measureAsAsked(
	request: Request,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<{ measured: Measured; found: FoundMax | null }> {
	const { load, findMax } = request;
	const { arrival } = load;
	if (findMax === null)
		return { measured: await measureOnce(request, load, say, signal), found: null };
	return measureMax({
		objective: findMax,
		say,
		signal,
		firstPerSec: "ratePerSec" in arrival ? arrival.ratePerSec : firstPerSec,
		measureAt(ratePerSec) {
			const at = { ...load, arrival: { ...arrival, ratePerSec } as typeof arrival };
			return measureOnce(request, at, () => {}, signal);
		},
	});
}

function measureOnce(
	{ target, warmupMs, durationMs }: Request,
	load: RepeatParams,
	say: (line: string) => void,
	signal: AbortSignal,
): Promise<Measured> {
	const lineOf = progressLines(load.workers);
	return measure({
		endpoint: target.endpoint,
		load,
		warmupMs,
		durationMs,
		signal,
		onInterval(interval) {
			const line = lineOf(interval);
			if (line !== null) say(line);
		},
	});
}

function hlogOf({ target, load }: Request, { intervals, startedAt }: Measured): string {
	const { workers } = load;
	const meter = new LoadMeter({ load: "target", case: null, workers, intervalMs, zeroMs: 0 });
	const metered = intervals.flatMap((interval) => meter.see(interval));
	for (let worker = 0; worker < workers; worker++) metered.push(...meter.workerEnded(worker));
	return histogramLog({ runId: target.shown, startedAt: startedAt.toISOString() }, metered);
}
