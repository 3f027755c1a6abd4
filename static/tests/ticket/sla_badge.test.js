import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { inWords, present, remaining } from "@servicedesk/backend/ticket/sla_badge/remaining";

const { DateTime } = luxon;

describe.current.tags("headless");

const asof = "2026-01-14 15:00:00";
const second = (text) => DateTime.fromSQL(text, { zone: "utc" }).toSeconds();
const at = (text) => DateTime.fromSQL(text, { zone: "utc" });

/** Two hours left at 15:00; work ends at 16:00 and begins at 8:00. */
const badge = (values) => ({
    state: "running",
    promise: "resolution",
    waiting: "",
    deadline: "2026-01-15 09:00:00",
    remaining: 7200,
    asof,
    soon: 1800,
    day: 8 * 3600,
    policy: "Standard",
    periods: [
        [second(asof), second("2026-01-14 16:00:00")],
        [second("2026-01-15 08:00:00"), second("2026-01-15 16:00:00")],
    ],
    ...values,
});

test("only working time counts down", () => {
    expect(remaining(badge(), at("2026-01-14 15:00:00"))).toBe(7200);
    expect(remaining(badge(), at("2026-01-14 15:45:00"))).toBe(4500);
    expect(remaining(badge(), at("2026-01-14 16:00:00"))).toBe(3600);
    expect(remaining(badge(), at("2026-01-15 07:59:00"))).toBe(3600);
    expect(remaining(badge(), at("2026-01-15 08:40:00"))).toBe(1200);
    expect(remaining(badge(), at("2026-01-15 09:25:00"))).toBe(-1500);
});

test("what is left in words", () => {
    allowTranslations();
    const day = 8 * 3600;
    const rows = [
        [59, "0 min"],
        [38 * 60, "38 min"],
        [7080, "1 h 58 min"],
        [7200, "2 h"],
        [day, "1 day"],
        [2 * day + 4 * 3600 + 1200, "2 days 4 h"],
        [-1500, "25 min"],
    ];
    for (const [seconds, words] of rows) {
        expect(inWords(seconds, day).toString()).toBe(words);
    }
    expect(inWords(26 * 3600).toString()).toBe("1 day 2 h");
});

test("tone, icon and words change with the time, without the server", () => {
    allowTranslations();
    const shown = (values, now) => {
        const { tone, words } = present(badge(values), at(now));
        return `${tone}: ${words}`;
    };
    expect(shown({}, "2026-01-14 15:00:00")).toBe("plain: 2 h");
    expect(shown({}, "2026-01-15 08:31:00")).toBe("warn: 29 min");
    expect(shown({ state: "soon" }, "2026-01-14 15:00:00")).toBe("warn: 2 h");
    expect(shown({}, "2026-01-15 09:25:00")).toBe("danger: overdue 25 min");
    expect(shown({}, "2026-01-15 09:00:00")).toBe("danger: overdue");
    expect(shown({ state: "paused", waiting: "customer", periods: [] }, asof)).toBe("muted: waiting for the customer");
    expect(shown({ state: "met" }, asof)).toBe("ok: met");
    expect(shown({ state: "missed" }, asof)).toBe("muted: late");
});
