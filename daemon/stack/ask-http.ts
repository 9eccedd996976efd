import { request } from "node:http";
import { patience } from "../../base/clock.ts";

export interface HttpAnswer {
	status: number;
	body: string;
}

/** One request to a service of ours in plain HTTP, as the user that its URL names; no connection stays open. */
export function askHttp(
	url: string,
	limitMs: number,
	{ method = "GET", path = "/" } = {},
): Promise<HttpAnswer> {
	const { hostname, port, username, password } = new URL(url);
	return new Promise((resolve, reject) => {
		const asked = request(
			{
				host: hostname,
				port: port || 80,
				method,
				path,
				agent: false,
				signal: patience(limitMs),
				...(username !== "" && {
					auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
				}),
			},
			(answer) => {
				let body = "";
				answer.setEncoding("utf8");
				answer.on("data", (text: string) => {
					body += text;
				});
				answer.once("error", reject);
				answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body }));
			},
		);
		asked.once("error", reject);
		asked.end();
	});
}
