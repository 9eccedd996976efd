import { quantileOfT } from "../../base/student.ts";
import type { Estimate } from "./estimate.ts";

const power = 0.8;
const pairsMax = 1_000;

/** For what a forecast is made: the last look's error, shared by four gates. */
export const forecastAlpha = 0.016 / 4;
const forecastLog = Math.log(1.1);

/**
 * How many pairs in all would detect an effect of `deltaLog` four times in five, where a pair's noise stays what it is;
 * null where it would take more than a thousand.
 */
export function pairsNeeded(
	{ sdLog, df, pairs }: Pick<Estimate, "sdLog" | "df" | "pairs">,
	deltaLog = forecastLog,
	alpha = forecastAlpha,
): number | null {
	const historyDf = df - (pairs - 1);
	for (let n = historyDf > 0 ? 1 : 3; n <= pairsMax; n++)
		if (Math.sqrt(n) * deltaLog >= sdLog * demand(historyDf + n - 1, alpha)) return n;
	return null;
}

/** The smallest effect that these pairs would have detected four times in five, as a log ratio. */
export function detectableLog(
	{ sdLog, df, pairs }: Pick<Estimate, "sdLog" | "df" | "pairs">,
	alpha = forecastAlpha,
): number {
	return (demand(df, alpha) * sdLog) / Math.sqrt(pairs);
}

function demand(df: number, alpha: number): number {
	return quantileOfT(1 - alpha, df) + quantileOfT(power, df);
}
