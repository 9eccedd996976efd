import t from "tap";
import { metricText } from "../../../daemon/report/units.ts";

t.test("a metric is shown with its unit", (t) => {
	const rows: [value: number | null, unit: Parameters<typeof metricText>[1], shown: string][] = [
		[0.44614, "usd", "0.4461 USD"],
		[1_234.5, "usd", "1235 USD"],
		[null, "usd", "–"],
		[39.81, "pct", "39.81 %"],
		[2_048, "bytes", "2 KiB"],
		[205, "ms", "205 ms"],
		[17.4, "s", "17.4 s"],
		[0.205, "s", "205 ms"],
		[0.7512, "ratio", "0.7512"],
	];
	for (const [value, unit, shown] of rows) t.equal(metricText(value, unit), shown);
	t.end();
});
