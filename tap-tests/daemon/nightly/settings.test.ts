import t from "tap";
import { type NightlyFlags, resolveNightly } from "../../../daemon/nightly/settings.ts";

function resolve(
	config: unknown,
	{ flags = {} as NightlyFlags, env = {} as Record<string, string> } = {},
) {
	const problems: string[] = [];
	const settings = resolveNightly({ flags, env, config, folder: "/work" }, problems);
	return { settings, problems };
}

t.test("a flag wins over the environment, that over the file", (t) => {
	const config = { seed: 3, size: "large", budget: "2h", scenarios: ["a"] };
	const env = { FAULTLINE_NIGHTLY_SEED: "2", FAULTLINE_NIGHTLY_SIZE: "small" };
	const { settings, problems } = resolve(config, { flags: { seed: "1" }, env });
	t.same(problems, []);
	t.match(settings, { seed: 1, size: "small", budgetMs: 7_200_000, scenarios: ["a"] });
	t.end();
});

t.test("a scenario is a name, or a file counted from the folder of the settings", (t) => {
	const { settings } = resolve(
		{},
		{ flags: { only: "echo, ./mine.scenario.ts,/there/b.scenario.ts" } },
	);
	t.same(settings.scenarios, ["echo", "/work/mine.scenario.ts", "/there/b.scenario.ts"]);
	t.end();
});

t.test("a duet names its scenario and two variants, and takes turns of 5 s", (t) => {
	const { settings, problems } = resolve({
		duets: [
			{ scenario: "echo", a: { retries: 1 }, b: { retries: 2 } },
			{ scenario: "echo", b: { fast: true }, whole: true },
			{ scenario: "echo", turn: "200ms", turns: 2, warmup: "1s" },
		],
	});
	t.same(problems, []);
	t.same(settings.duets, [
		{
			scenario: "echo",
			a: { retries: 1 },
			b: { retries: 2 },
			shape: { kind: "turns", warmMs: 2_000, turnMs: 5_000, turns: 6 },
		},
		{ scenario: "echo", a: {}, b: { fast: true }, shape: { kind: "whole" } },
		{
			scenario: "echo",
			a: {},
			b: {},
			shape: { kind: "turns", warmMs: 1_000, turnMs: 200, turns: 2 },
		},
	]);
	t.end();
});

t.test(
	"all mistakes are told at once, each with its source; a webhook's text is never told",
	(t) => {
		const config = {
			at: "soon",
			timeZone: "Mars/Olympus",
			scenarios: "a,,b",
			budget: 5,
			size: "huge",
			webhook: "hooks.example/s3cret",
			hour: 3,
			duets: [{ scenario: "", a: { x: [] }, turn: "long" }, "echo"],
		};
		const { problems } = resolve(config, { flags: { seed: "-1" } });
		const wanted = [
			/^nightly\.at .* is "soon"; allowed: a cron line/,
			/^nightly\.timeZone .* IANA/,
			/^nightly\.scenarios /,
			/^nightly\.budget .* is "5"/,
			/^nightly\.size .*small, default, large/,
			/^--seed is "-1"/,
			/^nightly\.webhook .* is "\*\*\*"/,
			/^nightly has no "hour"/,
			/^nightly\.duets\[0\] names no scenario/,
			/^nightly\.duets\[0\]\.a\.x is neither/,
			/^nightly\.duets\[0\]\.turn is "long"/,
			/^nightly\.duets\[1\] .*no object/,
		];
		for (const one of wanted)
			t.ok(
				problems.some((problem) => one.test(problem)),
				`${one}`,
			);
		t.notMatch(problems.join("\n"), /s3cret/);
		t.match(resolve([]).problems, ["nightly in faultline.config.ts is no object"]);
		t.end();
	},
);
