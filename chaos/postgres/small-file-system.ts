import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { faultMark, untilHealed } from "../process/companions.ts";
import type { Target } from "../target.ts";

/** Who may go into the file system: the user that the server runs as. */
export interface Owner {
	uid: number;
	gid: number;
}

/** The kernel refuses or allows this for all users but root alike; we try it as the one that owns nothing. */
const nobody: Owner = { uid: 65_534, gid: 65_534 };
const trialLimitMs = 5_000;

/** A user namespace of its own lets an ordinary user mount, in a mount namespace of its own that nobody else sees. */
const apart = ["--user", "--map-root-user", "--mount", "sh", "-c"];
const mount = 'mount -t tmpfs -o "size=$1,mode=0700" faultline /tmp';

/**
 * Mounts a file system of this size in memory and returns a folder in it. It exists as long as the process that holds
 * it, a companion of the fault, and on no other path: others see it through that process's `root` in /proc, which lets
 * in whoever is its user. So nothing has to be unmounted or removed, and no server has to be started in a special way.
 */
export async function mountSmall(
	{ env }: Pick<Target, "env">,
	faultId: string,
	owner: Owner,
	sizeBytes: number,
): Promise<string> {
	const hold = `${mount} && mkdir -m 0700 "/tmp/$2" && echo mounted && exec sleep infinity`;
	const child = spawn("unshare", [...apart, hold, "sh", `${sizeBytes}`, faultId], {
		cwd: "/",
		env: { ...env, [faultMark]: faultId, [untilHealed]: env.FAULTLINE_INSTANCE },
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
		...as(owner),
	});
	let said = "";
	child.stderr.on("data", (bytes) => {
		said += bytes;
	});
	const mounted = await Promise.race([
		once(child.stdout, "data").then(() => true),
		once(child, "close").then(() => false),
	]);
	child.stdout.destroy();
	child.stderr.destroy();
	child.unref();
	if (!mounted) throw new Error(`a small file system can't be mounted: ${said.trim()}`);
	return `/proc/${child.pid}/root/tmp/${faultId}`;
}

/** Null where `mountSmall` works on this machine, else what was tried and what to do. */
export function smallFileSystemUnavailable(): Promise<string | null> {
	return new Promise((resolve) => {
		const options = { cwd: "/", timeout: trialLimitMs, ...as(nobody) };
		execFile("unshare", [...apart, mount, "sh", "4k"], options, (error, _, stderr) => {
			if (error === null) return resolve(null);
			resolve(
				`an ordinary user can't mount in a namespace of its own (unshare --user --mount: ${stderr.trim() || error.message}); ` +
					"it takes util-linux and a kernel that allows it (user.max_user_namespaces, in a container its seccomp profile)",
			);
		});
	});
}

/** We can become another user only as root. */
function as(owner: Owner): Partial<Owner> {
	return process.getuid?.() === 0 ? owner : {};
}
