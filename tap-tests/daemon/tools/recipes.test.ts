import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import type { Cache } from "../../../daemon/tools/cache.ts";
import { goTool } from "../../../daemon/tools/recipes/go.ts";
import { mavenTool } from "../../../daemon/tools/recipes/maven.ts";
import { npmTool } from "../../../daemon/tools/recipes/npm.ts";
import { pythonTool } from "../../../daemon/tools/recipes/python.ts";
import { together } from "../../../daemon/tools/recipes/together.ts";
import type { Recipe } from "../../../daemon/tools/tool.ts";
import { programs } from "./programs.ts";

const size = { sizeMb: 1, typicalSeconds: 1 };

/** Builds by the recipe in a folder of the test's, with these programs alone; the folder. */
async function built(t: Test, recipe: Recipe, scripts: Record<string, string>): Promise<string> {
	const env = { PATH: programs(t, scripts) };
	const [draft, downloads] = [join(t.testdirName, "draft"), join(t.testdirName, "downloads")];
	for (const folder of [draft, downloads]) mkdirSync(folder, { recursive: true });
	const cache: Cache = {
		folder: t.testdirName,
		progress: () => {},
		env,
		signal: new AbortController().signal,
	};
	t.equal(recipe.lacks(env), null);
	await recipe.build(cache, draft, downloads);
	return draft;
}

t.test("a Go program is compiled from its pinned version and gets its name", async (t) => {
	for (const [module, as] of [
		["example.org/shop/cmd/server@v1.2.3", "server"],
		["example.org/tools/attack/v12@v12.1.0", "attack"],
	] as const) {
		const recipe = goTool({ module, program: "shop", ...size });
		const go = `echo "$@ $GOOS" > $GOBIN/${as}`;
		const draft = await built(t, recipe, { go });
		t.equal(readFileSync(join(draft, recipe.bin, "shop"), "utf8"), `install ${module} \n`);
	}
	const { lacks } = goTool({ module: "example.org/a@v1", program: "a", ...size });
	t.match(lacks({ PATH: "" }), { tried: /go on the PATH/, fix: /install Go/ });
});

t.test(
	"packages of npm come with the lock that stands beside the tool, and run nothing",
	async (t) => {
		const folder = join(t.testdirName, "packages");
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, "package.json"), "{}");
		writeFileSync(join(folder, "package-lock.json"), '{"lockfileVersion":3}');
		const packages = pathToFileURL(`${folder}/`);
		const recipe = npmTool({ packages, ...size });
		const draft = await built(t, recipe, { npm: 'echo "$@" > asked' });
		t.match(
			readFileSync(join(draft, "asked"), "utf8"),
			/^ci --ignore-scripts .*--prefer-offline\n$/,
		);
		t.equal(readFileSync(join(draft, "package-lock.json"), "utf8"), '{"lockfileVersion":3}');
		writeFileSync(join(folder, "package-lock.json"), '{"lockfileVersion":4}');
		t.not(npmTool({ packages, ...size }).digest, recipe.digest, "another lock is another tool");
	},
);

t.test("jars come from a project that is nothing but what is wanted", async (t) => {
	const recipe = mavenTool({
		artifacts: ["org.example:shop:1.0", "org.example:till:2.0"],
		...size,
	});
	const draft = await built(t, recipe, { java: "", mvn: 'echo "$@" > asked' });
	t.match(readFileSync(join(draft, "asked"), "utf8"), /:copy-dependencies -DoutputDirectory=\.\n$/);
	const pom = readFileSync(join(draft, "pom.xml"), "utf8");
	t.match(pom, "<groupId>org.example</groupId><artifactId>till</artifactId><version>2.0</version>");
	t.match(recipe.lacks({ PATH: "" }), { tried: /java and mvn/, fix: /apt-get/ });
});

t.test(
	"what runs jars comes beside them and sets itself up; another script is another tool",
	async (t) => {
		const script = (text: string) => {
			const folder = join(t.testdirName, "scripts");
			mkdirSync(folder, { recursive: true });
			writeFileSync(join(folder, "shop-run.sh"), text);
			return pathToFileURL(join(folder, "shop-run.sh"));
		};
		const shop = {
			artifacts: ["org.example:shop:1.0"],
			wants: ["java", "javac"],
			...size,
		} as const;
		const files = [script('#!/bin/sh\necho "$@" > set-up\n')];
		const recipe = mavenTool({ ...shop, files, setUp: ["shop-run", "--warm-up"] });
		const draft = await built(t, recipe, { java: "", javac: "", mvn: "" });
		const program = join(draft, recipe.bin, "shop-run");
		t.equal(readFileSync(join(draft, "set-up"), "utf8"), "--warm-up\n");
		t.equal(statSync(program).mode & 0o777, 0o755);
		t.match(recipe.lacks({ PATH: programs(t, { java: "", mvn: "" }) }), { tried: /^javac on/ });
		t.not(mavenTool({ ...shop, files: [script("#!/bin/bash\n")] }).digest, recipe.digest);
	},
);

