// When crons are due next, by the package that Backstage's scheduler uses.
//   judge.mjs cases ZONE        lines of {expression, after, next}, times in seconds since 1970
//   judge.mjs compare ZONE      reads lines of {expression, after, next, found}; prints what is wrong, then how many were right
import { createInterface } from "node:readline";
import { CronTime } from "cron";
import { DateTime } from "luxon";

const [, , mode, zone] = process.argv;
const EXPRESSIONS = [
	"* * * * *", "*/10 * * * *", "0 * * * *", "30 * * * *", "15,45 * * * *", "0 */2 * * *", "30 1 * * *", "30 2 * * *",
	"0 3 * * *", "0 0 * * *", "59 23 * * *", "0 0 * * 0", "30 2 * * 0", "15 2 29 3 *", "0 0 1 * *", "0 12 29 2 *", "*/20 1-3 * * *",
	"0 0 1 1 *", "30 0 * * MON-FRI", "0 0 13 * 5", "0 4 1,15 * 3", "10 30 2 * * *", "*/15 * 2 * * *", "@hourly", "@daily",
	"5/15 2 * * *", "0 22 28-31 * *", "45 2 * 10,3 *",
];

// The same numbers on every machine.
let seed = 1;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;

const offset = (instant) => DateTime.fromSeconds(instant, { zone }).offset;

// The first instants of the clock's changes in two years.
function changesOfClock() {
	const changes = [], day = 86400;
	for (let low = Date.UTC(2025, 6, 1) / 1000, end = low + 730 * day; low < end; low += day) {
		if (offset(low) === offset(low + day)) continue;
		let from = low, to = low + day;
		while (to - from > 1) {
			const middle = Math.floor((from + to) / 2);
			if (offset(middle) === offset(low)) from = middle; else to = middle;
		}
		changes.push(to);
	}
	return changes;
}

// A time that comes twice was due the first time, unless every hour is meant; the package, asked in the second hour,
// gives it again.
function asked(time, after) {
	return Object.keys(time.hour).length === 24 || offset(after) >= offset(after - 3600);
}

function startingPoints() {
	const start = Date.UTC(2025, 6, 1) / 1000;
	const near = changesOfClock().flatMap((change) => [-90000, -7200, -3601, -1800, -1, 0, 600, 1799, 3600, 7200].map((d) => change + d));
	return [...near, ...Array.from({ length: 8 }, () => start + random(86400 * 800))];
}

function cases() {
	const points = startingPoints();
	for (const expression of EXPRESSIONS) {
		const time = new CronTime(expression, zone);
		for (const after of points.filter((point) => asked(time, point))) {
			const next = time.getNextDateFrom(DateTime.fromSeconds(after, { zone }), zone).toSeconds();
			console.log(JSON.stringify({ expression, after, next }));
		}
	}
}

function matches(time, instant) {
	const at = DateTime.fromSeconds(instant, { zone });
	const day = at.day in time.dayOfMonth, weekday = at.weekday % 7 in time.dayOfWeek;
	const both = Object.keys(time.dayOfMonth).length < 31 && Object.keys(time.dayOfWeek).length < 7;
	return at.month in time.month && (both ? day || weekday : day && weekday)
		&& at.hour in time.hour && at.minute in time.minute && at.second in time.second;
}

// The package leaves out the hour that comes twice, the second time, also where every hour is meant: a gap of two
// hours. There ours is right when it is the first instant that shows a time meant.
function rightInTheSecondHour({ expression, after, next, found }) {
	const time = new CronTime(expression, zone);
	if (Object.keys(time.hour).length < 24 || found >= next || offset(found) >= offset(after - 7200)) return false;
	for (let instant = after + 1; instant < found; instant++) if (matches(time, instant)) return false;
	return matches(time, found);
}

// Where half an hour is left out, the package finds a time in it or not by the minute it was asked at.
function rightAtTheChange({ expression, next, found }) {
	const time = new CronTime(expression, zone), left = (offset(found) - offset(found - 1)) * 60;
	if (found >= next || left !== 1800) return false;
	const before = offset(found - 1);
	const at = (instant) => DateTime.fromSeconds(instant, { zone: `UTC${before < 0 ? "-" : "+"}${Math.floor(before / 60)}:${before % 60}` });
	for (let instant = found; instant < found + left; instant += 60)
		if (at(instant).hour in time.hour && at(instant).minute in time.minute) return true;
	return false;
}

async function compare() {
	let right = 0;
	for await (const line of createInterface({ input: process.stdin })) {
		const one = JSON.parse(line);
		if (one.found === one.next || rightInTheSecondHour(one) || rightAtTheChange(one)) right++;
		else console.log(`${zone} ${line} ${new Date(one.found * 1000).toISOString()} expected ${new Date(one.next * 1000).toISOString()}`);
	}
	console.log(`right: ${right}`);
}

await (mode === "cases" ? cases() : compare());
