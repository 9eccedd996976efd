import type { ProbeConnect } from "../probe.ts";
import http from "./http.ts";

/** A refusal is an answer too: whether the server speaks is asked, and nothing is signed for it. */
const connect: ProbeConnect<"s3"> = ({ url }) => {
	const bare = new URL(url);
	bare.username = "";
	bare.password = "";
	return http({ kind: "http", url: bare.href });
};

export default connect;
