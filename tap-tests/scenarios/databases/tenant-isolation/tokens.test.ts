import t from "tap";
import { readToken, signToken } from "../../../../scenarios/databases/tenant-isolation/tokens.ts";

const claim = { tenant: 7, expiresS: 1_000 };
const token = signToken(claim, "a secret");
const [text, signature] = token.split(".") as [string, string];

t.test("a token says who signed it in, until it expires", (t) => {
	t.same(readToken(token, "a secret", 999), claim);
	t.equal(readToken(token, "a secret", 1_000), null);
	t.end();
});

t.test("a token that anybody has changed says nothing", (t) => {
	const other = signToken({ tenant: 8, expiresS: 9e9 }, "another secret");
	const changed = [
		other,
		`${other.split(".")[0]}.${signature}`,
		text,
		`${text}.`,
		`${text}.${signature}.${signature}`,
		`${text}.${signature.slice(0, -2)}`,
		"",
		"..",
	];
	for (const one of changed) t.equal(readToken(one, "a secret", 0), null, one);
	const noNumber = signToken({ ...claim, tenant: "7 or true" as unknown as number }, "a secret");
	t.equal(readToken(noNumber, "a secret", 0), null);
	t.end();
});
