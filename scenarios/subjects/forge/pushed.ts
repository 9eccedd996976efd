/** What became of a push. */
export type Pushed =
	| { kind: "taken" }
	/** It was refused for what it is: by the gate, or by git. */
	| { kind: "blocked"; message: string }
	/** Somebody else has moved the ref meanwhile. */
	| { kind: "moved" }
	/** Nobody said anything of it: the gate, the forge or the way there broke. */
	| { kind: "none"; message: string };

const movedTexts = [
	"[rejected]",
	"cannot lock ref",
	"failed to update ref",
	"failed to lock",
	"incorrect old value",
];

/** What became of a push, by what git says of it. */
export function pushedOf(code: number, output: string): Pushed {
	if (code === 0) return { kind: "taken" };
	const said = (mark: string) =>
		output.split("\n").flatMap((line) => {
			const at = line.indexOf(mark);
			return at === -1 ? [] : [line.slice(at + mark.length).trim()];
		});
	const blocked = said("contract-gate: blocked: ");
	if (blocked.length > 0) return { kind: "blocked", message: blocked.join("; ") };
	const [broken] = said("contract-gate: no verdict: ");
	if (broken !== undefined) return { kind: "none", message: broken };
	if (movedTexts.some((text) => output.includes(text))) return { kind: "moved" };
	const [refused] = said("[remote rejected]");
	// A hook that was killed says nothing, and a gate that refuses says why.
	if (refused?.includes("hook declined")) return { kind: "none", message: "the hook said nothing" };
	if (refused !== undefined) return { kind: "blocked", message: `git: ${refused}` };
	const last = output.trim().split("\n").at(-1) ?? "";
	return { kind: "none", message: last === "" ? `git ended with ${code}` : last };
}
