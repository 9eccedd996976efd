import { rmSync } from "node:fs";
import { restoreManifest } from "./manifest.ts";

// `postpack`: the tree is again as it was before `prepack`.

restoreManifest();
rmSync("dist", { recursive: true, force: true });
