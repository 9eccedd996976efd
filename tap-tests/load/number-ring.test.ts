import fc from "fast-check";
import t from "tap";
import { NumberRing } from "../../load/number-ring.ts";

t.test("gives back what was pushed, in its order, also when it grows in the middle", (t) => {
	const steps = fc.array(fc.record({ pushes: fc.nat(150), shifts: fc.nat(150) }), {
		maxLength: 12,
	});
	fc.assert(
		fc.property(steps, (steps) => {
			const ring = new NumberRing();
			const expected: number[] = [];
			let next = 0;
			for (const { pushes, shifts } of steps) {
				for (let i = 0; i < pushes; i++) {
					ring.push(next);
					expected.push(next++);
				}
				for (let i = 0; i < shifts; i++) if (ring.shift() !== expected.shift()) return false;
				if (ring.size !== expected.length || ring.peek() !== expected[0]) return false;
			}
			return true;
		}),
	);
	t.pass();
	t.end();
});
