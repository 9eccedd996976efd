import t from "tap";
import { expectedRows } from "../../../../scenarios/databases/window-queries/oracle/oracle.ts";
import { minutesInDay, type Order } from "../../../../scenarios/databases/window-queries/orders.ts";
import type { Values } from "../../../../scenarios/databases/window-queries/parameters.ts";
import type { Row } from "../../../../scenarios/databases/window-queries/text.ts";

// The oracle is held against small tables whose answers were found by hand.

let orderId = 0;
/** An order of `day` (0 is 1 January) at `minute` of it. */
function order(day: number, amountCents: number | null, over: Partial<Order> = {}): Order {
	orderId += 1;
	return {
		orderId,
		customerId: 1,
		region: "east",
		category: "books",
		minute: day * minutesInDay,
		amountCents,
		...over,
	};
}
const at = (minute: number, over: Partial<Order> = {}) => order(0, 100, { minute, ...over });
const day = (text: string) => (Date.parse(`${text}Z`) - Date.UTC(2025, 0, 1)) / 86_400_000;

function check(query: string, orders: Order[], values: Values, rows: Row[], why: string): void {
	t.test(`${query}: ${why}`, (t) => {
		t.same(expectedRows(query, orders, values), rows);
		t.end();
	});
}

check(
	"running-total",
	[
		order(1, 300, { orderId: 12 }),
		order(0, null, { orderId: 14 }),
		order(1, 200, { orderId: 11 }),
		order(2, null, { orderId: 13 }),
		order(1, 999, { customerId: 2 }),
	],
	{ customer: 1 },
	[
		["14", "2025-01-01 00:00:00", null, "0"],
		["11", "2025-01-02 00:00:00", "200", "200"],
		["12", "2025-01-02 00:00:00", "300", "500"],
		["13", "2025-01-03 00:00:00", null, "500"],
	],
	"orders of one minute are two steps, and one without an amount adds nothing",
);

check(
	"moving-average",
	[
		order(0, 1_000),
		order(1, 400),
		order(4, 100),
		order(4, 201),
		order(5, null),
		order(8, null),
		order(9, 7, { category: "tools" }),
		order(10, 50),
	],
	{ category: "books", from_day: "2025-01-02", to_day: "2025-01-09", days: 4 },
	[
		["2025-01-02", "2", "700.00"],
		["2025-01-05", "3", "233.67"],
		["2025-01-06", "2", "150.50"],
		["2025-01-09", "0", null],
	],
	"four days are days of the calendar, those before the first count, and those without a mean have none",
);

check(
	"sessionisation",
	[
		...[0, 30, 60, 91].map((minute) => at(minute)),
		...[0, 0, 500].map((minute) => at(minute, { customerId: 2 })),
		at(1, { customerId: 3, region: "west" }),
	],
	{ region: "east", gap_minutes: 30 },
	[
		["1", "2", "0"],
		["2", "1", "0"],
		["3", "1", "60"],
	],
	"just the gap still belongs, a minute more does not",
);

check(
	"churn",
	[
		...["2025-01-05", "2025-02-05", "2025-04-05"].map((text) => order(day(text), 1)),
		...["2025-01-31", "2025-03-01"].map((text) => order(day(text), 1, { customerId: 2 })),
		order(day("2025-01-31"), 1, { customerId: 2 }),
		order(day("2025-02-01"), 1, { customerId: 3, region: "west" }),
	],
	{ region: "east", before_month: "2025-04-01" },
	[
		["2025-01-01", "2", "1", "50.00"],
		["2025-02-01", "1", "1", "100.00"],
		["2025-03-01", "1", "1", "100.00"],
	],
	"who comes back after two months had gone; what comes after the last month is not asked",
);

