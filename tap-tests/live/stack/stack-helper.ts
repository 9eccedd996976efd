import type { Test } from "tap";
import type { Home } from "../../../daemon/home/home.ts";
import { loadSettings, type SettingValues } from "../../../daemon/settings.ts";
import type { ComponentId, ServiceState } from "../../../daemon/stack/service.ts";
import { openStack, type Stack } from "../../../daemon/stack/stack.ts";

/** Opens the stack on this home; closed at the end of the test, if it is still open. */
export async function opened(
	t: Test,
	home: Home,
	{ flags = {}, only }: { flags?: SettingValues; only?: readonly ComponentId[] } = {},
): Promise<{ stack: Stack; lines: string[] }> {
	const lines: string[] = [];
	const say = (line: string) => {
		lines.push(line);
		t.comment(line);
	};
	const settings = await loadSettings({ ...flags, home: home.folder });
	const options = { log: say, progress: say, ...(only ? { only } : {}) };
	const stack = await openStack(settings, home, options);
	t.teardown(() => stack.close());
	return { stack, lines };
}

type Up = Extract<ServiceState, { state: "up" }>;

/** The state of a service that must be up. */
export function up(stack: Stack, id: ComponentId): Up {
	const state = stack.status()[id];
	if (state.state !== "up") throw new Error(`${id} is ${JSON.stringify(state)}`);
	return state;
}
