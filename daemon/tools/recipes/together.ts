import { join } from "node:path";
import { digestOf } from "../digest.ts";
import type { Recipe } from "../tool.ts";

/** One tool of several recipes, built one after another in the same folder; its programs are where the first has them. */
export function together(first: Recipe, ...others: Recipe[]): Recipe {
	const recipes = [first, ...others];
	const sum = (of: (recipe: Recipe) => number) => recipes.reduce((so, one) => so + of(one), 0);
	return {
		from: recipes.map(({ from }) => from).join(" and "),
		sizeMb: sum(({ sizeMb }) => sizeMb),
		typicalSeconds: sum(({ typicalSeconds }) => typicalSeconds),
		digest: digestOf(...recipes.map(({ digest }) => digest)),
		bin: first.bin,
		lacks(env) {
			const lacking = recipes.flatMap((recipe) => recipe.lacks(env) ?? []);
			if (lacking.length === 0) return null;
			return {
				tried: lacking.map(({ tried }) => tried).join("; "),
				fix: lacking.map(({ fix }) => fix).join("; "),
			};
		},
		async build(cache, draft, downloads) {
			// Each has downloads of its own: what one keeps there means nothing to another.
			for (const [at, recipe] of recipes.entries())
				await recipe.build(cache, draft, join(downloads, String(at)));
		},
	};
}
