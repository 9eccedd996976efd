import { openHome } from "../../../daemon/home/home.ts";
import { loadSettings } from "../../../daemon/settings.ts";
import { openStack } from "../../../daemon/stack/stack.ts";

// A daemon for tests: opens the stack, says so in one line and stays until it is killed.
const settings = await loadSettings({ home: process.argv[2], services: process.argv[3] });
const stack = await openStack(settings, openHome(settings.home), {
	log: () => {},
	progress: () => {},
});
console.log(JSON.stringify(stack.status()));
setInterval(() => {}, 60_000);
