import { variable } from "faultline/subject";
import { withBoth } from "./datacontract/both.ts";
import { contractChanges } from "./datacontract/contract-changes.ts";
import { type ChangeJudged, changesText, judgedChange } from "./datacontract/judged-changes.ts";
import {
	judgedStatement,
	type StatementJudged,
	statementsText,
} from "./datacontract/judged-statements.ts";
import { statements } from "./datacontract/statements.ts";

// What our gate and datacontract-cli judge of what the standard lets a contract state, each by a table that keeps it and one that
// breaks it, and of a contract against the one before it: `SCRATCH_URL=postgres://… node compare-statements.ts`, with a `python3`
// on the PATH that has the tool.

await withBoth(variable("SCRATCH_URL"), 1, async (both) => {
	const stated: StatementJudged[] = [];
	for (const one of statements) stated.push(await judgedStatement(both, one));
	console.log(`${statementsText(stated)}\n`);
	const changed: ChangeJudged[] = [];
	for (const one of contractChanges) changed.push(await judgedChange(both, one));
	console.log(changesText(changed));
});
