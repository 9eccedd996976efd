import { variable } from "faultline/subject";
import { serveGit } from "../../../subjects/forge/serve-git.ts";

// Where the repositories are pushed to: git's own server, on the folder that the web side of the forge has.

const response = await fetch(`${variable("FLT_PATH_WEB")}/folder`);
serveGit(((await response.json()) as { folder: string }).folder);
