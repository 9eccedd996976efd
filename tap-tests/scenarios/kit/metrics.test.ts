import t from "tap";
import { medianOf } from "../../../scenarios/kit/metrics.ts";

t.test(
	"a median is the middle number, or between the two middle ones, whatever their order",
	(t) => {
		t.equal(medianOf([]), null);
		t.equal(medianOf([7]), 7);
		t.equal(medianOf([9, 1, 5]), 5);
		t.equal(medianOf([10, 2, 9, 1]), 5.5);
		t.end();
	},
);
