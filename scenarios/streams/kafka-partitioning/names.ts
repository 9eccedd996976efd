import type { RunNames } from "faultline";
import type { StrategyName } from "./strategies.ts";

// What a case calls its topic, its group and its consumers.

interface CaseName {
	strategy: StrategyName;
	ratePerSec: number;
}

/** Of its own for each case: a topic that is deleted and made again under one name is not there for a while. */
export function topicOf({ topicPrefix }: RunNames, { strategy, ratePerSec }: CaseName): string {
	return `${topicPrefix}${strategy}-${ratePerSec}`;
}

export function groupOf(names: RunNames, one: CaseName): string {
	return `${topicOf(names, one)}-consumers`;
}

export function consumerNames({ consumers }: { consumers: number }): string[] {
	return Array.from({ length: consumers }, (_, i) => `consumer-${i + 1}`);
}
