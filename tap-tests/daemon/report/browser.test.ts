import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { nightlyAsHtml } from "../../../daemon/nightly/html.ts";
import type { Comparison } from "../../../daemon/report/comparison.ts";
import { comparisonPage } from "../../../daemon/report/comparison-page.ts";
import { html } from "../../../daemon/report/html.ts";
import { page as pageOf } from "../../../daemon/report/page.ts";
import { curvesOfRun } from "../../../daemon/report/percentiles.ts";
import { loadSections, runPage } from "../../../daemon/report/run-page.ts";
import { withLoss } from "../nightly/night.ts";
import { chromiumPage, findChromium } from "./chromium.ts";
import { fault, fullReport } from "./full-report.ts";

const chromium = findChromium();
const skip = chromium === null && "no Chromium on this machine";
const long = "a_name_that_goes_on_and_on_".repeat(6);

/** What of a page lies outside of it, or is wider than its place: what a reader can't see. */
const cutOff = `(() => {
	const out = [];
	if (document.documentElement.scrollWidth > innerWidth) out.push("the page scrolls sideways");
	for (const element of document.body.querySelectorAll("*")) {
		const { left, right, width } = element.getBoundingClientRect();
		if (element.closest("thead") && getComputedStyle(element.closest("thead")).position === "absolute") continue;
		if (width > 0 && (left < -1 || right > innerWidth + 1)) out.push(element.outerHTML.slice(0, 80));
		if (element.matches("td, dd, h1, p") && element.scrollWidth > element.clientWidth + 1) out.push(element.outerHTML.slice(0, 80));
		// A word broken at every letter is not cut off, and yet can't be read.
		if (element.matches("td, dd") && element.textContent.length > 8 && width < 50) out.push("squeezed: " + element.outerHTML.slice(0, 80));
	}
	return out;
})()`;

async function pages(): Promise<Record<string, string>> {
	const sections = await loadSections();
	const full = fullReport();
	const wordy = fullReport({
		scenario: long,
		reasons: [{ code: "check_failed", message: long }],
		faults: Array.from({ length: 6 }, (_, i) => fault({ on: long, injectedMs: 2_500 + i * 900 })),
		environment: { fingerprint: long, cpu: long, cores: 2, memoryBytes: 1, kernel: long },
		changed: { note: long },
	});
	wordy.document.checks[0]!.actual = { [long]: long };
	wordy.document.checks[0]!.message = long;
	wordy.document.alerts[0]!.rule = long;
	wordy.document.metrics[0]!.name = long;
	const comparison: Comparison = {
		runId: long,
		scenario: long,
		verdict: "failed",
		repeats: [long],
		outcome: "cannot_tell",
		against: { kind: "run", runId: long },
		notes: [long],
		metrics: [
			{
				name: long,
				case: long,
				unit: "us",
				direction: "lower",
				portability: "machine",
				value: 22_440,
				against: 20_400,
				range: null,
				suspected: false,
				outcome: "cannot_tell",
				why: long,
				effect: { worsePct: 10, lowPct: -102.7, highPct: 117.8 },
			},
		],
	};
	return {
		full: runPage(full, sections),
		wordy: runPage(wordy, sections),
		comparison: comparisonPage(comparison, curvesOfRun(full, long)),
		nightly: nightlyAsHtml(withLoss()),
	};
}

t.test(
	"nothing leaves the machine, and nothing is cut off, on a phone or a desk",
	{ skip },
	async (t) => {
		const browser = await chromiumPage(t, chromium!);
		for (const [name, text] of Object.entries(await pages())) {
			const file = join(t.testdir(), `${name}.html`);
			writeFileSync(file, text);
			const url = pathToFileURL(file).href;
			for (const [widthPx, scheme] of [
				[390, "light"],
				[390, "dark"],
				[700, "light"],
				[720, "light"],
				[1280, "dark"],
			] as const) {
				await browser.open(url, widthPx, scheme);
				const at = `${name} at ${widthPx} px, ${scheme}`;
				t.same(await browser.evaluate(cutOff), [], at);
				t.same(
					browser.requests().filter((request) => !request.startsWith("data:")),
					[url],
					`${at} asks for nothing but itself`,
				);
			}
			t.same(browser.complaints(), [], `${name} has nothing that its own policy refuses`);
		}
	},
);

t.test("the page is drawn for its width, in the reader's colours", { skip }, async (t) => {
	const browser = await chromiumPage(t, chromium!);
	const file = join(t.testdir(), "full.html");
	writeFileSync(file, runPage(fullReport(), await loadSections()));
	const look = async (widthPx: number, scheme: "light" | "dark") => {
		await browser.open(pathToFileURL(file).href, widthPx, scheme);
		return browser.evaluate<{ background: string; stroke: string; shown: number[] }>(`({
			background: getComputedStyle(document.body).backgroundColor,
			stroke: getComputedStyle(document.querySelector('path[stroke="var(--red)"]')).stroke,
			shown: [...new Set([...document.querySelectorAll(".chart svg")].filter((svg) => svg.getBoundingClientRect().width > 0).map((svg) => svg.viewBox.baseVal.width))],
		})`);
	};
	t.same(await look(1_280, "light"), {
		background: "rgb(255, 255, 255)",
		stroke: "rgb(198, 74, 0)",
		shown: [880],
	});
	t.same(await look(390, "dark"), {
		background: "rgb(22, 24, 28)",
		stroke: "rgb(255, 138, 71)",
		shown: [344],
	});
});

t.test("what is too wide, or comes from elsewhere, is found", { skip }, async (t) => {
	const browser = await chromiumPage(t, chromium!);
	const open = async (text: string) => {
		const file = join(t.testdir(), "bad.html");
		writeFileSync(file, text);
		await browser.open(pathToFileURL(file).href, 390);
	};
	const wide = html`<table style="width: 600px"><tr><td>x</td></tr></table>`;
	await open(pageOf({ title: "wide", foot: "", body: wide }));
	t.ok((await browser.evaluate<string[]>(cutOff)).length > 1);
	await open(`<img src="http://127.0.0.1:9/pixel.png">`);
	t.ok(browser.requests().includes("http://127.0.0.1:9/pixel.png"));
	const image = html`<img src="http://127.0.0.1:9/pixel.png">`;
	await open(pageOf({ title: "image", foot: "", body: image }));
	t.match(browser.complaints().join(), /Content Security Policy/, "our own pages refuse it");
});