check(
	"retention",
	[
		...["2025-01-05", "2025-01-09", "2025-04-05"].map((text) => order(day(text), 1)),
		...["2025-01-31", "2025-02-01"].map((text) => order(day(text), 1, { customerId: 2 })),
		...["2025-01-07", "2025-03-15"].map((text) => order(day(text), 1, { customerId: 4 })),
		order(day("2025-03-07"), 1, { customerId: 3 }),
		order(day("2025-01-07"), 1, { customerId: 5, region: "west" }),
	],
	{ region: "east", months: 2 },
	[
		["2025-01-01", "0", "3", "100.00"],
		["2025-01-01", "1", "1", "33.33"],
		["2025-01-01", "2", "1", "33.33"],
		["2025-03-01", "0", "1", "100.00"],
	],
	"a customer counts once a month, from his first one on",
);

check(
	"top-n",
	[
		order(5, 500, { orderId: 1 }),
		order(3, 500, { orderId: 3 }),
		order(3, 500, { orderId: 2 }),
		order(1, 100, { orderId: 4 }),
		order(1, null, { orderId: 5 }),
		order(1, null, { orderId: 7, category: "tools" }),
		order(9, 5, { orderId: 6, category: "games" }),
	],
	{ top: 2 },
	[
		["books", "1", "2", "2025-01-04 00:00:00", "500"],
		["books", "2", "3", "2025-01-04 00:00:00", "500"],
		["games", "1", "6", "2025-01-10 00:00:00", "5"],
	],
	"of equal amounts the earlier order, then the lower number; one without an amount has no place",
);

check(
	"gaps-and-islands",
	[3, 2, 2, 4, 9, 11, 12, 364]
		.map((day) => order(day, 1))
		.concat(order(5, 1, { category: "tools" })),
	{ category: "books", least_days: 2 },
	[
		["2025-01-03", "2025-01-05", "3"],
		["2025-01-12", "2025-01-13", "2"],
	],
	"a day without sales ends a run, short ones are left out",
);

check(
	"gaps-and-islands",
	[order(364, 1), order(363, 1)],
	{ category: "books", least_days: 1 },
	[["2025-12-30", "2025-12-31", "2"]],
	"the year's last day ends one too",
);

check(
	"period-over-period",
	[
		order(day("2025-01-31"), 200),
		order(day("2025-02-01"), 150),
		order(day("2025-02-28"), 50),
		order(day("2025-04-30"), 300),
		order(day("2025-05-01"), null),
		order(day("2025-06-01"), 10),
		order(day("2025-02-01"), 77, { category: "music" }),
		order(day("2025-02-01"), 78, { region: "west" }),
	],
	{ region: "east", months_back: 1 },
	[
		["books", "2025-01-01", "200", null, null],
		["books", "2025-02-01", "200", "200", "0.00"],
		["books", "2025-04-01", "300", null, null],
		["books", "2025-05-01", "0", "300", "-100.00"],
		["books", "2025-06-01", "10", "0", null],
		["music", "2025-02-01", "77", null, null],
	],
	"after a month without sales nothing is compared, and nothing is a share of nothing",
);

check(
	"share-of-total",
	[
		order(0, 1),
		order(1, 200),
		order(1, 100, { category: "tools" }),
		order(2, 300, { region: "west" }),
		order(2, null, { region: "south" }),
		order(3, 9),
	],
	{ from_day: "2025-01-02", to_day: "2025-01-03" },
	[
		["east", "books", "200", "66.6667", "33.3333"],
		["east", "tools", "100", "33.3333", "16.6667"],
		["south", "books", "0", null, "0.0000"],
		["west", "books", "300", "100.0000", "50.0000"],
	],
	"both ends of the time count, and a region without sales has no shares",
);

check(
	"percentile",
	[
		...[400, 100, 200, null, 300].map((cents) => order(0, cents)),
		order(0, 7, { category: "music" }),
		order(0, null, { category: "tools" }),
		order(0, 8, { region: "west" }),
	],
	{ region: "east", share: 0.75 },
	[
		["books", "4", "325.00"],
		["music", "1", "7.00"],
		["tools", "0", null],
	],
	"between two amounts it is in between, and missing amounts have no rank",
);

t.test("a query that the oracle does not know is no empty answer", (t) => {
	t.throws(() => expectedRows("other", [], {}), { message: /there is no oracle for other/ });
	t.end();
});
