// 3GPP TS 23.038 §6.2.1: the default alphabet, and what is written with an escape and so counts twice.
const BASIC =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENDED = "\f^{}\\[~]|€";
const COST = new Map([...[...BASIC].map((char) => [char, 1]), ...[...EXTENDED].map((char) => [char, 2])]);
// TS 23.040 §9.2.3.24.1: a part of a longer text gives seven septets, or three characters, to its header.
const LIMITS = { "GSM-7": { single: 160, part: 153 }, "UCS-2": { single: 70, part: 67 } };

// What has a plain twin, though Unicode does not know it as a letter with a mark.
const PLAIN = new Map(
    Object.entries({
        "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "œ": "oe", "Œ": "OE", "ħ": "h", "Ħ": "H", "þ": "th",
        "Þ": "Th", "ð": "d", "Ð": "D", "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'",
        "’": "'", "‹": "'", "›": "'", "´": "'", "`": "'", "–": "-", "—": "-", "‑": "-", "−": "-", "…": "...",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "\u00ad": "", "•": "*", "×": "x",
        "\t": " ",
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
    const chars = [...(text || "").replaceAll("\r\n", "\n")];
    const encoding = chars.every((char) => COST.has(char)) ? "GSM-7" : "UCS-2";
    const cost = encoding === "GSM-7" ? (char) => COST.get(char) : (char) => char.length;
    const { single, part } = LIMITS[encoding];
    const units = chars.reduce((sum, char) => sum + cost(char), 0);
    if (units <= single) {
        return { encoding, units, segments: 1, limit: single, left: single - units };
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

/** A Latin letter without its marks; what is not Latin stays as it is. */
function bare(char) {
    const parts = char.normalize("NFD");
    return /^\p{Script=Latin}\p{M}+$/u.test(parts) ? parts[0] : char;
}

/** The text as it costs least: "Příští týden – hotovo…" → "Pristi tyden - hotovo...". */
export function removeDiacritics(text) {
    return [...(text || "").normalize("NFC")].map((char) => PLAIN.get(char) ?? bare(char)).join("");
}
