import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Sasl } from "../../base/kafka-address.ts";
import { KafkaError, kafkaErrorName } from "../../base/kafka-errors.ts";
import { AnswerReader, int32, type RequestKind, text } from "../../base/kafka-protocol.ts";

const handshakeKind = { api: 17, version: 1 };
const authenticateKind = { api: 36, version: 0 };

type Ask = (kind: RequestKind, body: Buffer) => Promise<Buffer>;

/** Proves to a broker who is speaking, on a connection that is new; throws a `KafkaError` where it does not believe it. */
export async function authenticate(broker: string, sasl: Sasl, ask: Ask): Promise<void> {
	const mechanism = sasl.mechanism.toUpperCase();
	const shaken = new AnswerReader(await ask(handshakeKind, text(mechanism)));
	const code = shaken.int16();
	const offered = shaken.list(() => shaken.text());
	if (code !== 0) {
		const instead = offered.length > 0 ? `it offers ${offered.join(", ")}` : null;
		throw new KafkaError(`${broker} takes no ${mechanism}`, kafkaErrorName(code), instead);
	}
	const say = async (words: Buffer): Promise<Buffer> => {
		const body = Buffer.concat([int32(words.length), words]);
		const said = new AnswerReader(await ask(authenticateKind, body));
		const refused = said.int16();
		const why = said.text();
		if (refused !== 0)
			throw new KafkaError(
				`${broker} refuses user "${sasl.username}" by ${mechanism}`,
				kafkaErrorName(refused),
				why === "" ? null : why,
			);
		return said.bytes();
	};
	switch (sasl.mechanism) {
		case "plain":
			await say(Buffer.from(`\0${sasl.username}\0${sasl.password}`));
			return;
		case "scram-sha-256":
		case "scram-sha-512":
			return scram(broker, sasl, sasl.mechanism === "scram-sha-256" ? "sha256" : "sha512", say);
		default:
			throw sasl.mechanism satisfies never;
	}
}

const derive = promisify(pbkdf2);
/** A server that asks for more wants to keep us busy; Kafka's own limit is the same. */
const iterationsMax = 16_384;

/** RFC 5802, without channel binding. The server proves that it knows the password as well. */
async function scram(
	broker: string,
	{ username, password }: Sasl,
	hash: "sha256" | "sha512",
	say: (words: Buffer) => Promise<Buffer>,
): Promise<void> {
	const hmac = (key: Buffer, words: string) => createHmac(hash, key).update(words).digest();
	const nonce = randomBytes(18).toString("base64");
	const name = username.replaceAll("=", "=3D").replaceAll(",", "=2C");
	const firstBare = `n=${name},r=${nonce}`;
	const serverFirst = (await say(Buffer.from(`n,,${firstBare}`))).toString();
	const fields = fieldsOf(serverFirst);
	const [joint = "", salt = "", iterations] = [
		fields.get("r"),
		fields.get("s"),
		Number(fields.get("i")),
	];
	if (!joint.startsWith(nonce) || !(iterations >= 1 && iterations <= iterationsMax))
		throw new KafkaError(
			`${broker} does not speak SCRAM as it should`,
			"SASL_AUTHENTICATION_FAILED",
		);
	const keyBytes = hash === "sha256" ? 32 : 64;
	const salted = await derive(password, Buffer.from(salt, "base64"), iterations, keyBytes, hash);
	const clientKey = hmac(salted, "Client Key");
	const storedKey = createHash(hash).update(clientKey).digest();
	const withoutProof = `c=biws,r=${joint}`;
	const all = `${firstBare},${serverFirst},${withoutProof}`;
	const signature = hmac(storedKey, all);
	const proof = clientKey.map((byte, i) => byte ^ signature[i]!);
	const final = `${withoutProof},p=${Buffer.from(proof).toString("base64")}`;
	const serverFinal = fieldsOf((await say(Buffer.from(final))).toString());
	const expected = hmac(hmac(salted, "Server Key"), all);
	const shown = Buffer.from(serverFinal.get("v") ?? "", "base64");
	if (shown.length !== expected.length || !timingSafeEqual(shown, expected))
		throw new KafkaError(
			`${broker} does not know the password of "${username}"`,
			"SASL_AUTHENTICATION_FAILED",
			"it may not be the broker it says it is",
		);
}

function fieldsOf(message: string): Map<string, string> {
	return new Map(message.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
}
