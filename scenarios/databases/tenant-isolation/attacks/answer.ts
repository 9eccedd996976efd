import { tenantsIn } from "../data.ts";
import type { Attack } from "./attack.ts";

/** Sends a request and gives its answer as text; `request` names it in the audit. */
export type Ask = (
	request: string,
	order: { path: string; headers: Record<string, string>; body: string | null },
) => Promise<{ status: number; text: string }>;

/** What an attack came to. */
export type AttackReceipt = {
	n: number;
	kind: Attack["kind"];
	title: string;
	/** Tenants other than the attacker whose rows the answer shows. */
	leaked: number[];
	/** The answer around the first of them. */
	sample: string | null;
	/** Whether a probe was answered otherwise about what is there. */
	told: { present: string; absent: string } | null;
	/** Whether somebody without a token of his own came in by it. */
	admitted: boolean;
	/** Requests that were answered, by their names in the audit. */
	answered: string[];
};

/** Makes one attack, as often as it takes to have an answer; each try has a name of its own. */
export async function make(
	n: number,
	me: number,
	attack: Attack,
	token: string,
	ask: Ask,
): Promise<AttackReceipt> {
	const answered: string[] = [];
	const query = async (name: string, statements: readonly string[]) => {
		const { text } = await ask(name, {
			path: "/query",
			headers: { authorization: `Bearer ${token}`, "x-request-id": name },
			body: JSON.stringify({ sql: statements }),
		});
		answered.push(name);
		return text;
	};
	const receipt = { n, kind: attack.kind, title: attack.title, answered };
	switch (attack.kind) {
		case "query":
			return {
				...receipt,
				...seen(await query(`a${n}`, attack.statements), me),
				told: null,
				admitted: false,
			};
		case "probe": {
			const present = await query(`a${n}p`, [attack.present]);
			const absent = await query(`a${n}q`, [attack.absent]);
			const [there, gone] = [without(present, attack.words[0]), without(absent, attack.words[1])];
			const told =
				there === gone ? null : { present: there.slice(0, 200), absent: gone.slice(0, 200) };
			return { ...receipt, ...seen(`${present} ${absent}`, me), told, admitted: false };
		}
		case "door": {
			const { status, text } = await ask(`a${n}`, attack);
			return {
				...receipt,
				...seen(text, me),
				told: null,
				admitted: attack.isStranger && status === 200,
			};
		}
		default:
			return attack satisfies never;
	}
}

function seen(text: string, me: number): Pick<AttackReceipt, "leaked" | "sample"> {
	const leaked = [...tenantsIn(text)].filter((tenant) => tenant !== me);
	if (leaked.length === 0) return { leaked, sample: null };
	const at = text.search(new RegExp(`zq[a-z]{8}(${leaked.join("|")})q`));
	return { leaked, sample: text.slice(Math.max(0, at - 60), at + 60) };
}

/** What the question itself named says nothing. */
function without(answer: string, word: string): string {
	const exactly = word.replaceAll(".", "\\.");
	return answer.replaceAll(new RegExp(`(?<!\\d)${exactly}(?!\\d)`, "g"), "…");
}
