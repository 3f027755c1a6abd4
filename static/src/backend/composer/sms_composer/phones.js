/**
 * Telephone numbers as chips, in the shape of addresses: `email` holds the number (empty where the text is none),
 * `raw` what was typed. The server knows countries and has the last word; here only what cannot be a number is told.
 */
const SHORTEST = 3;
const LONGEST = 15; // ITU-T E.164

/** `602 123 456 (Jana Nová)`, `+420 602 123 456`, `(602) 123-456`. */
export function parsePhone(raw) {
    const match = raw.match(/^([^()]*(?:\(\d+\)[^()]*)*)\((?=[^()]*\p{L})([^()]*)\)\s*$/u);
    const [number, name] = match ? [match[1].trim(), match[2].trim()] : [raw.trim(), ""];
    const digits = number.replace(/\D/g, "").length;
    const plausible = digits >= SHORTEST && digits <= LONGEST && /^[+\d][\d\s().\-/]*$|^\(\d/.test(number);
    return plausible ? { name, email: number, raw } : { name: "", email: "", raw };
}

export function parsePhones(text) {
    const seen = new Set();
    return (text || "")
        .split(/[,;\n]/)
        .map((part) => part.trim())
        .filter(Boolean)
        .map(parsePhone)
        .filter(({ email, raw }) => {
            const key = email.replace(/\D/g, "") || raw;
            return !seen.has(key) && seen.add(key);
        });
}

export function formatPhone({ name, email, raw }) {
    if (!email) {
        return raw;
    }
    const safe = (name || "").replace(/[(),;\n]+/g, " ").trim();
    return safe ? `${email} (${safe})` : email;
}