t.test(
	"of a lock come its jars and no others, and one that is not as it was locked is refused",
	async (t) => {
		const lockOf = (text: string) => {
			const folder = join(t.testdirName, "locks");
			mkdirSync(folder, { recursive: true });
			writeFileSync(join(folder, "shop.jars"), text);
			return pathToFileURL(join(folder, "shop.jars"));
		};
		const sha256 = createHash("sha256").update("the jar\n").digest("hex");
		const good = `# by hand\norg.example:shop:1.0 ${sha256}\n`;
		const recipe = mavenTool({ lock: lockOf(good), ...size });
		const scripts = { java: "", mvn: 'echo "$@" > asked; echo "the jar" > shop-1.0.jar' };
		const draft = await built(t, recipe, scripts);
		t.match(readFileSync(join(draft, "asked"), "utf8"), /-DexcludeTransitive=true/);
		const others = { ...scripts, mvn: 'echo "another" > shop-1.0.jar' };
		await t.rejects(built(t, recipe, others), {
			message: new RegExp(`shop-1\\.0\\.jar is not what was locked: .* is \\w+, not ${sha256}`),
		});
		const other = mavenTool({ lock: lockOf(good.replace("1.0", "1.1")), ...size });
		t.not(other.digest, recipe.digest);
		t.throws(() => mavenTool({ lock: lockOf("org.example:shop:1.0\n"), ...size }), {
			message: /group:artifact:version and a SHA-256, but one is "org.example:shop:1.0"/,
		});
	},
);

t.test("what has no wheels is built, by build tools of the lock", async (t) => {
	const lock = new URL("../../../daemon/tools/locks/uv.txt", import.meta.url);
	const asked = async (sources: string[]) => {
		const recipe = pythonTool({ lock, pythons: [11, 13], sources, ...size });
		const draft = await built(t, recipe, { python3: "echo 3 11", uv: 'echo "$@" > asked' });
		return readFileSync(join(draft, "asked"), "utf8");
	};
	t.match(
		await asked(["shop"]),
		/--only-binary :all: --no-binary shop --build-constraints \S+uv\.txt /,
	);
	t.notMatch(await asked([]), /no-binary|constraints/);
});

t.test("a tool of two recipes has both in its folder, and tells all that is lacking", async (t) => {
	const lock = new URL("../../../daemon/tools/locks/uv.txt", import.meta.url);
	const env = pythonTool({ lock, pythons: [11, 13], ...size });
	const jars = (version: string) =>
		mavenTool({ artifacts: [`org.example:shop:${version}`], ...size });
	const recipe = together(env, jars("1.0"));
	t.match(recipe, { from: "PyPI and Maven Central", sizeMb: 2, typicalSeconds: 2, bin: "env/bin" });
	const draft = await built(t, recipe, {
		java: "",
		mvn: "touch shop-1.0.jar",
		python3: "echo 3 11",
		uv: 'mkdir -p env/bin; echo "$UV_CACHE_DIR" > env/bin/shop',
	});
	t.match(readFileSync(join(draft, recipe.bin, "shop"), "utf8"), /downloads\/0\n$/);
	t.ok(statSync(join(draft, "shop-1.0.jar")).isFile());
	t.match(recipe.lacks({ PATH: "" }), {
		tried: /python3\.11, .* on the PATH; java and mvn on the PATH/,
		fix: /Python 3\.11 to 3\.13 .*; install a JDK/,
	});
	t.match(recipe.lacks({ PATH: programs(t, { python3: "echo 3 11" }) }), {
		tried: /^java and mvn/,
	});
	t.not(together(env, jars("1.1")).digest, recipe.digest);
});

t.test("other versions are another tool, in another folder", async (t) => {
	const lock = new URL("../../../daemon/tools/locks/uv.txt", import.meta.url);
	const digests = [
		pythonTool({ lock, pythons: [11, 13], ...size }),
		pythonTool({ lock, pythons: [11, 12], ...size }),
		mavenTool({ artifacts: ["org.example:shop:1.0"], ...size }),
		mavenTool({ artifacts: ["org.example:shop:1.1"], ...size }),
		goTool({ module: "example.org/a@v1", program: "a", ...size }),
		goTool({ module: "example.org/a@v2", program: "a", ...size }),
	].map(({ digest }) => digest);
	t.equal(new Set(digests).size, digests.length);
});
