// 3GPP TS 23.038 §6.2.1: the default alphabet, and what is written with an escape and so counts twice.
const BASIC =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "\f^{}\\[~]|€";
const COST = new Map([...[...BASIC].map((char) => [char, 1]), ...[...EXTENDED].map((char) => [char, 2])]);
// TS 23.040 §9.2.3.24.1: a part of a longer text gives seven septets, or three characters, to its header.
const LIMITS = { gsm: { single: 160, part: 153 }, ucs2: { single: 70, part: 67 } };

// What a plain text says instead of typography that the alphabet lacks; `tools/sms_text.py` has the same.
const PLAIN = new Map(
    Object.entries({
        "„": '"',
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "‚": "'",
        "‘": "'",
        "’": "'",
        "`": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "•": "-",
        "×": "x",
        ł: "l",
        Ł: "L",
        đ: "d",
        Đ: "D",
        "\t": " ",
        "\u200b": "",
        "\ufeff": "",
        "\u00ad": "",
    }),
);

/**
 * How a text travels as SMS: in which alphabet, in how many messages, and what is left in the last one.
 *
 * A character that counts twice is not cut in two at the end of a part, nor is one beyond 16 bits.
 *
 * @returns {{encoding: string, units: number, segments: number, limit: number, left: number}} `units` as the
 *  operator counts them, `limit` what fits into this number of messages, `left` until the next message
 */
export function measure(text) {
    const chars = [...(text || "")];
    const encoding = chars.every((char) => COST.has(char)) ? "gsm" : "ucs2";
    const cost = encoding === "gsm" ? (char) => COST.get(char) : (char) => char.length;
    const { single, part } = LIMITS[encoding];
    const units = chars.reduce((sum, char) => sum + cost(char), 0);
    if (units <= single) {
        return { encoding, units, segments: chars.length ? 1 : 0, limit: single, left: single - units };
    }
    let segments = 1;
    let used = 0;
    for (const char of chars) {
        if (used + cost(char) > part) {
            segments++;
            used = 0;
        }
        used += cost(char);
    }
    return { encoding, units, segments, limit: segments * part, left: part - used };
}

/** A letter without its marks, where that is in the alphabet; else the letter itself. */
function plainLetter(char) {
    const plain = char.normalize("NFKD").replace(/\p{M}/gu, "");
    return plain && [...plain].every((part) => COST.has(part)) ? plain : char;
}

/**
 * The text in the default alphabet, wherever a letter has a plain form: "Příští týden…" → "Pristi tyden...".
 * Letters that the alphabet has (é, ä, ü) stay, and so does what has no plain form.
 */
export function removeDiacritics(text) {
    const typed = [...(text || "")].map((char) => PLAIN.get(char) ?? char).join("");
    return [...typed.normalize("NFC")].map((char) => (COST.has(char) ? char : plainLetter(char))).join("");
}
