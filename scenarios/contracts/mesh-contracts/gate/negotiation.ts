import type { Finding } from "../../../subjects/gate/findings.ts";
import { type Contract, physicalName } from "../../../subjects/gate/odcs.ts";
import { differencesOf, type Version, versionOf } from "../../../subjects/gate/versions.ts";

// Versions between publishers and consumers. A dataset has its major version in its name, so that the next one stands beside
// it until nobody reads the old one any more; within a version a contract says of each change that it is one. Whether a change
// breaks anybody is not said by numbers here, but by the tests of those who read.

/** What is wrong with the versions of a publisher's contracts. */
export function negotiationFindings(
	before: ReadonlyMap<string, Contract>,
	after: ReadonlyMap<string, Contract>,
): Finding[] {
	return [...after].flatMap(([file, contract]) => {
		const old = before.get(file);
		const named = nameFindings(contract);
		return named.length > 0 || old === undefined ? named : changeFindings(old, contract);
	});
}

/** Each relation of a contract has its first number in its name. */
function nameFindings(contract: Contract): Finding[] {
	const version = versionOf(contract);
	return (contract.schema ?? []).map(physicalName).flatMap((name) => {
		const finding = (why: string) => [{ place: [name], rule: "version", why }];
		if (version === null)
			return finding(
				`${contract.version} is no version such as 1.2.0, by which readers could tell`,
			);
		const [, major] = /_v(\d+)$/.exec(name) ?? [];
		return Number(major) === version[0]
			? []
			: finding(
					`its contract is of version ${contract.version}, which is a dataset of its own: a name that ends with _v${version[0]}`,
				);
	});
}

function changeFindings(before: Contract, after: Contract): Finding[] {
	const [from, to] = [versionOf(before), versionOf(after)];
	if (from === null || to === null || isAfter(to, from)) return [];
	return differencesOf(before, after).map(({ place, what }) => ({
		place,
		rule: "version",
		why: `${what}: after ${before.version} that needs a version that says so, not ${after.version}`,
	}));
}

/** Whether a version says that something is otherwise: its last number is for what readers do not notice. */
function isAfter([major, minor]: Version, [oldMajor, oldMinor]: Version): boolean {
	return major > oldMajor || (major === oldMajor && minor > oldMinor);
}
