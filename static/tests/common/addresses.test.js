import { describe, expect, test } from "@odoo/hoot";
import { formatAddresses, parseAddress, parseAddresses } from "@servicedesk/backend/common/addresses";

describe.current.tags("headless");

test("understands the ways in which people write an address", () => {
    const cases = {
        "jana@acme.example": ["", "jana@acme.example"],
        "Jana Nová <jana@acme.example>": ["Jana Nová", "jana@acme.example"],
        '"Nová, Jana" <jana@acme.example>': ["Nová, Jana", "jana@acme.example"],
        "jana@acme.example (Jana Nová)": ["Jana Nová", "jana@acme.example"],
        "<jana@acme.example>": ["", "jana@acme.example"],
    };
    for (const [text, [name, email]] of Object.entries(cases)) {
        const found = parseAddress(text);
        expect([found.name, found.email]).toEqual([name, email]);
    }
});

test("keeps what is no address as it was typed", () => {
    for (const text of ["jana", "jana@", "jana@acme", "a b@acme.example", "x@y@z.example"]) {
        expect(parseAddress(text)).toEqual({ name: "", email: "", raw: text });
    }
    expect(formatAddresses(parseAddresses("jana, petr@acme.example"))).toBe("jana, petr@acme.example");
});

test("cuts lists outside of quotes and brackets only, each address once", () => {
    const list = parseAddresses('"Nová, Jana" <jana@acme.example>; petr@acme.example (Petr, IT)\nJANA@acme.example,');
    expect(list.map(({ email }) => email)).toEqual(["jana@acme.example", "petr@acme.example"]);
    expect(list.map(({ name }) => name)).toEqual(["Nová, Jana", "Petr, IT"]);
});

test("what is formatted reads back the same", () => {
    const list = [
        { name: "Nová, Jana", email: "jana@acme.example", raw: "" },
        { name: 'The "Boss"', email: "boss@acme.example", raw: "" },
        { name: "", email: "x@acme.example", raw: "" },
    ];
    const text = formatAddresses(list);
    expect(text).toBe('"Nová, Jana" <jana@acme.example>, "The \\"Boss\\"" <boss@acme.example>, x@acme.example');
    expect(parseAddresses(text).map(({ name, email }) => [name, email])).toEqual(
        list.map(({ name, email }) => [name, email]),
    );
});
