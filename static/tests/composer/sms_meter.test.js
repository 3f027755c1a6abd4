import { describe, expect, test } from "@odoo/hoot";
import { formatPhone, parsePhones } from "@servicedesk/backend/composer/sms_composer/phones";
import { measure, removeDiacritics } from "@servicedesk/backend/composer/sms_composer/sms_meter";
import { formatDuration, parseDuration } from "@servicedesk/backend/composer/call_form/duration";
import { telLink } from "@servicedesk/backend/composer/call_form/call_form";

describe.current.tags("headless");

// The whole table, the same as on the server, is `tests/sms_cases.json`, run by `tests/test_sms_meter.py`.
test("a text in the default alphabet has 160 characters, then 153 in each message", () => {
    expect(measure("a".repeat(34))).toEqual({ encoding: "gsm", units: 34, segments: 1, limit: 160, left: 126 });
    expect(measure("a".repeat(161))).toEqual({ encoding: "gsm", units: 161, segments: 2, limit: 306, left: 145 });
    expect(measure("").segments).toBe(0);
});

test("one letter with a diacritic makes it 70 and 67", () => {
    expect(measure("ř".repeat(71))).toEqual({ encoding: "ucs2", units: 71, segments: 2, limit: 134, left: 63 });
});

test("what counts twice is not cut in two", () => {
    expect(measure("a".repeat(152) + "€" + "a".repeat(151)).segments).toBe(2);
    expect(measure("a".repeat(152) + "€" + "a".repeat(152)).segments).toBe(3);
    expect(measure("a".repeat(66) + "😀" + "a".repeat(10))).toInclude("segments");
});

test("diacritics go where the alphabet lacks them", () => {
    expect(removeDiacritics("Příští týden – „hotovo“… 😀 Андрей")).toBe('Pristi tyden - "hotovo"... 😀 Андрей');
});

test("numbers in any notation, with a name", () => {
    const [jana, foreign, wrong] = parsePhones("602 123 456 (Jana Nová); +49 (30) 123-456\nnobody, 602123456");
    expect(jana).toInclude(["name", "Jana Nová"]);
    expect(formatPhone(jana)).toBe("602 123 456 (Jana Nová)");
    expect(foreign.email).toBe("+49 (30) 123-456");
    expect(wrong).toEqual({ name: "", email: "", raw: "nobody" });
    expect(formatPhone(wrong)).toBe("nobody");
});

test("durations as people write them", () => {
    expect(["5", "5 min", "4:37", "1:04:37", "", "soon"].map(parseDuration)).toEqual([300, 300, 277, 3877, 0, null]);
    expect([277, 3877, 0, 59.6].map(formatDuration)).toEqual(["4:37", "1:04:37", "0:00", "1:00"]);
});

test("a link dials what can be dialled", () => {
    expect(telLink("+420 777-123 456 (Jana)")).toBe("tel:+420777123456");
    expect(telLink("(02) 123 456")).toBe("tel:02123456");
    expect(telLink("nobody")).toBe("");
});
