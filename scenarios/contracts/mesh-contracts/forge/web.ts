import { numberVariable, serve } from "faultline/subject";
import { repositoryNames } from "../mesh/mesh.ts";
import { makeRepositories } from "./repositories.ts";
import { webRoutes } from "./web-routes.ts";

// Where the repositories of the mesh are kept, and read over HTTP; pushed to they are by `forge/serve.ts`, which has the same
// folder. SEED is whose mesh it is.

const folder = process.cwd();
await makeRepositories(folder, numberVariable("SEED", 1));
await serve(webRoutes(folder, repositoryNames));
